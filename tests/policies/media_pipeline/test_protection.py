from typing import Any

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit
from tests.policies.media_pipeline.judged import broken, bucket, more_rules, more_statements, rule, statement
from tests.support.editing import UNKNOWN
from tests.support.judging import dev_config
from tests.support.recording import recorded

_LOCKED, _MFA, _KEPT = "documents-and-backups-locked", "versions-deleted-with-mfa", "versions-kept"
_DOCUMENTS, _BACKUPS, _VIDEOS = "media-documents-bucket", "media-backups-bucket", "media-videos-bucket"
_POLICY = "media-videos-policy"
_VERSIONS, _PROTECTION = "VersionsDeletedWithMfa", "ProtectionChangedWithMfa"
_ARN = f"arn:aws:s3:::{bucket('videos')}"
_WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
_OWN = "arn:aws:iam::444455556666:role/"


def _lock(of: str, **retention: Any) -> Change:
    return edit(f"media-{of}-lock", rule={"defaultRetention": retention})


def _but(*operators: Any) -> dict[str, Any]:
    return {**_WITHOUT_MFA, **dict(operators)}


ACCEPTED: dict[str, Change] = {
    "locked for good": _lock("backups", mode="COMPLIANCE", days=30),
    "locked for years": _lock("documents", mode="GOVERNANCE", years=1),
    "versions for ever": rule("media-videos-lifecycle", "tidy", noncurrentVersionExpiration=None),
    "versions for 30 days": rule("media-videos-lifecycle", "tidy", noncurrentVersionExpiration={"noncurrentDays": 30}),
    "versions deleted by a disabled rule": more_rules(
        "media-images-lifecycle",
        {"id": "more", "status": "Disabled", "noncurrentVersionExpiration": {"noncurrentDays": 1}},
    ),
    "nobody exempt": statement(_POLICY, _PROTECTION, Condition=_WITHOUT_MFA),
    "principal in the long form": statement(_POLICY, _VERSIONS, Principal={"AWS": "*"}),
    "principal in a list": statement(_POLICY, _VERSIONS, Principal={"AWS": ["*"]}),
    "a role with a path": statement(
        _POLICY, _PROTECTION, Condition=_but(("ArnNotEquals", {"aws:PrincipalArn": f"{_OWN}ci/deploy"}))
    ),
    "denials in two statements": chain(
        statement(_POLICY, _VERSIONS, Action="s3:DeleteObjectVersion"),
        more_statements(
            _POLICY,
            {
                "Sid": "More",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:bypassgovernanceretention"],
                "Resource": f"{_ARN}*",
                "Condition": _WITHOUT_MFA,
            },
        ),
    ),
}

REJECTED: dict[str, Case] = {
    # locks
    **{
        f"{of} without lock": Case(drop(f"media-{of}-lock"), at(_LOCKED, f"media-{of}-bucket"))
        for of in ("documents", "backups")
    },
    **{
        f"{of} locked by {retention}": Case(_lock(of, **retention), at(_LOCKED, f"media-{of}-bucket"))
        for of in ("documents", "backups")
        for retention in (
            {},
            {"days": 35},
            {"mode": "GOVERNANCE"},
            {"mode": "GOVERNANCE", "days": 29},
            {"mode": "GOVERNANCE", "days": UNKNOWN},
            {"mode": "none", "days": 35},
            {"mode": UNKNOWN, "days": 35},
        )
    },
    **{
        f"objectLockEnabled {value!r}": Case(edit(_BACKUPS, objectLockEnabled=value), at(_LOCKED, _BACKUPS))
        for value in (False, None, UNKNOWN, "true")
    },
    # deletion with MFA
    "without a policy": Case(  # which uploads are told of after it, so that they lead nowhere
        drop(_POLICY), at(_MFA, _VIDEOS) | at("media-served-in-part", _VIDEOS) | at("uploads-encoded", _VIDEOS)
    ),
    **{f"without {sid}": Case(statement(_POLICY, sid), at(_MFA, _VIDEOS)) for sid in (_VERSIONS, _PROTECTION)},
    **{
        f"{sid}: {key} {value!r}": Case(statement(_POLICY, sid, **{key: value}), at(_MFA, _VIDEOS))
        for sid in (_VERSIONS, _PROTECTION)
        for key, value in (
            ("Effect", "Allow"),
            ("Principal", {"AWS": f"{_OWN}app"}),
            ("Action", "s3:PutObject"),
            ("Resource", "arn:aws:s3:::another"),
            ("NotAction", "s3:GetObject"),
            ("Condition", {}),
            ("Condition", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
            ("Condition", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
            ("Condition", _but(("StringEquals", {"aws:PrincipalAccount": "444455556666"}))),
            ("Condition", _but(("ArnNotEquals", {"aws:PrincipalArn": f"{_OWN}*"}))),
            ("Condition", _but(("ArnNotEquals", {"aws:PrincipalArn": "arn:aws:iam::999988887777:role/deploy"}))),
            ("Condition", _but(("ArnNotEquals", {"aws:PrincipalArn": "arn:aws:iam::444455556666:user/somebody"}))),
            ("Condition", _but(("ArnNotEquals", {"aws:PrincipalArn": [f"{_OWN}deploy", f"{_OWN}app"]}))),
        )
    },
    "versions deleted by a role without MFA": Case(
        statement(_POLICY, _VERSIONS, Condition=_but(("ArnNotEquals", {"aws:PrincipalArn": f"{_OWN}deploy"}))),
        at(_MFA, _VIDEOS),
    ),
    "versioning left out": Case(
        statement(_POLICY, _PROTECTION, Action=["s3:PutLifecycleConfiguration", "s3:PutBucketPolicy"]),
        at(_MFA, _VIDEOS),
    ),
    "an unreadable policy": Case(
        edit(_POLICY, policy=UNKNOWN), at(_MFA, _VIDEOS) | at("media-served-in-part", _VIDEOS)
    ),
    # versions
    **{
        f"versions for {days!r} days": Case(
            rule("media-videos-lifecycle", "tidy", noncurrentVersionExpiration={"noncurrentDays": days}),
            at(_KEPT, "media-videos-lifecycle"),
        )
        for days in (29, 1, UNKNOWN, "90")
    },
    "access logs' versions": Case(
        rule("security-access-logs-lifecycle", "expire", noncurrentVersionExpiration={"noncurrentDays": 29}),
        at(_KEPT, "security-access-logs-lifecycle"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


def test_locks_may_be_left_out_where_a_config_says_so() -> None:
    change = chain(drop("media-documents-lock"), edit(_DOCUMENTS, objectLockEnabled=False))
    config = {_LOCKED: dev_config()[_LOCKED]}
    assert broken(change(recorded("prod")), config) == set()
