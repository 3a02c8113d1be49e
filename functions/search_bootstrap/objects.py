"""Kinds of what a domain holds: where each is, how to tell whether it is there already, and how to put it there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from .domain import DomainError, SearchDomain

Outcome = Literal["created", "updated", "unchanged"]
_SECURITY = "/_plugins/_security/api"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that should be in the domain."""

    kind: str
    name: str
    body: dict[str, Any]

    @property
    def label(self) -> str:
        """What it is called in logs and answers."""
        return f"{self.kind} {self.name}"

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> "Wanted":
        """Read an item of an event.

        :raises ValueError: where it is none.
        """
        kind, name, body = (item.get(key) for key in ("kind", "name", "body"))
        if isinstance(kind, str) and kind in _KINDS and isinstance(name, str) and name and isinstance(body, dict):
            return cls(kind, name, body)
        raise ValueError(f"not something to want: {json.dumps(dict(item))[:200]}")


@dataclass(frozen=True, slots=True)
class _Kind:
    path: Callable[[str], str]
    """Where one of a name is."""
    inside: Callable[[Any, str], Any]
    """What of an answer is comparable with what is wanted."""
    method: Literal["PUT", "POST"] = "PUT"
    write_path: Callable[[str, Any], str] | None = None
    """Where one is written, given what was read, if not where it is read."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Callable[[dict[str, Any]], dict[str, Any]] = dict


def _saved(body: dict[str, Any]) -> dict[str, Any]:
    """Return a saved object as Dashboards keeps it: what is inside its attributes is text."""
    attributes = {key: _as_text(value) for key, value in body["attributes"].items()}
    if "kibanaSavedObjectMeta" in body["attributes"]:
        meta = body["attributes"]["kibanaSavedObjectMeta"]
        attributes["kibanaSavedObjectMeta"] = {key: _as_text(value) for key, value in meta.items()}
    return {"attributes": attributes, "references": body.get("references", [])}


def _as_text(value: Any) -> Any:
    return json.dumps(value, separators=(",", ":"), sort_keys=True) if isinstance(value, dict | list) else value


def _at(folder: str) -> Callable[[str], str]:
    return lambda name: f"{folder}/{quote(name, safe='/')}"


def _versioned(name: str, found: Any) -> str:
    """Return where a lifecycle is written: one that is there already by the version that was read."""
    path = f"/_plugins/_ism/policies/{quote(name, safe='')}"
    return path if found is None else f"{path}?if_seq_no={found['_seq_no']}&if_primary_term={found['_primary_term']}"


_DASHBOARDS = "/_dashboards/api/saved_objects"
_KINDS: Mapping[str, _Kind] = {
    "audit_config": _Kind(
        path=lambda _: f"{_SECURITY}/audit",
        inside=lambda found, _: found["config"],
        write_path=lambda name, _: f"{_SECURITY}/audit/{quote(name, safe='')}",
    ),
    "role": _Kind(_at(f"{_SECURITY}/roles"), lambda found, name: found[name]),
    "role_mapping": _Kind(_at(f"{_SECURITY}/rolesmapping"), lambda found, name: found[name]),
    "component_template": _Kind(
        _at("/_component_template"), lambda found, _: found["component_templates"][0]["component_template"]
    ),
    "index_template": _Kind(_at("/_index_template"), lambda found, _: found["index_templates"][0]["index_template"]),
    "lifecycle": _Kind(
        _at("/_plugins/_ism/policies"), lambda found, _: {"policy": found["policy"]}, write_path=_versioned
    ),
    "saved_object": _Kind(
        _at(_DASHBOARDS),
        lambda found, _: found,
        method="POST",
        write_path=lambda name, _: f"{_at(_DASHBOARDS)(name)}?overwrite=true",
        headers={"osd-xsrf": "true", "securitytenant": "global"},
        body=_saved,
    ),
}


def applied(wanted: Wanted, domain: SearchDomain) -> Outcome:
    """Put something into the domain unless it is there already.

    :raises DomainError: where that fails, or where an answer is not what it should be.
    """
    kind = _KINDS[wanted.kind]
    body = kind.body(wanted.body)
    found = domain.read(kind.path(wanted.name), kind.headers)
    if found is not None and contains(_inside(kind, wanted, found), body):
        return "unchanged"
    path = kind.write_path(wanted.name, found) if kind.write_path else kind.path(wanted.name)
    answer = domain.write(kind.method, path, kind.headers, body)
    if answer.get("acknowledged") is False:
        raise DomainError(f"{wanted.label}: not acknowledged")
    return "created" if found is None else "updated"


def _inside(kind: _Kind, wanted: Wanted, found: Any) -> Any:
    try:
        return kind.inside(found, wanted.name)
    except (KeyError, IndexError, TypeError):
        raise DomainError(f"{wanted.label}: what is there can't be read") from None


def contains(found: Any, wanted: Any) -> bool:
    """Return whether all that is wanted has been found: a domain adds defaults of its own to what it is given."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and contains(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(contains(there, here) for there, here in zip(found, wanted, strict=True))
        )
    return found == wanted
