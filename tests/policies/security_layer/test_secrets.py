from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, edit, other_stack, point
from tests.policies.security_layer.judged import broken, recorded
from tests.support.editing import UNKNOWN

_SECRET, _VALUE = "database-app-secret", "database-app-secret-value"
_PRIMARY, _REPLICA = "database-primary", "database-analytics"
_ENCRYPTED, _RECOVERABLE = "secrets-encrypted", "secrets-recoverable"
_WRITE_ONLY, _OWN = "secret-values-write-only", "master-passwords-own"
_REPLICAS, _OF_STACK = "secret-replicas-encrypted", "secret-values-of-stack"
_PARAMETER = "parameters-encrypted"
_FAR_KEY = "arn:aws:kms:us-west-2:444455556666:key/1"
_GIVEN = ("hunter2", UNKNOWN, 7)


def _cluster(**inputs: object) -> Change:
    given = {"vpcSecurityGroupIds": [UNKNOWN], **inputs}
    return add("aws:rds/cluster:Cluster", "more", given, vpcSecurityGroupIds=["groups-rds"])


def _parameter(*to: str, **inputs: object) -> Change:
    given = {"type": "SecureString", "keyId": UNKNOWN, **inputs}
    return add("aws:ssm/parameter:Parameter", "more", given, keyId=list(to))


ACCEPTED: dict[str, Change] = {
    "parameter": _parameter("security-secrets-key"),
    "no replica": edit(_SECRET, replicas=None),
    "value of another secret of the stack": point(_VALUE, "secretId", "database-owner-secret"),
    "window left to its default": edit(_SECRET, recoveryWindowInDays=None),
    "shortest window": edit(_SECRET, recoveryWindowInDays=7),
    "another key of the stack": point(_SECRET, "kmsKeyId", "security-data-key"),
    "value not known yet": edit(_VALUE, secretStringWo=UNKNOWN),
    "values spelt out as empty": edit(_VALUE, secretString="", secretBinary=""),
    "password spelt out as empty": edit(_PRIMARY, password="", manageMasterUserPassword=False),
    "cluster with a password that is written": _cluster(masterPasswordWo="hunter2"),
}

REJECTED: dict[str, Case] = {
    **{
        f"parameter of type {type_!r}": Case(_parameter("security-secrets-key", type=type_), at(_PARAMETER, "more"))
        for type_ in ("String", "StringList", None, UNKNOWN, 7)
    },
    **{
        f"parameter with key {key!r}": Case(_parameter(keyId=key), at(_PARAMETER, "more"))
        for key in (None, "", "alias/aws/ssm", UNKNOWN)
    },
    "parameter whose value is shown": Case(
        _parameter("security-secrets-key", insecureValue="x"), at(_PARAMETER, "more")
    ),
    "parameter with a key of another stack": Case(chain(other_stack, _parameter(ELSEWHERE)), at(_PARAMETER, "more")),
    **{
        f"replicas {value!r}": Case(edit(_SECRET, replicas=value), at(_REPLICAS, _SECRET))
        for value in (
            [{"region": "us-west-2"}],
            [{"region": "us-west-2", "kmsKeyId": "arn:aws:kms:us-west-2:999988887777:key/1"}],
            [{"region": "us-west-2", "kmsKeyId": UNKNOWN}, {"region": "eu-west-1", "kmsKeyId": ""}],
            [{"region": "us-west-2", "kmsKeyId": _FAR_KEY}],
            UNKNOWN,
            ["us-west-2"],
        )
    },
    **{
        f"value of {secret!r}": Case(edit(_VALUE, secretId=secret), at(_OF_STACK, _VALUE))
        for secret in ("by-hand", None, UNKNOWN)
    },
    **{
        f"key {value!r}": Case(edit(_SECRET, kmsKeyId=value), at(_ENCRYPTED, _SECRET))
        for value in (None, "", "alias/aws/secretsmanager", UNKNOWN, 7)
    },
    "key of another stack": Case(chain(other_stack, point(_SECRET, "kmsKeyId", ELSEWHERE)), at(_ENCRYPTED, _SECRET)),
    **{
        f"window {value!r}": Case(edit(_SECRET, recoveryWindowInDays=value), at(_RECOVERABLE, _SECRET))
        for value in (0, 1, 6, -1, UNKNOWN, "30")
    },
    **{
        f"{key} {value!r}": Case(edit(_VALUE, **{key: value}), at(_WRITE_ONLY, _VALUE))
        for key in ("secretString", "secretBinary")
        for value in _GIVEN
    },
    "no value": Case(edit(_VALUE, secretStringWo=None), at(_WRITE_ONLY, _VALUE)),
    **{
        f"password {value!r} of {name}": Case(edit(name, password=value), at(_WRITE_ONLY, name))
        for name in (_PRIMARY, _REPLICA)
        for value in _GIVEN
    },
    **{
        f"password managed {value!r} in {name}": Case(edit(name, manageMasterUserPassword=value), at(_OWN, name))
        for name in (_PRIMARY, _REPLICA)
        for value in (True, UNKNOWN, "false")
    },
    "cluster with a password": Case(_cluster(masterPassword="hunter2"), at(_WRITE_ONLY, "more")),
    "cluster with a managed password": Case(_cluster(manageMasterUserPassword=True), at(_OWN, "more")),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
