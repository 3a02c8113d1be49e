import pytest

from components.alarms import runbook_of
from tests.components.reading import inputs, references
from tests.support.recording import recorded


def test_an_alarm_tells_the_topic_of_its_severity_when_it_begins_and_when_it_ends() -> None:
    topology = recorded("prod")
    found = references(topology, "api-alarms-RejectedConnectionCount")
    assert found["alarmActions"] == found["okActions"] == ["security-alerts-critical"]
    found = references(topology, "api-alarms-DaysToExpiry")
    assert found["alarmActions"] == found["okActions"] == ["security-alerts-warning"]


def test_an_alarm_that_no_runbook_is_about_is_refused() -> None:
    with pytest.raises(ValueError, match="no runbook of docs/runbooks is about AWS/Braket"):
        runbook_of("AWS/Braket")


def test_an_alarm_says_in_full_what_it_watches() -> None:
    assert inputs(recorded("prod"), "database-alarms-primary-CPUUtilization") == {
        "name": "fitness-platform-prod-db-primary-CPUUtilization",
        "alarmDescription": "Database primary: the processor has been busy. Runbook: docs/runbooks/database.md",
        "namespace": "AWS/RDS",
        "metricName": "CPUUtilization",
        "dimensions": {"DBInstanceIdentifier": "fitness-platform-prod-db"},
        "statistic": "Average",
        "period": 300,
        "evaluationPeriods": 3,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 80,
        "treatMissingData": "breaching",
    }
