from typing import Any

from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.security_layer.judged import broken, recorded, refer
from tests.support.editing import UNKNOWN

_AUDIT, _ACCESS = "security-audit-logs-bucket", "security-access-logs-bucket"
_OF_AUDIT, _OF_ACCESS = "security-audit-logs", "security-access-logs"
_PREFIXES = {_AUDIT: _OF_AUDIT, _ACCESS: _OF_ACCESS}
_PRIVATE, _ACLS, _VERSIONED = "buckets-private", "buckets-without-acls", "buckets-versioned"
_ENCRYPTED, _LOGGED, _LIFECYCLE = "buckets-encrypted", "buckets-logged", "buckets-have-lifecycle"
_ABORTED, _SEPARATE, _KEPT = "uploads-aborted", "bucket-settings-separate", "buckets-not-emptied"
_OF_STACK = "bucket-settings-of-stack"
_COMPANIONS = {
    "public-access-block": _PRIVATE,
    "ownership": _ACLS,
    "versioning": _VERSIONED,
    "encryption": _ENCRYPTED,
    "lifecycle": _LIFECYCLE,
}
_LOGGING = f"{_OF_AUDIT}-logging"
_KEY = "security-archive-key"
_UNLOGGED = at(_LOGGED, _AUDIT, _ACCESS) | at(_ENCRYPTED, _ACCESS)
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _rules(*rules: Any, prefix: str = _OF_AUDIT, key: str = _KEY) -> Change:
    """Set the default encryption of a bucket; its property refers to ``key``."""
    return refer(f"{prefix}-encryption", "rules", list(rules), key)


def _encrypts(algorithm: Any = "aws:kms", key: Any = UNKNOWN, *, bucket_key: Any = True) -> dict[str, Any]:
    default = {"sseAlgorithm": algorithm} | ({} if key is None else {"kmsMasterKeyId": key})
    return {"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": bucket_key}


def _expires(**changes: Any) -> dict[str, Any]:
    rule = {"id": "one", "status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}, **changes}
    return {key: value for key, value in rule.items() if value is not None}


_UNREADABLE_RULES = (UNKNOWN, "all", [_expires(status=UNKNOWN)])
_balancer = add(
    "aws:alb/loadBalancer:LoadBalancer",
    "balancer",
    {"accessLogs": {"bucket": UNKNOWN, "enabled": True}},
    accessLogs=[f"{_OF_ACCESS}-policy"],
)
_media = chain(
    add("aws:s3/bucketV2:BucketV2", "media", {"bucket": "media"}),
    *(
        add(f"aws:s3/bucket{kind}V2:Bucket{kind}V2", f"media-{kind}", {"bucket": UNKNOWN, **inputs}, bucket=["media"])
        for kind, inputs in {
            "Versioning": {"versioningConfiguration": {"status": "Enabled"}},
            "LifecycleConfiguration": {"rules": [_expires()]},
        }.items()
    ),
    add(
        "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        "media-encryption",
        {"bucket": UNKNOWN, "rules": [_encrypts()]},
        bucket=["media"],
        rules=["security-data-key"],
    ),
    add(
        "aws:s3/bucketLoggingV2:BucketLoggingV2",
        "media-logging",
        {"bucket": UNKNOWN, "targetBucket": UNKNOWN, "targetPrefix": "s3/media/"},
        bucket=["media"],
        targetBucket=[_ACCESS],
    ),
)
_MEDIA = at(_PRIVATE, "media") | at(_ACLS, "media") | at("tls-only", "media")

ACCEPTED: dict[str, Change] = {
    "companions known from each other": chain(
        *(point(f"{_OF_AUDIT}-{name}", "bucket", f"{_OF_AUDIT}-policy") for name in _COMPANIONS)
    ),
    "logs delivered to the bucket itself": point(_LOGGING, "targetBucket", _ACCESS),
    "logs of a load balancer": _balancer,
    "another key of the stack": _rules(_encrypts(), key="security-data-key"),
    "inline settings spelt out as empty": edit(_AUDIT, acl="", grants=[], versioning=None),
    "forced destruction left out": edit(_AUDIT, forceDestroy=None),
    "lifecycle rule without filter": edit(f"{_OF_AUDIT}-lifecycle", rules=[_expires()]),
    "lifecycle rule with an empty prefix": edit(f"{_OF_AUDIT}-lifecycle", rules=[_expires(prefix="")]),
    "one more lifecycle rule": edit(
        f"{_OF_AUDIT}-lifecycle", rules=[_expires(filter={"prefix": "x/"}, status="Disabled"), _expires(id="two")]
    ),
}

REJECTED: dict[str, Case] = {
    # companions
    **{
        f"without {name} of {bucket}": Case(drop(f"{prefix}-{name}"), at(guardrail, bucket))
        for name, guardrail in _COMPANIONS.items()
        for bucket, prefix in _PREFIXES.items()
    },
    **{
        f"{name} of another bucket": Case(
            point(f"{_OF_AUDIT}-{name}", "bucket", _ACCESS), at(guardrail, _AUDIT, _ACCESS)
        )
        for name, guardrail in _COMPANIONS.items()
    },
    **{
        f"{name} of a literal bucket": Case(
            edit(f"{_OF_AUDIT}-{name}", bucket="audit"), at(guardrail, _AUDIT) | at(_OF_STACK, f"{_OF_AUDIT}-{name}")
        )
        for name, guardrail in _COMPANIONS.items()
    },
    **{
        f"{name} of another stack's bucket": Case(
            chain(other_stack, point(f"{_OF_AUDIT}-{name}", "bucket", ELSEWHERE)),
            at(guardrail, _AUDIT) | at(_OF_STACK, f"{_OF_AUDIT}-{name}"),
        )
        for name, guardrail in _COMPANIONS.items()
    },
    "object lock of a literal bucket": Case(
        edit(f"{_OF_AUDIT}-lock", bucket="audit"), at(_OF_STACK, f"{_OF_AUDIT}-lock") | at("audit-logs-locked", _AUDIT)
    ),
    # public access
    **{
        f"{key} {value!r}": Case(edit(f"{_OF_AUDIT}-public-access-block", **{key: value}), at(_PRIVATE, _AUDIT))
        for key in _BLOCKS
        for value in (False, None, UNKNOWN, "true")
    },
    # access control lists
    **{
        f"ownership {value!r}": Case(edit(f"{_OF_AUDIT}-ownership", rule=value), at(_ACLS, _AUDIT))
        for value in (
            {"objectOwnership": "ObjectWriter"},
            {"objectOwnership": "BucketOwnerPreferred"},
            {"objectOwnership": UNKNOWN},
            {"objectOwnership": True},
            {},
            None,
            UNKNOWN,
            "BucketOwnerEnforced",
        )
    },
    **{
        f"{type_}": Case(add(type_, "more", {"bucket": UNKNOWN, "acl": "private"}, bucket=[_AUDIT]), at(_ACLS, "more"))
        for type_ in ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
    },
    # versions
    **{
        f"versioning {value!r}": Case(
            edit(f"{_OF_AUDIT}-versioning", versioningConfiguration=value), at(_VERSIONED, _AUDIT)
        )
        for value in ({"status": "Suspended"}, {"status": "Disabled"}, {"status": UNKNOWN}, {"status": True}, {}, None)
    },
    # encryption
    **{
        f"encryption by {rules!r}": Case(_rules(*rules), at(_ENCRYPTED, _AUDIT))
        for rules in (
            [],
            [{}],
            [_encrypts("AES256", None)],
            [_encrypts("aws:kms:dsse")],
            [_encrypts(UNKNOWN)],
            [_encrypts(7)],
            [_encrypts(key=None)],
            [_encrypts(bucket_key=False)],
            [_encrypts(bucket_key=None)],
            [_encrypts(bucket_key=UNKNOWN)],
            [_encrypts(bucket_key="true")],
            [_encrypts(), _encrypts("AES256", None)],
            [UNKNOWN],
            ["aws:kms"],
        )
    },
    **{
        f"encryption by {rules!r} as a whole": Case(
            edit(f"{_OF_AUDIT}-encryption", rules=rules), at(_ENCRYPTED, _AUDIT)
        )
        for rules in (UNKNOWN, "aws:kms", [_encrypts(key="alias/aws/s3")], [_encrypts(key="arn:aws:kms:::key/1")])
    },
    "key of another stack": Case(chain(other_stack, _rules(_encrypts(), key=ELSEWHERE)), at(_ENCRYPTED, _AUDIT)),
    "access logs encrypted with a key": Case(_rules(_encrypts(), prefix=_OF_ACCESS), at(_ENCRYPTED, _ACCESS)),
    # logging
    "without logging": Case(drop(_LOGGING), _UNLOGGED),
    "logged twice": Case(
        add("aws:s3/bucketLogging:BucketLogging", "more", {}, bucket=[_AUDIT], targetBucket=[_ACCESS]),
        at(_LOGGED, _AUDIT),
    ),
    "without logging, beside a load balancer's": Case(chain(_balancer, drop(_LOGGING)), at(_LOGGED, _AUDIT)),
    "logging to itself": Case(point(_LOGGING, "targetBucket", _AUDIT), _UNLOGGED),
    "logging to a literal": Case(edit(_LOGGING, targetBucket="logs"), _UNLOGGED),
    "logging to another stack": Case(chain(other_stack, point(_LOGGING, "targetBucket", ELSEWHERE)), _UNLOGGED),
    "logging of a literal": Case(edit(_LOGGING, bucket="audit"), at(_LOGGED, _AUDIT) | at(_OF_STACK, _LOGGING)),
    # lifecycle
    **{
        f"lifecycle rules {rules!r}": Case(
            edit(f"{_OF_AUDIT}-lifecycle", rules=rules),
            at(_ABORTED, f"{_OF_AUDIT}-lifecycle")
            | (at("audit-logs-kept-two-years", _AUDIT) if rules in _UNREADABLE_RULES else set()),
        )
        for rules in (
            None,
            [],
            UNKNOWN,
            "all",
            [_expires(status="Disabled")],
            [_expires(status=UNKNOWN)],
            [_expires(abortIncompleteMultipartUpload=None)],
            [_expires(abortIncompleteMultipartUpload={})],
            [_expires(abortIncompleteMultipartUpload={"daysAfterInitiation": 0})],
            [_expires(abortIncompleteMultipartUpload={"daysAfterInitiation": UNKNOWN})],
            [_expires(prefix="logs/")],
            [_expires(filter={"prefix": "logs/"})],
            [_expires(filter={"prefix": UNKNOWN})],
            [_expires(filter={"tag": {"key": "a", "value": "b"}})],
            [_expires(filter={"and": {"prefix": "logs/"}})],
            [_expires(filter={"objectSizeGreaterThan": 1})],
            [_expires(filter={"objectSizeLessThan": 1000})],
        )
    },
    # the bucket itself
    **{
        f"inline {key}": Case(edit(_AUDIT, **{key: value}), at(_SEPARATE, _AUDIT))
        for key, value in {
            "accelerationStatus": "Enabled",
            "acl": "private",
            "corsRules": [{"allowedOrigins": ["*"]}],
            "grants": [{"type": "Group"}],
            "lifecycleRules": [{"enabled": True}],
            "logging": {"targetBucket": "logs"},
            "objectLockConfiguration": {"rule": {}},
            "replicationConfiguration": {"role": "role"},
            "requestPayer": "Requester",
            "serverSideEncryptionConfiguration": {"rule": {}},
            "versioning": {"enabled": False},
            "website": UNKNOWN,
        }.items()
    },
    **{
        f"forced destruction {value!r}": Case(edit(_AUDIT, forceDestroy=value), at(_KEPT, _AUDIT))
        for value in (True, UNKNOWN, "false")
    },
    # by its other names
    "bucket of the second version": Case(_media, _MEDIA),
    "bucket of the second version that is destroyed": Case(
        chain(_media, edit("media", forceDestroy=True)), _MEDIA | at(_KEPT, "media")
    ),
    "lifecycle of the second version": Case(
        chain(_media, edit("media-LifecycleConfiguration", rules=[])),
        _MEDIA | at(_ABORTED, "media-LifecycleConfiguration"),
    ),
    "versioning of the second version": Case(
        chain(_media, edit("media-Versioning", versioningConfiguration={"status": "Suspended"})),
        _MEDIA | at(_VERSIONED, "media"),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
