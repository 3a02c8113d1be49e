"""Recorded resources as a drill reads them: plain inputs, regions, and who refers to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from preview.topology import Topology, plain

_PROVIDER = "pulumi:providers:aws"


@dataclass(frozen=True)
class Item:
    """A resource of a stack."""

    stack: "Recorded"
    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    references: Mapping[str, tuple[str, ...]]
    provider: str

    @property
    def region(self) -> str | None:
        """The region that it is in."""
        return self.inputs.get("region") or self.stack.region

    def get(self, path: str, default: Any = None) -> Any:
        """Return an input below others, by a path with dots; the first of a list where a list is on the way."""
        value: Any = self.inputs
        for key in path.split("."):
            if isinstance(value, list):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, Mapping) else None
        return default if value is None else value

    def refers(self, key: str, *types: str) -> list["Item"]:
        """Return the resources of ``types`` that an input refers to."""
        found = [self.stack.by_urn[urn] for urn in self.references.get(key, ()) if urn in self.stack.by_urn]
        return [item for item in found if item.type in types]


class Recorded:
    """What a stack declares."""

    def __init__(self, topology: Topology) -> None:
        self.name = topology.stack
        self.by_urn = {
            urn: Item(
                self,
                urn,
                resource.type,
                resource.name,
                plain(resource.inputs),
                dict(resource.property_dependencies),
                resource.provider,
            )
            for urn, resource in topology.resources.items()
        }

    @cached_property
    def region(self) -> str | None:
        """The region of its one provider."""
        found = {item.inputs.get("region") for item in self.by_urn.values() if item.type == _PROVIDER}
        return found.pop() if len(found) == 1 else None

    def of(self, *types: str) -> list[Item]:
        """Return its resources of ``types``."""
        return [item for item in self.by_urn.values() if item.type in types]

    def named(self, type_: str, name: str) -> Item | None:
        """Return the resource of a type with a Pulumi name."""
        return next((item for item in self.of(type_) if item.name == name), None)


def referrers(items: list[Item], key: str, target: Item) -> Iterator[Item]:
    """Yield those of ``items`` whose input refers to another."""
    for item in items:
        if target.urn in item.references.get(key, ()):
            yield item
