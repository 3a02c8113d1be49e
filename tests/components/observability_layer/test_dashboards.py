"""Dashboards, what the business counts, and what costs are watched by."""

import json
from typing import Any

import pytest

from tests.components.reading import inputs, names, references
from tests.support.recording import recorded

_BOARDS = "observability-dashboards"


def _rows(about: str, stack: str = "prod", **sections: Any) -> list[Any]:
    body = json.loads(inputs(recorded(stack, **sections), f"{_BOARDS}-{about}")["dashboardBody"])
    return [row for widget in body["widgets"] for row in widget["properties"]["metrics"]]


def test_there_are_four_by_their_names() -> None:
    topology = recorded("prod")
    assert {inputs(topology, name)["dashboardName"] for name in names(topology, "Dashboard")} == {
        f"fitness-platform-prod-us-east-1-{about}"
        for about in ("service-health", "errors-and-latency", "database", "business")
    }


def test_health_shows_each_service_and_worker() -> None:
    shown = [row[5] for row in _rows("service-health") if "RunningTaskCount" in row]
    assert sorted(shown) == [
        f"fitness-platform-prod-{task}"
        for task in ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
    ]


def test_a_seventh_service_appears_by_itself() -> None:
    service = {"paths": ["/social/*"], "priority": 700}
    shown = _rows("service-health", compute={"imageTag": "1.0.0", "services": {"social": service}})
    assert "fitness-platform-prod-social" in [row[5] for row in shown if "RunningTaskCount" in row]
    assert any("prod-social-blue" in str(row) for row in shown)


def test_errors_are_searched_in_both_groups_of_each_service() -> None:
    found = [row[0]["expression"] for row in _rows("errors-and-latency") if isinstance(row[0], dict)]
    assert (
        'SEARCH(\'{AWS/ApplicationELB,LoadBalancer,TargetGroup} MetricName="HTTPCode_Target_5XX_Count" '
        "\"prod-auth-green\"', 'Sum', 60)"
    ) in found


@pytest.mark.parametrize(("stack", "count"), [("prod", 2), ("dev", 1)])
def test_each_database_is_shown(stack: str, count: int) -> None:
    assert len([row for row in _rows("database", stack) if "ReplicaLag" in row]) == count


@pytest.mark.parametrize(
    ("metric", "service", "event"),
    [
        ("Signups", "auth", "signup.completed"),
        ("Payments", "payment", "payment.succeeded"),
        ("Usage", "training", "session.started"),
    ],
)
def test_the_business_counts_what_services_log(metric: str, service: str, event: str) -> None:
    topology = recorded("prod")
    name = f"observability-business-{metric}"
    assert inputs(topology, name)["pattern"] == f'{{ $.event = "{event}" }}'
    assert references(topology, name) == {"logGroupName": [f"compute-{service}-task-log"]}
    assert ["FitnessPlatform/Business", metric, {"stat": "Sum"}] in _rows("business")


def test_budgets_tell_the_topic_for_warnings() -> None:
    topology = recorded("prod")
    budgets = names(topology, "Budget")
    assert budgets == {
        f"observability-cost-{label}"
        for label in (
            "month",
            "transfer",
            *(
                f"{kind}-{of}"
                for kind in ("RI_COVERAGE", "RI_UTILIZATION")
                for of in ("elasticache", "opensearch", "rds")
            ),
            "SAVINGS_PLANS_COVERAGE",
            "SAVINGS_PLANS_UTILIZATION",
        )
    }
    for budget in budgets:
        assert references(topology, budget) == {"notifications": ["security-alerts-warning"]}
    month = inputs(topology, "observability-cost-month")
    assert (month["limitAmount"], month["limitUnit"]) == ("60000", "USD")
    assert month["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Environment$prod"]}]


def test_only_one_stack_of_an_account_looks_for_what_is_unusual() -> None:
    assert names(recorded("prod"), "AnomalySubscription") == {"observability-cost-anomalies"}
    assert names(recorded("prod", platform={"accountSettings": False}), "AnomalySubscription") == set()
