import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import INSTANCES, PRIMARY, REPLICA, values
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN


def _both(guardrail: str, name: str) -> set[tuple[str, str]]:
    return at(guardrail, name) | at("database-windows-apart", name)


ACCEPTED: dict[str, Change] = {
    "replica without backups": edit(
        REPLICA, backupRetentionPeriod=None, deleteAutomatedBackups=None, backupWindow=None
    ),
    "replica with backups for a week at noon": edit(REPLICA, backupRetentionPeriod=7, backupWindow="12:00-13:00"),
    "half an hour": edit(PRIMARY, backupWindow="00:00-00:30", maintenanceWindow="sun:02:00-sun:02:30"),
    "upper case": edit(PRIMARY, maintenanceWindow="Sun:02:00-SUN:03:00"),
    "windows that touch": edit(PRIMARY, backupWindow="00:00-02:00"),
    "windows that touch a day later": edit(PRIMARY, maintenanceWindow="sun:02:00-mon:00:00"),
    "replica's backup after maintenance": edit(REPLICA, backupWindow="03:00-04:00"),
    "replica's backup over midnight": edit(REPLICA, backupWindow="23:30-00:30"),
}

REJECTED: dict[str, Case] = {
    **values("database-backups-kept", PRIMARY, "backupRetentionPeriod", None, 0, 34, 36, UNKNOWN, "35", True),
    **values("database-backups-outlive", PRIMARY, "deleteAutomatedBackups", None, True, UNKNOWN, "false"),
    **{
        key: case
        for name in INSTANCES
        for key, case in (
            values("database-snapshots-tagged", name, "copyTagsToSnapshot", None, False, UNKNOWN, "true")
            | values("database-maintenance-window", name, "maintenanceWindow", None, "sat:02:00-sat:03:00")
            | values("database-maintenance-window", name, "maintenanceWindow", "sun:02:30-sun:03:00")
        ).items()
    },
    **values("database-backup-window", PRIMARY, "backupWindow", None, "", "00:30-01:30", "12:00-13:00"),
    **{
        f"{name}: window {value!r}": Case(
            edit(name, maintenanceWindow=value), _both("database-maintenance-window", name)
        )
        for name in INSTANCES
        for value in ("sun:00:00-sun:01:00", "sat:23:00-sun:02:00", "Sunday", "sun:24:00-sun:25:00", UNKNOWN, 7)
    },
    **{
        f"backup window {value!r}": Case(edit(PRIMARY, backupWindow=value), _both("database-backup-window", PRIMARY))
        for value in ("02:00-03:00", "23:00-02:30", "noon", "24:00-25:00", UNKNOWN, 7)
    },
    **values("database-windows-apart", PRIMARY, "backupWindow", "00:00-02:01", "00:00-00:00", "00:00-", "00:00-1:00"),
    **values("database-windows-apart", REPLICA, "backupWindow", "01:30-02:30", "02:59-03:30", "noon", UNKNOWN),
    **values("database-windows-apart", PRIMARY, "maintenanceWindow", "sun:02:00-mon:00:01", "sun:02:00-sun:02:00"),
    **values("database-windows-apart", PRIMARY, "maintenanceWindow", "sun:02:00-03:00"),
}


@pytest.mark.parametrize(("minimum", "days", "accepted"), [(7, 7, True), (7, 6, False), (7, 35, True), (7, 36, False)])
def test_days_are_an_option(minimum: int, days: int, accepted: bool) -> None:
    topology = edit(PRIMARY, backupRetentionPeriod=days)(recorded("prod"))
    found = violations(topology, {"database-backups-kept": {"minimumDays": minimum}})
    assert found == (set() if accepted else at("database-backups-kept", PRIMARY))


@pytest.mark.parametrize("backup", ["23:30-00:30", "23:59-00:01"])
def test_windows_wrap_around_the_week(backup: str) -> None:
    windows = edit(REPLICA, backupWindow=backup, maintenanceWindow="sat:23:00-sun:00:10")
    found = violations(chain(windows)(recorded("prod")))
    assert found == _both("database-maintenance-window", REPLICA)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
