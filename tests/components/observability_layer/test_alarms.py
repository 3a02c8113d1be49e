"""The objective, quotas and backups."""

import pytest

from components.alarms import runbook_of
from tests.components.reading import inputs, names, references
from tests.support.recording import recorded

_ALARMS = "observability-alarms"


@pytest.mark.parametrize(
    ("burn", "minutes", "threshold", "severity"),
    [("FastBurn", (60, 5), 0.144, "critical"), ("SlowBurn", (360, 30), 0.06, "warning")],
)
def test_errors_burn_too_fast_over_a_long_and_a_short_window(
    burn: str, minutes: tuple[int, int], threshold: float, severity: str
) -> None:
    topology = recorded("prod")
    parts = [f"{_ALARMS}-{burn}{window}" for window in minutes]
    for part, window in zip(parts, minutes, strict=True):
        found = inputs(topology, part)
        assert found["threshold"] == threshold
        assert {query["metric"]["period"] for query in found["metricQueries"] if "metric" in query} == {window * 60}
        assert "alarmActions" not in references(topology, part)
    assert references(topology, f"{_ALARMS}-{burn}") == {
        "alarmActions": [f"security-alerts-{severity}"],
        "alarmRule": sorted(parts),
        "okActions": [f"security-alerts-{severity}"],
    }
    first, second = (f'ALARM("fitness-platform-prod-{burn}{window}")' for window in minutes)
    assert inputs(topology, f"{_ALARMS}-{burn}")["alarmRule"] == f"{first} AND {second}"


def test_each_service_has_an_alarm_on_slow_answers() -> None:
    assert {name for name in names(recorded("prod"), "MetricAlarm") if name.endswith("-SlowAnswers")} == {
        f"{_ALARMS}-{service}-SlowAnswers"
        for service in ("ai", "api-gateway", "auth", "content", "payment", "training")
    }


def test_a_failed_backup_is_told_of_the_vault_that_there_is() -> None:
    topology = recorded("prod")
    vault = inputs(topology, "database-backups-vault")["name"]
    assert inputs(topology, f"{_ALARMS}-backups")["dimensions"] == {"BackupVaultName": vault}


def test_quotas_are_asked_for_as_a_share() -> None:
    for label in ("FargateQuota", "LambdaQuota"):
        found = inputs(recorded("prod"), f"{_ALARMS}-{label}")
        assert [query.get("expression") for query in found["metricQueries"]] == [
            None,
            "100 * used / SERVICE_QUOTA(used)",
        ]


def test_a_namespace_without_a_runbook_is_refused() -> None:
    assert runbook_of("fitness-platform-prod/Audit") == "audit"
    with pytest.raises(ValueError, match="no runbook of docs/runbooks is about AWS/Unheard"):
        runbook_of("AWS/Unheard")
