from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import (
    PARAMETERS,
    PRIMARY,
    REPLICA,
    REPLICA_PARAMETERS,
    parameter,
    values,
)
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_DATA, _VERSION, _PORT, _KEEPS, _CIPHERS = (
    "database-own-data",
    "database-version",
    "database-port",
    "database-keeps-data",
    "database-ciphers-strong",
)
_OWN_SNAPSHOT = "arn:aws:rds:us-east-1:444455556666:snapshot:before-the-move"
_OTHERS = _OWN_SNAPSHOT.replace("444455556666", "999988887777")
_BACKUP = "arn:aws:rds:us-east-1:{}:auto-backup:ab-1"

ACCEPTED: dict[str, Change] = {
    "snapshot by its name": edit(PRIMARY, snapshotIdentifier="before-the-move"),
    "snapshot of this account": edit(PRIMARY, snapshotIdentifier=_OWN_SNAPSHOT),
    "backup of this account": edit(
        PRIMARY, restoreToPointInTime={"sourceDbInstanceAutomatedBackupsArn": _BACKUP.format("444455556666")}
    ),
    "another database of this account": edit(
        PRIMARY, restoreToPointInTime={"sourceDbInstanceIdentifier": "old", "useLatestRestorableTime": True}
    ),
    "minor version": edit(PRIMARY, engineVersion="17.6"),
    "another version, in both": chain(edit(PRIMARY, engineVersion="18"), edit(PARAMETERS, family="postgres18")),
    "port by default": edit(PRIMARY, port=None),
    **{
        f"{name} {value}": parameter(PARAMETERS, name, value)
        for name, value in (
            ("fsync", "on"),
            ("full_page_writes", "1"),
            ("synchronous_commit", "remote_apply"),
            ("autovacuum", "ON"),
            ("session_replication_role", "origin"),
            ("zero_damaged_pages", "off"),
            ("ssl_ciphers", "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"),
            ("ssl_ciphers", "HIGH:!aNULL:!3DES"),
        )
    },
}

REJECTED: dict[str, Case] = {
    **values(_PORT, PRIMARY, "port", UNKNOWN),
    **{
        f"port {port}": Case(edit(PRIMARY, port=port), at(_PORT, PRIMARY) | at("database-callers", "groups-rds"))
        for port in (22, 1149, 65_536)
    },
    **values(_DATA, PRIMARY, "snapshotIdentifier", _OTHERS, "aws:x", UNKNOWN, 7),
    **values(_DATA, PRIMARY, "s3Import", {"bucketName": "x"}, UNKNOWN),
    **values(
        _DATA,
        PRIMARY,
        "restoreToPointInTime",
        {"sourceDbInstanceAutomatedBackupsArn": _BACKUP.format("999988887777")},
        {"sourceDbInstanceAutomatedBackupsArn": UNKNOWN},
        UNKNOWN,
        "x",
    ),
    **values(_DATA, REPLICA, "snapshotIdentifier", _OTHERS),
    **values(_VERSION, PRIMARY, "engineVersion", None, "", "15.4", "18", "latest", UNKNOWN, 17),
    "parameters of another version": Case(edit(PARAMETERS, family="postgres16"), at(_VERSION, PRIMARY)),
    **{
        f"{group}: {name} {value}": Case(parameter(group, name, value), at(guardrail, group))
        for group in (PARAMETERS, REPLICA_PARAMETERS)
        for guardrail, name, value in (
            (_KEEPS, "fsync", "off"),
            (_KEEPS, "fsync", "0"),
            (_KEEPS, "full_page_writes", "false"),
            (_KEEPS, "synchronous_commit", "off"),
            (_KEEPS, "autovacuum", "0"),
            (_KEEPS, "row_security", "off"),
            (_KEEPS, "session_replication_role", "replica"),
            (_KEEPS, "zero_damaged_pages", "on"),
            (_CIPHERS, "ssl_ciphers", "LOW"),
            (_CIPHERS, "ssl_ciphers", "HIGH:RC4-MD5"),
            (_CIPHERS, "ssl_ciphers", "ALL:!aNULL"),
            (_CIPHERS, "ssl_ciphers", "HIGH,eNULL"),
            (_CIPHERS, "ssl_ciphers", "ECDHE-RSA-DES-CBC3-SHA"),
        )
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
