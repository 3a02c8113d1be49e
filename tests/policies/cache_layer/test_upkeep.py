from tests.policies.breaking import Case, Change, cases, edit
from tests.policies.cache_layer.stack import CACHE, recorded, violations
from tests.policies.database_layer.stack import values
from tests.support.editing import UNKNOWN

ACCEPTED: dict[str, Change] = {
    "another window": edit(CACHE, snapshotWindow="23:00-00:00"),
    "snapshot that ends as maintenance begins": edit(CACHE, snapshotWindow="04:00-05:00"),
    "maintenance in capitals": edit(CACHE, maintenanceWindow="SUN:05:00-SUN:06:00"),
    "minor versions by default": edit(CACHE, autoMinorVersionUpgrade=None),
    "changes that wait by default": edit(CACHE, applyImmediately=None),
    "second last snapshot": edit(CACHE, finalSnapshotIdentifier="last-2"),
}

REJECTED: dict[str, Case] = {
    **values("cache-snapshots-kept", CACHE, "snapshotRetentionLimit", None, 0, 34, 36, UNKNOWN, "35"),
    **values("cache-windows-apart", CACHE, "snapshotWindow", None, "", "04:30-05:30", "noon", UNKNOWN),
    **values("cache-windows-apart", CACHE, "maintenanceWindow", None, "mon:03:30-mon:04:30", "sunday", UNKNOWN),
    **values("cache-final-snapshot", CACHE, "finalSnapshotIdentifier", None, "", UNKNOWN),
    **values("cache-changes-wait", CACHE, "applyImmediately", True, UNKNOWN, "true"),
    **values("cache-upgraded", CACHE, "autoMinorVersionUpgrade", False, UNKNOWN, "yes"),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_days_are_an_option() -> None:
    topology = edit(CACHE, snapshotRetentionLimit=7)(recorded("prod"))
    assert violations(topology, {"cache-snapshots-kept": {"minimumDays": 7}}) == set()
