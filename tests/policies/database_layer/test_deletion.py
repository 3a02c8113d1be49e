from tests.policies.breaking import Case, Change, add, at, cases, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, PRIMARY, REPLICA, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

ACCEPTED: dict[str, Change] = {
    "snapshot not skipped by default": edit(PRIMARY, skipFinalSnapshot=None),
    "changes wait by default": edit(PRIMARY, applyImmediately=None),
    "snapshot with a name that is made at last": edit(PRIMARY, finalSnapshotIdentifier=UNKNOWN),
    "replica, of which AWS takes no snapshot": edit(REPLICA, skipFinalSnapshot=True, finalSnapshotIdentifier=None),
}

REJECTED: dict[str, Case] = {
    **{
        key: case
        for name in INSTANCES
        for key, case in (
            values("database-deletion-protected", name, "deletionProtection", None, False, UNKNOWN, "true")
            | values("database-changes-wait", name, "applyImmediately", True, UNKNOWN, "false")
        ).items()
    },
    **values("database-final-snapshot", PRIMARY, "skipFinalSnapshot", True, UNKNOWN, "false"),
    **values("database-final-snapshot", PRIMARY, "finalSnapshotIdentifier", None, ""),
    "declared snapshot": Case(
        add("aws:rds/snapshot:Snapshot", "more", {"dbSnapshotIdentifier": "x"}, dbInstanceIdentifier=[PRIMARY]),
        at("database-snapshots-not-declared", "more"),
    ),
}


def test_protection_is_an_option() -> None:
    topology = edit(PRIMARY, deletionProtection=False)(recorded("prod"))
    assert violations(topology, {"database-deletion-protected": {"requireProtection": False}}) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
