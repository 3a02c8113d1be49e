import json
from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point, provide
from tests.policies.observability_layer.stack import (
    ARCHIVE_POLICY,
    DELIVERY,
    STACK,
    TRAIL,
    TRAIL_LOG,
    TRAIL_ROLE,
    violations,
)
from tests.policies.security_layer.judged import statements_of
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_DECLARED, _EVERYTHING, _BOUNDED = "trail-declared", "trails-record-everything", "trail-data-events-bounded"
_VALIDATED, _ENCRYPTED, _ARCHIVED, _LOGGED = "trails-validated", "trails-encrypted", "trails-archived", "trails-logged"
_COUNTED = "watched-changes-counted"
_TYPE = "aws:cloudtrail/trail:Trail"


def _selector(**changes: Any) -> list[dict[str, Any]]:
    return [{"includeManagementEvents": True, "readWriteType": "All", **changes}]


def _objects(*arns: str) -> list[dict[str, Any]]:
    return _selector(dataResources=[{"type": "AWS::S3::Object", "values": list(arns)}])


def _archive(service: str, *actions: str) -> Change:
    """Let the archive's policy allow a service less than it does."""
    statements = [
        {**one, "Action": list(actions)} if service in json.dumps(one.get("Principal")) else one
        for one in statements_of(ARCHIVE_POLICY)
    ]
    return edit(ARCHIVE_POLICY, policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "defaults left out": edit(
        TRAIL, enableLogging=None, includeGlobalServiceEvents=None, eventSelectors=None, insightSelectors=None
    ),
    "defaults spelt out": edit(TRAIL, isOrganizationTrail=False, s3KeyPrefix="", advancedEventSelectors=[]),
    "selector of its defaults": edit(TRAIL, eventSelectors=[{"dataResources": []}]),
    "objects of one bucket": edit(TRAIL, eventSelectors=_objects("arn:aws:s3:::documents/")),
    "reads alone of one bucket beside": edit(
        TRAIL, eventSelectors=[*_selector(), {"includeManagementEvents": False, "readWriteType": "ReadOnly"}]
    ),
    "kept for longer": edit(TRAIL_LOG, retentionInDays=1096),
    "retention that another guardrail asks for": edit(TRAIL_LOG, retentionInDays=None),
    "delivery by patterns": edit(
        DELIVERY, policy='{"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}'
    ),
    "archive opened by patterns": _archive("cloudtrail", "s3:Get*", "s3:Put*"),
}

REJECTED: dict[str, Case] = {
    "no trail": Case(drop(TRAIL), at(_DECLARED, STACK)),
    "second trail": Case(
        chain(
            add(
                _TYPE,
                "more",
                {"isMultiRegionTrail": True, "enableLogFileValidation": True, "s3BucketName": UNKNOWN},
                kmsKeyId=["security-archive-key"],
                cloudWatchLogsGroupArn=[TRAIL_LOG],
                cloudWatchLogsRoleArn=[TRAIL_ROLE],
                s3BucketName=[ARCHIVE_POLICY],
            ),
            provide("more"),
        ),
        at(_DECLARED, STACK) | at(_ARCHIVED, "more"),
    ),
    **{
        f"{key} {value!r}": Case(edit(TRAIL, **{key: value}), at(_EVERYTHING, TRAIL))
        for key, values in (
            ("enableLogging", (False, UNKNOWN, "true")),
            ("isMultiRegionTrail", (False, None, UNKNOWN, "true")),
            ("includeGlobalServiceEvents", (False, UNKNOWN)),
            ("isOrganizationTrail", (True, UNKNOWN)),
            ("advancedEventSelectors", ([{"fieldSelectors": []}], UNKNOWN)),
            (
                "eventSelectors",
                (
                    _selector(includeManagementEvents=False),
                    _selector(readWriteType="WriteOnly"),
                    _selector(excludeManagementEventSources=["kms.amazonaws.com"]),
                    _selector(readWriteType=UNKNOWN),
                ),
            ),
        )
        for value in values
    },
    "selectors that are not known": Case(
        edit(TRAIL, eventSelectors=UNKNOWN), at(_EVERYTHING, TRAIL) | at(_BOUNDED, TRAIL)
    ),
    **{
        f"objects of {arn}": Case(edit(TRAIL, eventSelectors=_objects(arn)), at(_BOUNDED, TRAIL))
        for arn in ("arn:aws:s3", "arn:aws:s3:::", "arn:aws:lambda")
    },
    **{
        f"validation {value!r}": Case(edit(TRAIL, enableLogFileValidation=value), at(_VALIDATED, TRAIL))
        for value in (False, None, UNKNOWN, "true")
    },
    **{
        f"key {value!r}": Case(edit(TRAIL, kmsKeyId=value), at(_ENCRYPTED, TRAIL))
        for value in (None, UNKNOWN, "alias/aws/cloudtrail")
    },
    "key that is none": Case(point(TRAIL, "kmsKeyId", "security-alerts-warning"), at(_ENCRYPTED, TRAIL)),
    **{
        f"bucket {value!r}": Case(edit(TRAIL, s3BucketName=value), at(_ARCHIVED, TRAIL))
        for value in (None, UNKNOWN, "elsewhere")
    },
    "archive of access logs": Case(point(TRAIL, "s3BucketName", "security-access-logs-policy"), at(_ARCHIVED, TRAIL)),
    "archive without a policy": Case(drop(ARCHIVE_POLICY), at(_ARCHIVED, TRAIL)),
    "archive that is not checked": Case(_archive("cloudtrail", "s3:PutObject"), at(_ARCHIVED, TRAIL)),
    "archive that takes nothing": Case(_archive("cloudtrail", "s3:GetBucketAcl"), at(_ARCHIVED, TRAIL)),
    "archive whose policy is not known": Case(edit(ARCHIVE_POLICY, policy=UNKNOWN), at(_ARCHIVED, TRAIL)),
    "prefix": Case(edit(TRAIL, s3KeyPrefix="trail"), at(_ARCHIVED, TRAIL)),
    "prefix that is not known": Case(edit(TRAIL, s3KeyPrefix=UNKNOWN), at(_ARCHIVED, TRAIL)),
    **{
        f"log group {value!r}": Case(
            edit(TRAIL, cloudWatchLogsGroupArn=value), at(_LOGGED, TRAIL) | at(_COUNTED, TRAIL)
        )
        for value in (None, UNKNOWN, "arn:aws:logs:us-east-1:444455556666:log-group:x:*")
    },
    "role left out": Case(edit(TRAIL, cloudWatchLogsRoleArn=None), at(_LOGGED, TRAIL)),
    "role that may not write": Case(drop(DELIVERY), at(_LOGGED, TRAIL)),
    "role that may open streams only": Case(
        edit(DELIVERY, policy='{"Statement": {"Effect": "Allow", "Action": "logs:CreateLogStream"}}'),
        at(_LOGGED, TRAIL),
    ),
    **{
        f"kept for {days!r} days": Case(edit(TRAIL_LOG, retentionInDays=days), at(_LOGGED, TRAIL))
        for days in (545, UNKNOWN, "731")
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_an_organization_may_have_the_trail() -> None:
    relaxed = {_DECLARED: {"required": False}}
    assert violations(drop(TRAIL)(recorded("prod")), relaxed) == set()
    assert violations(REJECTED["second trail"].change(recorded("prod")), relaxed) >= at(_DECLARED, STACK)
