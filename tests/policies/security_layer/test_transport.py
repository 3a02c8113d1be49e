from typing import Any

from tests.policies.breaking import Case, Change, add, at, cases, drop, edit, point
from tests.policies.security_layer.judged import ACCOUNT, OTHER_ACCOUNT, broken, give, recorded, statements_of
from tests.support.editing import UNKNOWN, edited

_TLS, _SCOPED, _HTTP = "tls-only", "resource-policies-scoped", "subscriptions-over-tls"
_TOPIC, _TOPIC_POLICY = "security-alerts-critical", "security-alerts-critical-policy"
_BUCKET, _BUCKET_POLICY = "security-audit-logs-bucket", "security-audit-logs-policy"
_VERSIONING, _ACCESS = "security-audit-logs-versioning", "security-access-logs-bucket"
_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
_POLICIES = {_TOPIC_POLICY: _TOPIC, _BUCKET_POLICY: _BUCKET}
_ARN = f"arn:aws:s3:::fitness-platform-audit-prod-{ACCOUNT}-us-east-1"
_TOPIC_ARN = f"arn:aws:sns:us-east-1:{ACCOUNT}:fitness-platform-prod-alerts-critical"


def _denial(policy: str, **changes: Any) -> Change:
    """Change the statement that refuses requests without TLS; ``None`` takes an element out."""
    *others, denial = statements_of(policy)
    changed = {key: value for key, value in {**denial, **changes}.items() if value is not None}
    return give(policy, *others, changed)


def _secure(operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {operator: {"aws:SecureTransport": value, **more}}


def _called(name: str, key: str, value: Any) -> Change:
    """Change what a bucket or a topic is called by AWS."""
    return lambda topology: edited(topology, name, {key: value})


def _subscribed(**inputs: Any) -> Change:
    return add(_SUBSCRIPTION, "more", {"topic": UNKNOWN, "endpoint": "somewhere", **inputs}, topic=[_TOPIC])


_SAME: dict[str, dict[str, Any]] = {
    "everybody of AWS": {"Principal": {"AWS": "*"}},
    "everybody in a list": {"Principal": {"AWS": ["*"]}},
    "every action there is": {"Action": ["*"]},
    "value that is no text": {"Condition": _secure("Bool", False)},
    "value in a list": {"Condition": _secure("Bool", ["false"])},
    "key in other letters": {"Condition": {"Bool": {"AWS:SecureTransport": "False"}}},
    "no name": {"Sid": None},
}
_LESS: dict[str, dict[str, Any]] = {
    "allowed": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}},
    "effect left out": {"Effect": None, "Principal": {"AWS": ACCOUNT}, "Action": "x:Read"},
    "somebody": {"Principal": {"AWS": ACCOUNT}},
    "everybody but": {"Principal": None, "NotPrincipal": {"AWS": ACCOUNT}},
    "no principal": {"Principal": None},
    "some action": {"Action": ["s3:PutObject", "sns:Subscribe"]},
    "every action but": {"Action": None, "NotAction": "x:Read"},
    "no action": {"Action": None},
    "every resource but": {"Resource": None, "NotResource": "arn:aws:s3:::other"},
    "another resource": {"Resource": [f"{_ARN}-2", f"{_ARN}-2/*", f"{_TOPIC_ARN}-2"]},
    "no condition": {"Condition": None},
    "with TLS": {"Condition": _secure("Bool", "true")},
    "either way": {"Condition": _secure("Bool", ["false", "true"])},
    "if known": {"Condition": _secure("BoolIfExists", "false")},
    "as text": {"Condition": _secure("StringEquals", "false")},
    "somewhere else": {"Condition": {**_secure("Bool", "false"), "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
    "with MFA only": {"Condition": _secure("Bool", "false", **{"aws:MultiFactorAuthPresent": "true"})},
    "another key": {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
}

ACCEPTED: dict[str, Change] = {
    **{f"{what}, in {policy}": _denial(policy, **changes) for what, changes in _SAME.items() for policy in _POLICIES},
    "denial first": give(_BUCKET_POLICY, *reversed(statements_of(_BUCKET_POLICY))),
    "one pattern for bucket and objects": _denial(_BUCKET_POLICY, Resource=f"{_ARN}*"),
    "every action of topics": _denial(_TOPIC_POLICY, Action="SNS:*"),
    "every resource, of a topic": _denial(_TOPIC_POLICY, Resource="*"),
    "bucket known from a companion": point(_BUCKET_POLICY, "bucket", _VERSIONING),
    **{f"subscription by {name}": _subscribed(protocol=name) for name in ("https", "email", "sqs", "lambda")},
}

_MORE_BROKEN = {("allowed", _BUCKET_POLICY), ("no condition", _BUCKET_POLICY)}

REJECTED: dict[str, Case] = {
    **{
        f"{what}, in {policy}": Case(
            _denial(policy, **changes),
            at(_TLS, holder) | (at(_SCOPED, policy) if (what, policy) in _MORE_BROKEN else set()),
        )
        for what, changes in _LESS.items()
        for policy, holder in _POLICIES.items()
    },
    **{
        f"not denied by {policy}": Case(give(policy, *statements_of(policy)[:-1]), at(_TLS, holder))
        for policy, holder in _POLICIES.items()
    },
    "bucket without its objects": Case(_denial(_BUCKET_POLICY, Resource=_ARN), at(_TLS, _BUCKET)),
    "objects without their bucket": Case(_denial(_BUCKET_POLICY, Resource=f"{_ARN}/*"), at(_TLS, _BUCKET)),
    "some objects": Case(_denial(_BUCKET_POLICY, Resource=[_ARN, f"{_ARN}/logs/*"]), at(_TLS, _BUCKET)),
    "some action of buckets": Case(_denial(_BUCKET_POLICY, Action="s3:Get*"), at(_TLS, _BUCKET)),
    **{
        f"topic {arn}": Case(_denial(_TOPIC_POLICY, Resource=arn), at(_TLS, _TOPIC))
        for arn in (
            _TOPIC_ARN.replace(ACCOUNT, OTHER_ACCOUNT),
            _TOPIC_ARN.replace("us-east-1", "eu-west-1"),
            f"{_TOPIC_ARN}/*",
        )
    },
    **{
        f"{name} not known by its name": Case(_called(name, key, value), at(_TLS, name))
        for name, key in ((_BUCKET, "bucket"), (_TOPIC, "name"))
        for value in (None, UNKNOWN, 7)
    },
    **{f"without {policy}": Case(drop(policy), at(_TLS, holder)) for policy, holder in _POLICIES.items()},
    "without the policy through which a bucket is known": Case(
        drop("security-access-logs-policy"),
        at(_TLS, _ACCESS) | at("buckets-encrypted", _ACCESS) | at("buckets-logged", _BUCKET, _ACCESS),
    ),
    "policy of another bucket": Case(
        point(_BUCKET_POLICY, "bucket", _ACCESS),
        at(_TLS, _BUCKET, _ACCESS)
        | at("audit-logs-kept-two-years", _ACCESS)  # which trails may write to now
        | at("audit-logs-locked", _ACCESS),
    ),
    "policy of another topic": Case(
        point(_TOPIC_POLICY, "arn", "security-alerts-warning"), at(_TLS, _TOPIC, "security-alerts-warning")
    ),
    "policy of a literal bucket": Case(edit(_BUCKET_POLICY, bucket="audit"), at(_TLS, _BUCKET)),
    "policy of a literal topic": Case(edit(_TOPIC_POLICY, arn=_TOPIC_ARN), at(_TLS, _TOPIC)),
    "another bucket": Case(
        add("aws:s3/bucketV2:BucketV2", "more", {"bucket": "more"}),
        at("buckets-private", "more")
        | at("buckets-without-acls", "more")
        | at("buckets-versioned", "more")
        | at("buckets-encrypted", "more")
        | at("buckets-logged", "more")
        | at("buckets-have-lifecycle", "more")
        | at(_TLS, "more"),
    ),
    **{
        f"subscription by {name!r}": Case(_subscribed(protocol=name), at(_HTTP, "more"))
        for name in ("http", "HTTP", "", UNKNOWN, 7)
    },
    "subscription by nothing": Case(_subscribed(), at(_HTTP, "more")),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
