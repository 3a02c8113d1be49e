"""Changes of several properties or resources at once, each of which breaks one thing and nothing else.

What guardrails read apart is often declared together: a caller and a called group, a proxy and its target. A change of
one alone would be refused for the other's sake, and prove nothing of the guardrail that looks at both.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Any

from preview.topology import Resource, Topology
from tests.mutation.breakages import ALL_BREAKAGES
from tests.mutation.mutant import Change, Mutant, inputs_of, put, with_inputs
from tests.mutation.part import Part
from tests.support.editing import UNKNOWN

_OUT_OF_ORDER = (
    ("async-email-processor-function", "async-email-processor-does-its-work"),
    ("database-primary", "database-primary-postgresql-log"),
)
"""Resources that no longer wait for others, which no property of theirs refers to."""


def composites(topology: Topology) -> Iterator[Mutant]:
    """Yield a mutant for each composite, and one for each resource that no longer waits for another."""
    urns = {resource.name: urn for urn, resource in topology.resources.items()}
    for name, parts in ALL_BREAKAGES:
        if not _named_in(parts) <= urns.keys():
            continue  # of another stack
        subject = urns[parts[0].like or parts[0].name]
        yield Mutant(f"together: {name}", "together", subject, (), False, _putting(parts))
    for name, first in _OUT_OF_ORDER:
        if not {name, first} <= urns.keys():
            continue
        change = _hurrying(urns[name], urns[first])
        yield Mutant(f"{name}: not after {first}", "order of making", urns[name], (), False, change)


def _named_in(parts: tuple[Part, ...]) -> set[str]:
    """Return the resources of the stack that the parts of a composite name."""
    further = {part.name for part in parts if part.like}
    named = [part.like or part.name for part in parts]
    named += [name for part in parts for names in part.refers.values() for name in names]
    named += [name for part in parts for name in part.same.values()]
    return {*named} - further


def _putting(parts: tuple[Part, ...]) -> Change:
    def change(topology: Topology) -> Topology:
        for part in parts:
            topology = put(topology, _made(topology, part))
        return topology

    return change


def _made(topology: Topology, part: Part) -> Resource:
    named = {resource.name: resource for resource in topology.resources.values()}
    old = _further(named[part.like], part.name) if part.like else named[part.name]
    inputs = inputs_of(old)
    changes: dict[str, Any] = {
        **{key: _ids(inputs.get(key), len(names)) for key, names in part.refers.items()},
        **{key: inputs_of(named[other])[key] for key, other in part.same.items()},
        **{key: [*inputs[key], item] for key, item in part.appended.items()},
        **{key: _rewritten(inputs[key], *change) for key, change in part.written.items()},
        **part.values,
    }
    references = {
        **{key: urns for key, urns in old.property_dependencies.items() if key not in part.values},
        **{key: tuple(sorted(named[name].urn for name in names)) for key, names in part.refers.items()},
    }
    return with_inputs(old, {**inputs, **changes}, references)


def _rewritten(text: str, place: tuple[str | int, ...], value: Any) -> str:
    document: Any = json.loads(text)
    *parents, key = place
    holder = reduce(_inside, parents, document)
    if key == "-":
        holder.append(value)
    else:
        holder[int(key) if isinstance(holder, list) else key] = value
    return json.dumps(document)


def _inside(found: Any, key: str | int) -> Any:
    return found[int(key) if isinstance(found, list) else key]


def _further(resource: Resource, name: str) -> Resource:
    return replace(resource, urn="::".join((*resource.urn.split("::")[:-1], name)), name=name)


def _ids(now: Any, count: int) -> Any:
    """Return that many ids which are not known yet, in a list where there is one now."""
    return [UNKNOWN] * count if isinstance(now, list) else UNKNOWN


def _hurrying(urn: str, first: str) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        left = tuple(target for target in resource.dependencies if target != first)
        return put(topology, replace(resource, dependencies=left))

    return change
