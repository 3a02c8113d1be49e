import json
from typing import Any

import pytest

from tests.policies.breaking import (
    ELSEWHERE,
    PRIVATE,
    VPC,
    Case,
    Change,
    add,
    at,
    cases,
    chain,
    drop,
    edit,
    other_stack,
    point,
)
from tests.policies.network_layer.judged import recorded, violations
from tests.support.editing import UNKNOWN

_LOG, _GROUP = "network-flow-logs-all", "network-flow-logs-group"
_ROLE, _DELIVERY = "network-flow-logs-role", "network-flow-logs-delivery"
_WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"]
_SERVICE = "vpc-flow-logs.amazonaws.com"


def _document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


_more_group = add("aws:cloudwatch/logGroup:LogGroup", "more", {"retentionInDays": 30}, kmsKeyId=["security-logs-key"])

ACCEPTED: dict[str, Change] = {
    "destination type left to its default": edit(_LOG, logDestinationType=None),
    "flow log of a single subnet beside": add(
        "aws:ec2/flowLog:FlowLog",
        "more",
        {"trafficType": "ALL"},
        subnetId=PRIVATE[:1],
        logDestination=[_GROUP],
        iamRoleArn=[_ROLE],
    ),
    "kept for longer": edit(_GROUP, retentionInDays=3653),
    "other log group kept for less": _more_group,
    "log group class spelt out": edit(_GROUP, logGroupClass="STANDARD"),
    "key replica": chain(add("aws:kms/replicaKey:ReplicaKey", "replica", {}), point(_GROUP, "kmsKeyId", "replica")),
    "several services trusted": edit(
        _ROLE,
        assumeRolePolicy=_document(Principal={"Service": ["ec2.amazonaws.com", _SERVICE]}, Action="sts:AssumeRole"),
    ),
    "writing allowed by patterns": edit(_DELIVERY, policy=_document(Action="logs:*")),
    "writing allowed by two policies": chain(
        edit(_DELIVERY, policy=_document(Action=_WRITES[0])),
        add("aws:iam/rolePolicy:RolePolicy", "more", {"policy": _document(Action=_WRITES[1:])}, role=[_ROLE]),
    ),
    "writing allowed by an attached policy": chain(
        drop(_DELIVERY),
        add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "more", {"policyArn": "arn:x"}, role=[_ROLE]),
    ),
}

_DELIVERED = at("flow-logs-delivered", _LOG)
_MISSING = at("vpc-flow-logs", VPC)
_KEPT = at("flow-logs-kept-two-years", _GROUP)
_EXPIRE = at("log-groups-expire", _GROUP)

REJECTED: dict[str, Case] = {
    "no flow log": Case(drop(_LOG), _MISSING),
    "flow log of a single subnet only": Case(
        chain(edit(_LOG, vpcId=None), point(_LOG, "subnetId", PRIVATE[0])), _MISSING
    ),
    "flow log of a literal VPC": Case(edit(_LOG, vpcId="vpc-1"), _MISSING),
    **{
        f"traffic {kind}": Case(edit(_LOG, trafficType=kind), _MISSING | _DELIVERED)
        for kind in ("REJECT", "ACCEPT", UNKNOWN, 7)
    },
    "no traffic type": Case(edit(_LOG, trafficType=None), _MISSING),
    "second flow log, of refused traffic": Case(
        add(
            "aws:ec2/flowLog:FlowLog",
            "more",
            {"trafficType": "REJECT"},
            vpcId=[VPC],
            logDestination=[_GROUP],
            iamRoleArn=[_ROLE],
        ),
        at("flow-logs-delivered", "more"),
    ),
    **{
        f"{key} {value}": Case(edit(_LOG, **{key: value}), _DELIVERED)
        for key, value in (
            ("logDestinationType", "s3"),
            ("logDestinationType", "kinesis-data-firehose"),
            ("logDestinationType", UNKNOWN),
            ("logDestinationType", 7),
            ("logDestination", None),
            ("logDestination", "arn:aws:logs:us-east-1:1:log-group:x"),
            ("iamRoleArn", None),
            ("iamRoleArn", "arn:aws:iam::1:role/x"),
        )
    },
    **{
        f"{key} of another stack": Case(chain(other_stack, point(_LOG, key, ELSEWHERE)), _DELIVERED)
        for key in ("logDestination", "iamRoleArn")
    },
    # the role
    "role without policy": Case(drop(_DELIVERY), _DELIVERED),
    "policy of a literal role": Case(edit(_DELIVERY, role="somebody"), _DELIVERED),
    **{
        f"role policy {policy!r}": Case(edit(_DELIVERY, policy=policy), _DELIVERED)
        for policy in (
            _document(Action=_WRITES[:1]),
            _document(Action=_WRITES[1:]),
            _document(Action="s3:*"),
            _document(NotAction="s3:*"),
            _document(Action=_WRITES, Effect="Deny"),
            "{",
            UNKNOWN,
            7,
            None,
        )
    },
    **{
        f"role trusts {policy!r}": Case(edit(_ROLE, assumeRolePolicy=policy), _DELIVERED)
        for policy in (
            _document(Principal={"Service": "ec2.amazonaws.com"}),
            _document(Principal={"AWS": _SERVICE}),
            _document(Principal="*"),
            _document(Principal={"Service": _SERVICE}, Effect="Deny"),
            "{",
            UNKNOWN,
            7,
            None,
        )
    },
    # the log group
    **{f"kept for {days} days": Case(edit(_GROUP, retentionInDays=days), _KEPT) for days in (1, 90, 730)},
    **{
        f"retention {days!r}": Case(edit(_GROUP, retentionInDays=days), _EXPIRE | _KEPT)
        for days in (UNKNOWN, "731", True)
    },
    **{f"retention {days}": Case(edit(_GROUP, retentionInDays=days), _EXPIRE) for days in (None, 0)},
    "log group of the delivery class": Case(edit(_GROUP, logGroupClass="DELIVERY"), _EXPIRE),
    "log group of an unknown class": Case(edit(_GROUP, logGroupClass=UNKNOWN), _EXPIRE),
    "other log group without retention": Case(
        chain(_more_group, edit("more", retentionInDays=None)), at("log-groups-expire", "more")
    ),
    **{
        f"key {key}": Case(edit(_GROUP, kmsKeyId=key), at("log-groups-encrypted", _GROUP))
        for key in (None, "", "arn:aws:kms:us-east-1:1:key/x", UNKNOWN)
    },
    "key of another stack": Case(
        chain(other_stack, point(_GROUP, "kmsKeyId", ELSEWHERE)), at("log-groups-encrypted", _GROUP)
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize(("minimum", "kept"), [(30, True), (31, False)])
def test_days_are_an_option(minimum: int, kept: bool) -> None:
    topology = recorded("prod", network={"flowLogRetentionDays": 30})
    found = violations(topology, {"flow-logs-kept-two-years": {"minimumDays": minimum}})
    assert found == (set() if kept else _KEPT)
