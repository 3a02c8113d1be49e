"""Logs of services: what is masked in them, where errors go, and what is traced."""

import json

import pytest

from components.observability_layer.service_logs import ERRORS
from tests.components.reading import inputs, names, references, waits_for
from tests.support.recording import recorded

_TASKS = ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
_LOGS = "observability-logs"


@pytest.mark.parametrize("task", _TASKS)
def test_errors_of_each_service_go_to_a_group_of_their_own(task: str) -> None:
    topology = recorded("prod")
    source = f"/aws/ecs/fitness-platform-prod-{task}"
    assert inputs(topology, f"{_LOGS}-{task}-errors") == {"name": f"{source}/errors", "retentionInDays": 180}
    handed_on = f"{_LOGS}-{task}-errors-filter"
    assert inputs(topology, handed_on) == {"name": "errors", "filterPattern": ERRORS, "logGroup": source}
    assert references(topology, handed_on) == {
        "destinationArn": [f"{_LOGS}-router-alias"],
        "logGroup": [f"compute-{task}-task-log"],
    }
    assert waits_for(topology, handed_on) == {f"{_LOGS}-{task}-may-call", f"{_LOGS}-{task}-errors"}
    called = inputs(topology, f"{_LOGS}-{task}-may-call")
    assert called["sourceArn"] == f"arn:aws:logs:us-east-1:444455556666:log-group:{source}:*"
    assert called["sourceAccount"] == "444455556666"


def test_the_function_may_write_errors_and_nothing_else_of_logs() -> None:
    statements = inputs(recorded("prod"), f"{_LOGS}-router-does-its-work")["policy"]["Statement"]
    assert [one["Resource"] for one in statements if "logs:PutLogEvents" in one["Action"]] == [
        "arn:aws:logs:us-east-1:444455556666:log-group:/aws/lambda/fitness-platform-prod-log-router:*",
        "arn:aws:logs:us-east-1:444455556666:log-group:/aws/ecs/fitness-platform-prod-*/errors:*",
    ]


@pytest.mark.parametrize("task", _TASKS)
@pytest.mark.parametrize("part", ["mask", "errors-mask"])
def test_each_group_is_masked(task: str, part: str) -> None:
    topology = recorded("prod")
    policy = json.loads(inputs(topology, f"{_LOGS}-{task}-{part}")["policyDocument"])
    count, mask = policy["Statement"]
    assert count["DataIdentifier"] == mask["DataIdentifier"]
    assert "arn:aws:dataprotection::aws:data-identifier/EmailAddress" in mask["DataIdentifier"]
    assert mask["Operation"] == {"Deidentify": {"MaskConfig": {}}}


def test_a_share_of_all_requests_is_traced() -> None:
    topology = recorded("prod")
    rule = inputs(topology, "observability-traces-sampling")
    assert (rule["fixedRate"], rule["reservoirSize"], rule["priority"]) == (0.05, 1, 9000)
    assert {rule[key] for key in ("host", "httpMethod", "resourceArn", "serviceName", "serviceType", "urlPath")} == {
        "*"
    }
    assert len(rule["ruleName"]) <= 32
    assert inputs(topology, "observability-traces-faults")["filterExpression"] == "fault = true"


def test_without_services_there_is_nothing_to_route() -> None:
    topology = recorded("prod", compute={"imageTag": None})
    assert names(topology, "LogSubscriptionFilter") == set()
    assert "observability-logs-router-function" not in names(topology, "Function")
