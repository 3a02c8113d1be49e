"""Mutants: the recorded stack with one change, generated from the clause table and the SDK's types."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from guardrails.network_layer.group_rules import SECURITY_GROUP
from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.mutation.additions import additions
from tests.mutation.composites import composites
from tests.mutation.mutant import Change, Mutant, another, inputs_of, put, with_inputs, without
from tests.mutation.places import ABSENT, Place, places, replaced
from tests.mutation.sdk import kind_of
from tests.mutation.spelling import IN_ORDER, other_names, other_spellings, renaming
from tests.mutation.values import Value, breaking, keeping, keeps
from tests.mutation.wide_open import wide_open
from tests.support.editing import UNKNOWN
from tests.support.provider_defaults import default_of
from tools.clauses import Bound, Clause

_LITERAL = "arn:aws:example:us-east-1:999999999999:not-of-this-stack"
_MOST = 6
_ZONE = re.compile(r"-([a-f])(?=-|$)")


def mutants(topology: Topology, clauses: Sequence[Clause]) -> list[Mutant]:
    """Return all mutants of a stack, in an order that stays the same."""
    bounds = [mutant for fixed in _fixed(topology, clauses) for mutant in _properties(topology, fixed)]
    found = [
        *bounds,
        *_under_other_names(topology, bounds),
        *_removals(topology),
        *_options(topology),
        *wide_open(topology),
        *additions(topology),
        *composites(topology),
        *_forbidden(topology, clauses),
        *other_spellings(topology),
    ]
    return _merged(found)


def _under_other_names(topology: Topology, found: Sequence[Mutant]) -> Iterator[Mutant]:
    """Yield what breaks a resource once more, with its type under another name; its names take turns."""
    for turn, mutant in enumerate(found):
        names = [] if mutant.harmless else other_names(topology.resources[mutant.subject].type)
        if names:
            name = names[turn % len(names)]
            yield mutant._replace(
                id=f"{mutant.id}, as {name}",
                family="bound, other name of a type",
                change=_both(mutant.change, renaming(mutant.subject, name)),
            )


def _both(first: Change, second: Change) -> Change:
    return lambda topology: second(first(topology))


def _merged(found: Sequence[Mutant]) -> list[Mutant]:
    """Return each mutant once: several clauses may fix the same property."""
    merged: dict[str, Mutant] = {}
    for mutant in found:
        known = merged.get(mutant.id)
        if known and known.subject != mutant.subject:  # two resources of different types may share a name
            type_ = mutant.subject.split("::")[2].rpartition(":")[2]
            mutant = mutant._replace(id=f"{mutant.id} ({type_})")  # noqa: PLW2901 the same mutant by a longer name
            known = merged.get(mutant.id)
        if known is None:
            merged[mutant.id] = mutant
        else:
            together = tuple(dict.fromkeys((*known.clauses, *mutant.clauses)))
            # what one clause allows another may forbid
            merged[mutant.id] = known._replace(clauses=together, harmless=known.harmless and mutant.harmless)
    return list(merged.values())


class _Fixed(NamedTuple):
    """One place in one resource, and all that the table says of it."""

    resource: Resource
    path: str
    place: Place
    bounds: list[tuple[Clause, Bound]]


def _fixed(topology: Topology, clauses: Sequence[Clause]) -> list[_Fixed]:
    found: dict[tuple[str, str], _Fixed] = {}
    for clause in clauses:
        for target, bounds in clause.fixes.items():
            for resource in _targets(topology, target.type, target.glob):
                inputs = inputs_of(resource)
                for path, bound in bounds.items():
                    for place in places(inputs, path):
                        if bound.kind != "absent" and place.value is ABSENT and is_inside_nothing(inputs, place):
                            continue  # a block that the resource does without
                        fixed = _Fixed(resource, path, place, [])
                        found.setdefault((resource.urn, str(place)), fixed).bounds.append((clause, bound))
    return list(found.values())


def is_inside_nothing(inputs: dict[str, Any], place: Place) -> bool:
    """Return whether not even the block is there in which a property would stand."""
    parent: Any = inputs
    for step in place.steps[:-1]:
        if step == "{}":
            parent = json.loads(parent)
        elif isinstance(parent, dict) and step not in parent:
            return True
        else:
            parent = parent[step]
    return False


def _targets(topology: Topology, type_: str, glob: str) -> list[Resource]:
    return [
        resource
        for resource in topology.resources.values()
        if canonical(resource.type) == type_ and fnmatchcase(resource.name, glob)
    ]


def _properties(topology: Topology, fixed: _Fixed) -> Iterator[Mutant]:
    resource, path, place, bounds = fixed
    kind = type(place.value) if "{}" in path else kind_of(canonical(resource.type), path)
    default = default_of(canonical(resource.type), path, ABSENT)

    def mutant(clause: Clause, bound: Bound, value: Value, *, harmless: bool) -> Mutant:
        name = f"{resource.name}: {place} {value.label}"
        family, change = f"bound: {bound.kind}", _setting(resource.urn, place, value.value)
        return Mutant(name, family, resource.urn, (clause.id,), harmless, change)

    # What a stack is relaxed from says nothing of it, and leaves open what else it may have there.
    held = [(clause, bound) for clause, bound in bounds if keeps(bound, _known(place, default)) is not False]
    for clause, bound in held:
        if bound.kind == "refers":
            yield from _references(topology, clause, resource, place, bound)
            continue
        for value in breaking(bound, place.value, kind):
            if value.value == place.value:
                continue
            if value.value is ABSENT and isinstance(place.steps[-1], int):
                continue  # a list that is shorter, which bounds of its items say nothing of
            left_out = value.value is ABSENT or value.value == ""
            if not (left_out and place.value is ABSENT):
                by_default = left_out and default is not ABSENT and all(keeps(b, default) for _, b in bounds)
                yield mutant(clause, bound, value, harmless=by_default)
        for value in keeping(bound, place.value) if place.key not in IN_ORDER and held == bounds else ():
            if all(keeps(other, value.value) is not False for _, other in bounds):
                yield mutant(clause, bound, value, harmless=True)


def _known(place: Place, default: Any) -> Any:
    return default if place.value is ABSENT else place.value


def _setting(urn: str, place: Place, value: Any) -> Change:
    """Give a property another value. What a whole property referred to is gone with it, what a part did is not."""

    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        references = {
            key: urns for key, urns in resource.property_dependencies.items() if place.nested or key != place.key
        }
        return put(topology, with_inputs(resource, replaced(inputs_of(resource), place, value), references))

    return change


def _references(topology: Topology, clause: Clause, resource: Resource, place: Place, bound: Bound) -> Iterator[Mutant]:
    type_ = str(bound.refers)
    referred = resource.property_dependencies.get(place.key, ())
    now = [topology.resources[urn] for urn in referred if canonical(topology.resources[urn].type) == type_]
    kept = tuple(urn for urn in referred if canonical(topology.resources[urn].type) != type_)

    def mutant(label: str, value: Any, urns: tuple[str, ...], *, harmless: bool = False) -> Mutant:
        return Mutant(
            f"{resource.name}: {place} {label}",
            "reference",
            resource.urn,
            (clause.id,),
            harmless,
            _referring(resource.urn, place, value, tuple(sorted({*kept, *urns}))),
        )

    listed = isinstance(place.value, list)
    for label, others in _others(topology, now, type_):
        value = [UNKNOWN] * len(others) if listed else UNKNOWN
        near = {_region(other) for other in others} == {_region(one) for one in now}
        harmless = bool(bound.whichever) and near
        yield mutant(f"-> {label}", value, tuple(other.urn for other in others), harmless=harmless)
    yield mutant("absent", ABSENT, ())
    yield mutant("literal", [_LITERAL] if listed else _LITERAL, ())
    yield mutant("unknown", [UNKNOWN] if listed else UNKNOWN, ())
    if listed and len(now) > 1:
        yield mutant("one less", [UNKNOWN] * (len(now) - 1), tuple(one.urn for one in now[1:]))
        yield mutant("one twice", [UNKNOWN] * len(now), tuple(one.urn for one in now[1:]))
    if listed and len(now) > 2:
        yield mutant("one alone", [UNKNOWN], (now[0].urn,))
    if listed and now and type_ == SECURITY_GROUP:  # of which nobody knows whom it lets in
        yield mutant("with a stranger", [UNKNOWN] * len(now) + [_LITERAL], tuple(one.urn for one in now))


def _others(topology: Topology, now: Sequence[Resource], type_: str) -> Iterator[tuple[str, list[Resource]]]:
    """Yield what else of a type could be referred to: one of each kind of name, at most six in all."""
    alike = [one for one in topology.resources.values() if canonical(one.type) == type_ and one not in now]
    tiers = {_tier(one.name) for one in now}
    if len(now) > 1:
        for tier in [tier for tier in dict.fromkeys(_tier(one.name) for one in alike) if tier not in tiers][:_MOST]:
            yield tier, [one for one in alike if _tier(one.name) == tier][: len(now)]
        return
    zone = _zone(now[0]) if now else None
    chosen: dict[str, Resource] = {}
    for one in sorted(alike, key=lambda one: _zone(one) != zone):
        other_zone = _tier(one.name) in tiers  # the same thing in another zone is another kind of mistake
        chosen.setdefault(f"{_kind(one.name)} {_zone(one) if other_zone else ''}", one)
    yield from ((one.name, [one]) for one in list(chosen.values())[:_MOST])


def _region(resource: Resource) -> str | None:
    """Return the region that a resource names, or nothing where its provider says."""
    return inputs_of(resource).get("region")


def _tier(name: str) -> str:
    """Return a name less its zone: ``network-private-a`` is ``network-private``."""
    return _ZONE.sub("", name)


def _kind(name: str) -> str:
    """Return the end of a name, which says what kind of thing it is, of whatever service."""
    return "-".join(_tier(name).split("-")[-2:])


def _zone(resource: Resource) -> str | None:
    found = _ZONE.search(resource.name)
    return found[1] if found else None


def _referring(urn: str, place: Place, value: Any, urns: tuple[str, ...]) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        references = {**resource.property_dependencies, place.key: urns}
        return put(topology, with_inputs(resource, replaced(inputs_of(resource), place, value), references))

    return change


def _removals(topology: Topology) -> Iterator[Mutant]:
    for urn, resource in topology.resources.items():
        if resource.custom and not resource.read and not resource.type.startswith("pulumi:"):
            yield Mutant(f"{resource.name}: removed", "removal", urn, (), False, _removing(urn))


def _removing(urn: str) -> Change:
    return lambda topology: without(topology, urn)


def _options(topology: Topology) -> Iterator[Mutant]:
    """Yield resources that Pulumi no longer protects, and one of each type of which it overlooks a property."""
    overlooked: set[str] = set()
    for urn, resource in topology.resources.items():
        if resource.options.get("protect") and resource.custom:
            change = _optional(urn, "protect", False)
            yield Mutant(f"{resource.name}: not protected", "option", urn, (), False, change)
        keys = sorted(resource.inputs.fields, reverse=True)
        if resource.type.startswith("aws:") and keys and resource.type not in overlooked:
            overlooked.add(resource.type)
            change = _optional(urn, "ignoreChanges", [keys[0]])
            yield Mutant(f"{resource.name}: changes of {keys[0]} ignored", "option", urn, (), False, change)


def _optional(urn: str, option: str, value: object) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        return put(topology, replace(resource, options={**resource.options, option: value}))

    return change


def _forbidden(topology: Topology, clauses: Sequence[Clause]) -> Iterator[Mutant]:
    for clause in clauses:
        for type_ in clause.forbids:
            resource = another(topology, type_, "forbidden", {})
            yield Mutant(f"{type_}: added", "forbidden type", resource.urn, (clause.id,), False, _adding(resource))


def _adding(resource: Resource) -> Change:
    return lambda topology: put(topology, resource)
