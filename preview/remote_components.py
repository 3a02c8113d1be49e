"""Remote components: what the plugin of awsx would register for them, as its source says.

Like the plugin, this is a client of the monitor: it registers the component and its children, and answers with
references to them. Only what is written out here can be previewed; an invented child would make a verdict worthless.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import resource_pb2

from preview.errors import PreviewError
from preview.topology import RESOURCE_SIGNATURE, SIGNATURE, plain

_REPOSITORY = "aws:ecr/repository:Repository"
_LIFECYCLE_POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
_UNKNOWN = struct_pb2.Value(string_value=rpc.UNKNOWN)


class Monitor(Protocol):
    """What a plugin needs of the monitor."""

    def RegisterResource(  # noqa: D102, N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse: ...

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Any: ...  # noqa: D102, N802


def construct(
    request: resource_pb2.RegisterResourceRequest, urn: str, monitor: Monitor
) -> resource_pb2.RegisterResourceResponse:
    """Register the component ``urn`` that ``request`` asks for, with its children, and return the plugin's answer.

    :raises PreviewError: where it is not written out here, or where the plugin would refuse its arguments.
    """
    if request.type != "awsx:ecr:Repository":
        raise PreviewError(f"{urn}: components of {request.type.split(':')[0]} can't be previewed offline")
    return _ecr_repository(request, urn, monitor)


def _ecr_repository(
    request: resource_pb2.RegisterResourceRequest, urn: str, monitor: Monitor
) -> resource_pb2.RegisterResourceResponse:
    """Construct ``awsx.ecr.Repository``: a repository and, unless that is skipped, its lifecycle policy."""
    given = {key: (value, _dependencies(request, key)) for key, value in request.object.fields.items()}
    _, rules_from = given.pop("lifecyclePolicy", (None, ()))
    lifecycle = plain(request.object).get("lifecyclePolicy", {})
    if not isinstance(lifecycle, dict):
        raise PreviewError(f"{urn}: lifecyclePolicy: found a value that isn't known; allowed: plain arguments")

    component = _as_local_component(request)
    monitor.RegisterResource(component)
    repository = monitor.RegisterResource(_child(component, urn, _REPOSITORY, given)).urn
    children = {"repository": repository}
    if not lifecycle.get("skip"):
        policy = {
            "repository": (request.object.fields.get("name", _UNKNOWN), (repository,)),
            "policy": (_lifecycle_policy(urn, lifecycle.get("rules")), rules_from),
            **{key: given[key] for key in ("region",) if key in given},
        }
        children["lifecyclePolicy"] = monitor.RegisterResource(_child(component, urn, _LIFECYCLE_POLICY, policy)).urn
    monitor.RegisterResourceOutputs(
        resource_pb2.RegisterResourceOutputsRequest(
            urn=urn, outputs=struct_pb2.Struct(fields=dict.fromkeys(children, _UNKNOWN))
        )
    )
    state = {key: _reference(child) for key, child in children.items()}
    made_from = {**children, "url": repository}
    return resource_pb2.RegisterResourceResponse(
        urn=urn,
        object=struct_pb2.Struct(fields={**state, "url": _UNKNOWN}),
        propertyDependencies={
            key: resource_pb2.RegisterResourceResponse.PropertyDependencies(urns=[child])
            for key, child in made_from.items()
        },
    )


def _dependencies(request: resource_pb2.RegisterResourceRequest, key: str) -> tuple[str, ...]:
    return tuple(request.propertyDependencies[key].urns) if key in request.propertyDependencies else ()


def _as_local_component(
    request: resource_pb2.RegisterResourceRequest,
) -> resource_pb2.RegisterResourceRequest:
    """Return the registration of the component itself: it keeps the options, and has no inputs."""
    component = resource_pb2.RegisterResourceRequest()
    component.CopyFrom(request)
    component.remote = False
    for field in ("object", "propertyDependencies", "provider"):
        component.ClearField(field)
    return component


def _child(
    component: resource_pb2.RegisterResourceRequest,
    parent: str,
    type_: str,
    properties: Mapping[str, tuple[struct_pb2.Value, Iterable[str]]],
) -> resource_pb2.RegisterResourceRequest:
    """Return the registration of a child, with the provider that was handed to the component for its package."""
    dependencies = {key: sorted(urns) for key, (_, urns) in properties.items()}
    return resource_pb2.RegisterResourceRequest(
        type=type_,
        name=component.name.lower(),
        parent=parent,
        custom=True,
        object=struct_pb2.Struct(fields={key: value for key, (value, _) in properties.items()}),
        provider=component.providers.get(type_.split(":", maxsplit=1)[0], ""),
        dependencies=sorted({urn for urns in dependencies.values() for urn in urns}),
        propertyDependencies={
            key: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns)
            for key, urns in dependencies.items()
        },
    )


def _reference(urn: str) -> struct_pb2.Value:
    """Return a reference to a resource, whose id is not known yet."""
    reference = {SIGNATURE: RESOURCE_SIGNATURE, "urn": urn, "id": ""}
    return json_format.ParseDict(reference, struct_pb2.Value())


def _lifecycle_policy(urn: str, rules: Any) -> struct_pb2.Value:
    """Return a lifecycle policy document, as text like after the AWS provider's check."""
    if rules is None:
        rules = [{"description": "remove untagged images", "tagStatus": "untagged", "maximumNumberOfImages": 1}]
    text = json.dumps(rules)
    if rpc.UNKNOWN in text:
        return _UNKNOWN
    any_image = [rule for rule in rules if rule["tagStatus"] == "any"]
    if len(any_image) > 1:
        raise PreviewError(f"{urn}: lifecyclePolicy.rules: found {len(any_image)} rules for any image; allowed: one")
    ordered = [rule for rule in rules if rule["tagStatus"] != "any"] + any_image  # any image must come last
    document = {"rules": [_lifecycle_rule(urn, rule, priority) for priority, rule in enumerate(ordered, start=1)]}
    return struct_pb2.Value(
        string_value=json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    )


def _lifecycle_rule(urn: str, rule: Mapping[str, Any], priority: int) -> dict[str, Any]:
    selection: dict[str, Any]
    if "maximumNumberOfImages" in rule:
        selection = {"countType": "imageCountMoreThan", "countNumber": rule["maximumNumberOfImages"]}
    elif "maximumAgeLimit" in rule:
        selection = {"countType": "sinceImagePushed", "countNumber": rule["maximumAgeLimit"], "countUnit": "days"}
    else:
        raise PreviewError(f"{urn}: lifecyclePolicy.rules: found no limit; allowed: a number of images or an age")
    if rule["tagStatus"] in {"any", "untagged"}:
        selection["tagStatus"] = rule["tagStatus"]
    elif rule.get("tagPrefixList"):
        selection |= {"tagStatus": "tagged", "tagPrefixList": rule["tagPrefixList"]}
    else:
        raise PreviewError(f"{urn}: lifecyclePolicy.rules: found tagged images without a prefix; allowed: one or more")
    described = {"description": rule["description"]} if "description" in rule else {}
    return {"rulePriority": priority, **described, "selection": selection, "action": {"type": "expire"}}
