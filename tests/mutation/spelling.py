"""The same stack in other words: lists in another order, types under their other names. The pack must raise nothing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from guardrails.tokens import canonical
from preview.topology import Resource, Topology
from tests.mutation.mutant import Change, Mutant, inputs_of, mentions, put, with_inputs

_OTHER_NAMES = {
    "aws:lb/": ("aws:alb/", "aws:applicationloadbalancing/", "aws:elasticloadbalancingv2/"),
}
_SECOND_VERSIONS = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
)
"""Resources that the SDK has a second time with V2 in both parts of the name."""


IN_ORDER = frozenset({"orderedCacheBehaviors"})
"""Lists whose order means something: of behaviours, the first that matches wins."""


def other_spellings(topology: Topology) -> Iterator[Mutant]:
    """Yield a harmless mutant for each list that can be reversed and each other name of a type."""
    for urn, resource in topology.resources.items():
        if not resource.type.startswith("aws:"):
            continue
        reversed_ = _reversed(inputs_of(resource))
        if reversed_ != inputs_of(resource):
            yield Mutant(f"{resource.name}: lists reversed", "order", urn, (), True, _turning(urn, reversed_))
        for name in other_names(resource.type):
            yield Mutant(f"{resource.name}: as {name}", "other name of a type", urn, (), True, renaming(urn, name))


def other_names(type_: str) -> list[str]:
    """Return the other type tokens that stand for a resource of ``type_``."""
    type_ = canonical(type_)
    if type_ in _SECOND_VERSIONS:
        package, module, class_ = type_.split(":")
        return [f"{package}:{module}V2:{class_}V2"]
    return [
        name + type_.removeprefix(prefix)
        for prefix, names in _OTHER_NAMES.items()
        if type_.startswith(prefix)
        for name in names
    ]


def renaming(urn: str, type_: str) -> Change:
    """Return the change that gives a resource another type token, in its URN and in what refers to it."""

    def change(topology: Topology) -> Topology:
        old = topology.resources[urn]
        parts = urn.split("::")
        new = "::".join((*parts[:2], "$".join((*parts[2].split("$")[:-1], type_)), parts[3]))

        def moved(resource: Resource) -> Resource:
            references = {
                key: tuple(sorted(new if target == urn else target for target in urns))
                for key, urns in resource.property_dependencies.items()
            }
            dependencies = tuple(sorted(new if target == urn else target for target in resource.dependencies))
            parent = new if resource.parent == urn else resource.parent
            return replace(resource, property_dependencies=references, dependencies=dependencies, parent=parent)

        others = {
            other: moved(one) if mentions(one, urn) else one
            for other, one in topology.resources.items()
            if other != urn
        }
        return replace(topology, resources={**others, new: replace(old, urn=new, type=type_)})

    return change


def _turning(urn: str, inputs: dict[str, Any]) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        return put(topology, with_inputs(resource, inputs, resource.property_dependencies))

    return change


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: item if key in IN_ORDER else _reversed(item) for key, item in value.items()}
    return [_reversed(item) for item in reversed(value)] if isinstance(value, list) else value
