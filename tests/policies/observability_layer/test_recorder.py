from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.observability_layer.stack import STACK, violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_RECORDER, _STATUS, _CHANNEL, _ROLE, _POLICY, _BUCKET = (
    f"observability-config-{part}"
    for part in ("recorder", "recording", "channel", "role", "records-policy", "records-bucket")
)
_DECLARED, _EVERYTHING, _ON = "config-recorder-declared", "config-records-everything", "config-recorder-on"
_HAS_ROLE, _DELIVERED = "config-recorder-role", "config-records-delivered"


def _group(**changes: Any) -> Change:
    given = {"allSupported": True, "includeGlobalResourceTypes": True, **changes}
    return edit(_RECORDER, recordingGroup={key: value for key, value in given.items() if value is not None})


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "all types by default": _group(allSupported=None),
    "nothing left out, spelt out": _group(exclusionByResourceTypes=[], resourceTypes=[]),
    "second key": point(_CHANNEL, "s3KmsKeyArn", "security-logs-key"),
}

REJECTED: dict[str, Case] = {
    "no recorder": Case(drop(_RECORDER), at(_DECLARED, STACK)),
    **{
        f"{key} {value!r}": Case(_group(**{key: value}), at(_EVERYTHING, _RECORDER))
        for key, values in (
            ("allSupported", (False, UNKNOWN, "true")),
            ("includeGlobalResourceTypes", (False, None, UNKNOWN)),
            ("resourceTypes", (["AWS::EC2::Instance"], UNKNOWN)),
            ("exclusionByResourceTypes", ([{"resourceTypes": ["AWS::IAM::Role"]}],)),
            ("recordingStrategies", ([{"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}],)),
        )
        for value in values
    },
    "no recording group": Case(edit(_RECORDER, recordingGroup=None), at(_EVERYTHING, _RECORDER)),
    "recording group that is not known": Case(edit(_RECORDER, recordingGroup=UNKNOWN), at(_EVERYTHING, _RECORDER)),
    "never turned on": Case(drop(_STATUS), at(_ON, _RECORDER)),
    "turned off": Case(edit(_STATUS, isEnabled=False), at(_ON, _RECORDER)),
    "turned on, as nobody knows": Case(edit(_STATUS, isEnabled=UNKNOWN), at(_ON, _RECORDER)),
    "another recorder turned on": Case(edit(_STATUS, name="another"), at(_ON, _RECORDER)),
    "no channel": Case(drop(_CHANNEL), at(_ON, _RECORDER)),
    "role of the stack's own": Case(point(_RECORDER, "roleArn", "observability-trail-role"), at(_HAS_ROLE, _RECORDER)),
    **{
        f"role {value!r}": Case(edit(_RECORDER, roleArn=value), at(_HAS_ROLE, _RECORDER))
        for value in (None, UNKNOWN, "arn:aws:iam::444455556666:role/config")
    },
    **{
        f"role of {value!r}": Case(edit(_ROLE, awsServiceName=value), at(_HAS_ROLE, _RECORDER))
        for value in ("ecs.amazonaws.com", None, UNKNOWN)
    },
    **{
        f"bucket {value!r}": Case(edit(_CHANNEL, s3BucketName=value), at(_DELIVERED, _CHANNEL))
        for value in (None, UNKNOWN, "elsewhere")
    },
    "bucket that does not let it in": Case(
        point(_CHANNEL, "s3BucketName", "security-access-logs-policy"), at(_DELIVERED, _CHANNEL)
    ),
    "bucket with a lock": Case(edit(_BUCKET, objectLockEnabled=True), at(_DELIVERED, _CHANNEL)),
    "bucket that gets a lock": Case(
        add(
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            "more",
            {"bucket": UNKNOWN},
            bucket=[_BUCKET],
        ),
        at(_DELIVERED, _CHANNEL),
    ),
    "bucket that may have a lock": Case(edit(_BUCKET, objectLockEnabled=UNKNOWN), at(_DELIVERED, _CHANNEL)),
    "policy gone": Case(drop(_POLICY), at(_DELIVERED, _CHANNEL)),
    "prefix": Case(edit(_CHANNEL, s3KeyPrefix="x"), at(_DELIVERED, _CHANNEL)),
    **{
        f"key {value!r}": Case(edit(_CHANNEL, s3KmsKeyArn=value), at(_DELIVERED, _CHANNEL))
        for value in (None, UNKNOWN, "alias/aws/s3")
    },
    "channel before the policy": Case(
        chain(
            drop(_CHANNEL),
            add("aws:cfg/deliveryChannel:DeliveryChannel", "more", {}, s3KmsKeyArn=["security-archive-key"]),
        ),
        at(_ON, _RECORDER) | at(_DELIVERED, "more"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_another_stack_may_own_the_recorder() -> None:
    without = recorded("prod", platform={"accountSettings": False})
    assert violations(without) == at(_DECLARED, STACK) | at("costs-watched", STACK)
    relaxed = {_DECLARED: {"required": False}, "costs-watched": {"anomalies": False}}
    assert violations(without, relaxed) == set()
