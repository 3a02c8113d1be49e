from collections.abc import Callable
from typing import Any

import pytest

from guardrails.security_layer.bucket_policies import BUCKET_POLICY_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import Case, Change, add, at, cases, edit
from tests.policies.engine import first_preview, later_preview
from tests.policies.security_layer.judged import ACCOUNT, document, extend, give
from tests.support.editing import UNKNOWN
from tests.support.judging import violations
from tests.support.recording import recorded

_POLICIES, _DOOR = "bucket-policies-for-services", "buckets-have-one-door"
_AUDIT = "security-audit-logs-policy"
_ARN = f"arn:aws:s3:::fitness-platform-audit-prod-{ACCOUNT}-us-east-1"


def _allow(principal: Any, action: Any = "s3:GetObject", **more: Any) -> dict[str, Any]:
    return {"Sid": "More", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": f"{_ARN}/*", **more}


_SERVICE = {"Service": "cloudfront.amazonaws.com"}

ACCEPTED: dict[str, Change] = {
    "one more service": extend(_AUDIT, _allow(_SERVICE, ["s3:GetObject", "s3:PutObject"])),
    "a denial of everything": extend(_AUDIT, {**_allow("*", "*"), "Effect": "Deny"}),
    "a policy of images": add(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "more",
        {"policy": document(_allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))},
    ),
}

REJECTED: dict[str, Case] = {
    **{
        f"principal {principal!r}": Case(extend(_AUDIT, _allow(principal)), at(_POLICIES, _AUDIT))
        for principal in (
            "*",
            {"AWS": "*"},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"},
            {**_SERVICE, "AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            {"CanonicalUser": "0" * 64},
            {"Federated": "cognito-identity.amazonaws.com"},
            None,
        )
    },
    **{
        f"action {action!r}": Case(extend(_AUDIT, _allow(_SERVICE, action)), at(_POLICIES, _AUDIT))
        for action in ("s3:*", "*", "s3:Get*", ["s3:GetObject", "s3:PutObject?agging"])
    },
    "everything but": Case(
        extend(_AUDIT, {"Effect": "Allow", "Principal": _SERVICE, "NotAction": "s3:GetObject", "Resource": _ARN}),
        at(_POLICIES, _AUDIT),
    ),
    "everybody but": Case(
        give(_AUDIT, {"Effect": "Allow", "NotPrincipal": _SERVICE, "Action": "s3:GetObject", "Resource": _ARN}),
        at(_POLICIES, _AUDIT),
    ),
    **{f"policy {policy!r}": Case(edit(_AUDIT, policy=policy), at(_POLICIES, _AUDIT)) for policy in (UNKNOWN, "{", 7)},
    **{
        type_: Case(add(type_, "more", {"bucket": UNKNOWN}, bucket=["media-documents-bucket"]), at(_DOOR, "more"))
        for type_ in (
            "aws:s3/accessPoint:AccessPoint",
            "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
            "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
            "aws:s3control/accessGrant:AccessGrant",
            "aws:s3control/accessPointPolicy:AccessPointPolicy",
            "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
            "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy",
            "aws:s3control/objectLambdaAccessPoint:ObjectLambdaAccessPoint",
        )
    },
}

_SHOWN: list[Callable[[Topology], Topology]] = [lambda topology: topology, first_preview, later_preview]
as_shown = pytest.mark.parametrize("shown", _SHOWN, ids=["as declared", "first preview", "later preview"])


@as_shown
@cases(ACCEPTED)
def test_accepts(case: Change, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(case(recorded("prod"))), of=BUCKET_POLICY_GUARDRAILS) == set()


@as_shown
@cases(REJECTED)
def test_rejects(case: Case, shown: Callable[[Topology], Topology]) -> None:
    assert violations(shown(case.change(recorded("prod"))), of=BUCKET_POLICY_GUARDRAILS) == case.violations
