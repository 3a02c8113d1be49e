from typing import Any

import pytest

from tests.components.reading import load, mistakes, stack_of


def _queues(**queues: dict[str, Any]) -> dict[str, Any]:
    return stack_of(**{"async": {"queues": queues}})


def test_defaults_are_those_of_the_decision() -> None:
    settings = load(stack_of()).async_
    assert [*settings.by_name] == [
        "email",
        "payment-webhooks",
        "analytics-events",
        "health-metrics",
        "ai-recommendations",
    ]
    for queue in settings.by_name.values():
        assert (queue.visibility_seconds, queue.timeout_seconds, queue.max_receive_count) == (300, 50, 5)
        assert not queue.fifo
    assert settings.queues.payment_webhooks.provisioned_concurrency == 2
    assert not settings.rabbitmq.enabled


def test_work_of_15_minutes_is_for_ai() -> None:
    long = {"visibilitySeconds": 5400, "timeoutSeconds": 900}
    assert load(_queues(aiRecommendations=long)).async_.queues.ai_recommendations.request_seconds == 895


@pytest.mark.parametrize(
    ("queue", "mistake"),
    [
        (
            {"timeoutSeconds": 51},
            "visibilitySeconds: found 300; allowed: 306 or more, six times timeoutSeconds and batchWindowSeconds",
        ),
        (
            {"batchWindowSeconds": 20},
            "visibilitySeconds: found 300; allowed: 320 or more, six times timeoutSeconds and batchWindowSeconds",
        ),
        (
            {"timeoutSeconds": 10},
            "batchSize: found 10; allowed: 5 or less, so that each message has a second of the timeout",
        ),
        ({"provisionedConcurrency": 101}, "provisionedConcurrency: found 101; allowed: up to maximumConcurrency (100)"),
        (
            {"fifo": True, "timeoutSeconds": 40, "batchWindowSeconds": 5},
            "batchWindowSeconds: found 5; allowed: 0 for a FIFO queue",
        ),
    ],
)
def test_refuses(queue: dict[str, Any], mistake: str) -> None:
    [found] = mistakes(_queues(email=queue))
    assert found == f"fitness-platform:async.queues.email.{mistake}"


def test_a_queue_is_of_a_service_that_there_is() -> None:
    [found] = mistakes(_queues(email={"service": "mail"}))
    assert found.startswith('fitness-platform:async.queues.email.service: found "mail"; allowed: one of api-gateway, ')


def test_queues_leave_the_account_its_share() -> None:
    [found] = mistakes(_queues(email={"maximumConcurrency": 501}))
    assert found == (
        "fitness-platform:async.lambdaConcurrencyLimit: found 1000; allowed: 1001 or more: the queues take 901, and "
        "100 are left to the others"
    )


def test_a_broker_needs_three_zones() -> None:
    two = {"network": {"availabilityZones": ["a", "b"]}, "async": {"rabbitmq": {"enabled": True}}}
    assert mistakes(stack_of(**two)) == [
        "fitness-platform:async.rabbitmq.enabled: found true; allowed: false with fewer than 3 zones, one for each node"
    ]
