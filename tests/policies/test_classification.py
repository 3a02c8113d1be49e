"""Each type is looked at by a guardrail or listed with a reason, and nothing is listed for no reason."""

import re
from dataclasses import replace
from pathlib import Path

import pulumi_aws
import pytest

from guardrails import ALL_GUARDRAILS
from guardrails.classification import LOOKED_AT_IN_PART, NOTHING_TO_CHECK
from guardrails.model import ResourceGuardrail, StackGuardrail
from guardrails.tokens import canonical
from preview.topology import Topology
from tests.policies.breaking import Change, add, at, cases, chain, edit, other_stack
from tests.support.editing import urn_of
from tests.support.judging import diagnostics, violations
from tests.support.recording import recorded

_CLASSIFIED = "resource-types-classified"
_RULE = [guardrail for guardrail in ALL_GUARDRAILS if guardrail.id == _CLASSIFIED]
_LOOKED_AT = {
    type_
    for guardrail in ALL_GUARDRAILS
    if isinstance(guardrail, ResourceGuardrail | StackGuardrail)
    for type_ in guardrail.types
}
# The SDK names its types once, for when the engine hands resources back.
_OF_SDK = set(re.findall(r'"(aws:[^"]+)"', Path(pulumi_aws.__file__).read_text(encoding="utf-8"))) | {
    "pulumi:pulumi:Stack",
    "pulumi:pulumi:StackReference",
}
_IN_STACKS = {canonical(resource.type) for stack in ("dev", "prod") for resource in recorded(stack).resources.values()}


def _read(topology: Topology) -> Topology:
    """Let the resource that was added be one that is only read."""
    urn = urn_of(topology, "new")
    resource = replace(topology.resources[urn], read=True)
    return replace(topology, resources={**topology.resources, urn: resource})


def _new(type_: str) -> Change:
    return add(type_, "new", {})


REFUSED: dict[str, Change] = {
    type_: _new(type_)
    for type_ in (
        "aws-native:s3:Bucket",
        "aws:ec2/eipAssociation:EipAssociation",
        "aws:ec2/instance:Instance",
        "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "aws:iam/accessKey:AccessKey",
        "aws:iam/user:User",
        "aws:rds/snapshotCopy:SnapshotCopy",
        "aws:s3/bucketObject:BucketObject",
        "awsx:ec2:Vpc",
        "cloudflare:index/record:Record",
        "command:local:Command",
        "docker:index/container:Container",
        "fitness-platform-two:network:NetworkLayer",
        "kubernetes:core/v1:Pod",
        "pulumi-nodejs:dynamic:Resource",
        "pulumi-python:dynamic:Resource",
        "pulumi:providers:aws-native",
        "pulumi:providers:pulumi-python",
        "pulumi:providers:random",
        "random:index/randomPassword:RandomPassword",
    )
} | {"one that is only read": chain(_new("aws:docdb/cluster:Cluster"), _read)}

ACCEPTED: dict[str, Change] = {
    "nothing new": lambda topology: topology,
    "another stack": other_stack,
    "a component of the project": _new("fitness-platform:edge:EdgeLayer"),
    "second spelling of a type that is looked at": _new("aws:s3/bucketV2:BucketV2"),
    "second version of a part": _new("aws:s3/bucketVersioningV2:BucketVersioningV2"),
    "one that is refused by a guardrail of its own": _new("aws:rds/globalCluster:GlobalCluster"),
}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_stacks_have_only_types_that_somebody_has_read(stack: str) -> None:
    assert violations(recorded(stack), of=_RULE) == set()


@cases(REFUSED)
def test_refuses(case: Change) -> None:
    assert violations(case(recorded("prod")), of=_RULE) == at(_CLASSIFIED, "new")


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod")), of=_RULE) == set()


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("random:index/randomId:RandomId", "no guardrail looks at random:index/randomId:RandomId"),
        ("pulumi:providers:random", "another package"),
        ("pulumi-python:dynamic:Resource", "code of its own"),
        ("aws:efs/mountTarget:MountTarget", "but not at its security groups"),
    ],
)
def test_says_what_is_missing(type_: str, said: str) -> None:
    [found] = diagnostics(_new(type_)(recorded("prod")), of=_RULE)
    assert said in found.message


def test_properties_make_no_difference() -> None:
    topology = chain(_new("aws:iam/user:User"), edit("new", name="x", policy=7))(recorded("prod"))
    assert violations(topology, of=_RULE) == at(_CLASSIFIED, "new")


@pytest.mark.parametrize("type_", NOTHING_TO_CHECK)
def test_what_is_listed_as_unchecked_is_known_and_looked_at_by_nobody(type_: str) -> None:
    assert type_ not in _LOOKED_AT, "a guardrail looks at it: take it out of NOTHING_TO_CHECK"
    assert type_ in _OF_SDK | _IN_STACKS, "no SDK and no stack knows this type"
    assert canonical(type_) == type_, "guardrails never see this spelling"
    assert NOTHING_TO_CHECK[type_]


@pytest.mark.parametrize("type_", LOOKED_AT_IN_PART)
def test_what_is_listed_in_part_is_known_and_looked_at_and_in_no_stack(type_: str) -> None:
    assert type_ in _LOOKED_AT, "no guardrail names it: it is refused without being listed"
    assert type_ not in _IN_STACKS, "a stack declares it: write the rest of its guardrails and take it out"
    assert type_ in _OF_SDK, "the SDK doesn't know this type"
    assert LOOKED_AT_IN_PART[type_]


@pytest.mark.parametrize("type_", sorted(_LOOKED_AT))
def test_what_guardrails_name_is_known_to_the_sdk(type_: str) -> None:
    assert type_ in _OF_SDK | {"pulumi:providers:aws"}, "a guardrail names a type that does not exist"
    assert canonical(type_) == type_, "guardrails never see this spelling"


@pytest.mark.parametrize("reason", NOTHING_TO_CHECK.values())
def test_guardrails_that_reasons_name_exist(reason: str) -> None:
    ids = {guardrail.id for guardrail in ALL_GUARDRAILS}
    assert set(re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", reason)) <= ids


def test_types_of_sdk_were_found() -> None:
    assert len(_OF_SDK) > 1000
