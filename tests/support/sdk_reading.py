"""Stacks as policies get them: read by the SDK's own servicer, each resource once however many stacks share it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pulumi_policy.policy as sdk
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import (
    EnforcementLevel,
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from preview.pack import analyze_request, stack_resource
from preview.topology import Resource, Topology

_MOST_KEPT = 50_000


class SdkReader:
    """The SDK's servicer, with policies that only hand on what it made of a request."""

    def __init__(self) -> None:
        self._seen: list[Any] = []
        self._kept: dict[tuple[int, int], tuple[Resource, Resource | None, PolicyResource]] = {}
        plain: Callable[..., Any] = vars(sdk)["_PolicyAnalyzerServicer"]
        self._servicer = plain(
            "reader",
            "0.0.1",
            [
                ResourceValidationPolicy("resource", "Hands on", validate=self._keep_resource),
                StackValidationPolicy("stack", "Hands on", validate=self._keep_stack),
            ],
            EnforcementLevel.MANDATORY,
        )

    def _keep_resource(self, args: ResourceValidationArgs, _: Any) -> None:
        self._seen.append(args)

    def _keep_stack(self, args: StackValidationArgs, _: Any) -> None:
        self._seen.extend(args.resources)

    def resource(self, resource: Resource, resources: Mapping[str, Resource]) -> ResourceValidationArgs:
        """Return what a policy on one resource gets."""
        self._servicer.Analyze(analyze_request(resource, resources), None)
        return self._seen.pop()

    def stack(self, topology: Topology) -> list[PolicyResource]:
        """Return what a policy on the stack gets."""
        read = {urn: self._read(resource, topology) for urn, resource in topology.resources.items()}
        for urn, resource in topology.resources.items():
            found = read[urn]
            found.parent = read.get(resource.parent)
            found.dependencies.extend(read[target] for target in resource.dependencies if target in read)
            for key, urns in resource.property_dependencies.items():
                found.property_dependencies[key] = [read[target] for target in urns if target in read]
        return list(read.values())

    def forget(self) -> None:
        """Let go of all resources read so far."""
        self._kept.clear()

    def _read(self, resource: Resource, topology: Topology) -> PolicyResource:
        """Return a resource that refers to no other yet."""
        provider = topology.resources.get(resource.provider)
        key = id(resource), id(provider)
        if key not in self._kept:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            request = analyzer_pb2.AnalyzeStackRequest(resources=[stack_resource(resource, topology.resources)])
            self._servicer.AnalyzeStack(request, None)
            self._kept[key] = resource, provider, self._seen.pop()  # the first two keep their ids from being reused
        kept = self._kept[key][2]
        return PolicyResource(
            kept.resource_type, kept.props, kept.urn, kept.name, kept.opts, kept.provider, None, [], {}
        )


@cache
def sdk_reader() -> SdkReader:
    """Return the one reader of this process."""
    return SdkReader()
