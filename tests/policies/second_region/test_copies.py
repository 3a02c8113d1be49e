from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.second_region.judged import amend, broken, refer, statement
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_FAR, _PLAN, _VAULT, _LOCK, _POLICY = (
    "database-far-backups",
    "database-backups-plan",
    "far-copies-vault",
    "far-copies-lock",
    "far-copies-policy",
)
_SECRET, _RULES = "database-app-secret", "compute-far-images-rules"
_REGION = "resources-in-one-region"
_ARN = "arn:aws:backup:us-west-2:444455556666:backup-vault:fitness-platform-prod-copies"
_REPLICATED = at("database-backups-replicated", "database-primary")
_KEPT, _ENCRYPTED = at("replicated-backups-kept", _FAR), at("replicated-backups-encrypted", _FAR)
_COPIED, _COPIES_KEPT = at("database-snapshots-copied", _PLAN), at("database-copies-kept", _PLAN)
_LOCKED, _WITH_MFA = at("copies-locked", _VAULT), at("copies-deleted-with-mfa", _VAULT)
_ROLE = "arn:aws:iam::444455556666:role/fitness-platform-deploy"
_NEAR = "keys-used-in-their-region"
_TASKS = ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
_IMAGES = at("images-replicated", *(f"compute-{task}-images" for task in _TASKS))
_OTHER_NAME = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other"}}
_DESTINATION = {"region": "us-west-2", "registryId": "444455556666"}


def _registry(destination: object, **rule: object) -> Change:
    return edit(_RULES, replicationConfiguration={"rules": [{"destinations": [destination], **rule}]})


ACCEPTED: dict[str, Change] = {
    "prod": lambda topology: topology,
    "copies kept for longer": amend(_PLAN, "rules", copyActions__lifecycle__deleteAfter=90),
    "longer lock": edit(_LOCK, minRetentionDays=36),
    "lock for compliance": edit(_LOCK, changeableForDays=3),
    "another key there": point(_FAR, "kmsKeyId", "far-archive-key"),
    "protection that nobody changes": statement(
        _POLICY, "ProtectionChangedWithMfa", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    ),
    "images of all repositories": _registry(_DESTINATION),
}

REJECTED: dict[str, Case] = {
    "nobody hears of copies that fail": Case(
        drop("observability-alarms-copies"), at("copies-watched", "database-backups-plan")
    ),
    "alarm on copies of another vault": Case(
        edit("observability-alarms-copies", dimensions={"BackupVaultName": "other"}),
        at("copies-watched", "database-backups-plan"),
    ),
    "no replicated backups": Case(drop(_FAR), _REPLICATED),
    "replicated backups of the replica": Case(point(_FAR, "sourceDbInstanceArn", "database-analytics"), _REPLICATED),
    "replicated backups here": Case(edit(_FAR, region=None), _REPLICATED | at(_NEAR, "far-data-key")),
    "replicated backups elsewhere": Case(edit(_FAR, region="eu-west-1"), at(_REGION, _FAR) | at(_NEAR, "far-data-key")),
    **{
        f"replicated backups kept for {days!r}": Case(edit(_FAR, retentionPeriod=days), _KEPT)
        for days in (None, 7, 34, 36, UNKNOWN, "35")
    },
    "replicated backups under no key": Case(chain(edit(_FAR, kmsKeyId=None), point(_FAR, "kmsKeyId")), _ENCRYPTED),
    "replicated backups under a key here": Case(
        point(_FAR, "kmsKeyId", "security-data-key"), at(_NEAR, "security-data-key")
    ),
    "no copies": Case(amend(_PLAN, "rules", copyActions=None), _COPIED),
    **{
        f"copies to {arn}": Case(amend(_PLAN, "rules", copyActions__destinationVaultArn=arn), _COPIED)
        for arn in (
            None,
            "x",
            UNKNOWN,
            _ARN.replace("us-west-2", "us-east-1"),
            _ARN.replace("4444", "9999"),
            f"{_ARN}-2",
        )
    },
    **{
        f"copies kept for {days!r}": Case(amend(_PLAN, "rules", copyActions__lifecycle__deleteAfter=days), _COPIES_KEPT)
        for days in (34, 0, None, UNKNOWN, "35")
    },
    "no lock": Case(drop(_LOCK), _LOCKED),
    "lock of the vault here": Case(point(_LOCK, "backupVaultName", "database-backups-vault"), _LOCKED),
    "lock in the region here": Case(edit(_LOCK, region=None), _LOCKED),
    **{f"lock for {days!r}": Case(edit(_LOCK, minRetentionDays=days), _LOCKED) for days in (None, 34, UNKNOWN, "35")},
    "no policy": Case(drop(_POLICY), _WITH_MFA),
    "policy in the region here": Case(edit(_POLICY, region=None), _WITH_MFA),
    "copies deleted without MFA": Case(statement(_POLICY, "CopiesDeletedWithMfa"), _WITH_MFA),
    "copies deleted without MFA by one role": Case(
        statement(
            _POLICY,
            "CopiesDeletedWithMfa",
            Condition={
                "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
                "ArnNotEquals": {"aws:PrincipalArn": _ROLE},
            },
        ),
        _WITH_MFA,
    ),
    "one copy deleted without MFA": Case(statement(_POLICY, "CopiesDeletedWithMfa", Resource=_ARN), _WITH_MFA),
    "lock taken off without MFA": Case(statement(_POLICY, "ProtectionChangedWithMfa"), _WITH_MFA),
    "key of a third region": Case(
        edit("far-data-key", region="eu-west-1"), at(_REGION, "far-data-key") | at(_NEAR, "far-data-key")
    ),
    "network there": Case(edit("network-vpc", region="us-west-2"), at(_REGION, "network-vpc")),
    "secret without a replica": Case(
        chain(edit(_SECRET, replicas=None), point(_SECRET, "replicas")), at("secrets-replicated", _SECRET)
    ),
    "secret replicated elsewhere": Case(
        amend(_SECRET, "replicas", region="eu-west-1"), at("secrets-replicated", _SECRET)
    ),
    "secret replicated under a key here": Case(
        refer(_SECRET, "replicas", "security-secrets-key"), at(_NEAR, "security-secrets-key")
    ),
    "role that knows a key by another name": Case(
        statement(
            "media-images-replication-copies",
            "EncryptReplicas",
            Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other"}},
        ),
        at("keys-have-their-names", "media-images-replication-copies"),
    ),
    "alias of a key gone": Case(
        drop("far-archive-key-alias"), at("keys-have-their-names", "media-backups-replication-copies")
    ),
    "no rules of the registry": Case(drop(_RULES), _IMAGES),
    "images of others alone": Case(
        _registry(_DESTINATION, repositoryFilters=[{"filter": "other/", "filterType": "PREFIX_MATCH"}]), _IMAGES
    ),
    "images to another account": Case(
        _registry({**_DESTINATION, "registryId": "999988887777"}), at("images-copied-to-own-registry", _RULES)
    ),
    "images to another region": Case(
        _registry({**_DESTINATION, "region": "eu-west-1"}), _IMAGES | at("images-copied-to-own-registry", _RULES)
    ),
    "repository there missing": Case(
        drop("compute-far-images-auth", "compute-far-images-auth-lifecycle"),
        at("images-replicated", "compute-auth-images"),
    ),
}


def test_a_vault_elsewhere_leaves_no_region_for_the_other_copies() -> None:
    found = broken(edit(_VAULT, region="eu-west-1")(recorded("prod")))
    assert at(_REGION, "far-data-key", "media-images-replica-bucket", _FAR) <= found
    assert at("secrets-replicated", _SECRET) <= found


def test_a_second_vault_elsewhere_leaves_none_either() -> None:
    second = add("aws:backup/vault:Vault", "more", {"name": "more", "region": "eu-west-1"})
    assert at(_REGION, "more", _VAULT, _FAR) <= broken(second(recorded("prod")))


def test_a_bucket_is_in_the_region_of_its_settings() -> None:
    found = broken(edit("media-images-bucket", region="us-west-2")(recorded("prod")))
    assert at("bucket-settings-of-stack", "media-images-versioning", "media-images-encryption") <= found


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations


def test_a_stack_may_do_without_copies() -> None:
    alone = recorded("prod", standby={"region": None})
    ids = ("database-backups-replicated", "database-snapshots-copied", "media-replicated", "secrets-replicated")
    required = {key: {"required": False} for key in (*ids, "images-replicated")}
    assert {guardrail for guardrail, _ in broken(alone)} == {*ids, "images-replicated"}
    assert broken(alone, required) == set()
