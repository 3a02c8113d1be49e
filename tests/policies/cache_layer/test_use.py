import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, drop, edit
from tests.policies.cache_layer.stack import CACHE, TASK, recorded, violations
from tests.policies.compute_cluster.stack import APP, SIDECAR, container
from tests.policies.database_layer.stack import inputs_of
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded as whole

_SESSIONS, _RATES, _FINDS = "sessions-end-after-24-hours", "rates-counted-in-cache", "services-find-the-cache"
_POLICY = "compute-auth-task-roles-uses-backings"
_CONTAINERS: list[dict[str, Any]] = json.loads(inputs_of(whole("prod"), TASK)["containerDefinitions"])
_ENVIRONMENT: list[dict[str, str]] = _CONTAINERS[0]["environment"]
_SECRETS: list[dict[str, str]] = _CONTAINERS[0]["secrets"]


def _given(name: str, *values: str) -> Change:
    """Give a variable these values, and none where there are none."""
    others = [entry for entry in _ENVIRONMENT if entry["name"] != name]
    return container(TASK, APP, "environment", [*others, *({"name": name, "value": value} for value in values)])


def _policy(**changes: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "elasticache:Connect",
        "Resource": "arn:aws:elasticache:us-east-1:1:user:x",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changes}]})


_KEPT: dict[str, tuple[str, str]] = {
    "CACHE_SESSION_TTL_SECONDS": (_SESSIONS, "86400"),
    "RATE_LIMIT_USER_PER_HOUR": (_RATES, "1000"),
    "RATE_LIMIT_IP_PER_HOUR": (_RATES, "10000"),
    "RATE_LIMIT_BURST_MULTIPLIER": (_RATES, "2"),
}

ACCEPTED: dict[str, Change] = {
    "more variables": _given("MODE", "x"),
    "collector without variables": container(TASK, SIDECAR, "environment", None),
}

REJECTED: dict[str, Case] = {
    **{
        f"{name} {values}": Case(_given(name, *values), at(guardrail, TASK))
        for name, (guardrail, value) in _KEPT.items()
        for values in ((), ("",), ("1" + value,), (value, value), (value, "1"))
    },
    "host unknown to the service": Case(
        container(TASK, APP, "secrets", [entry for entry in _SECRETS if entry["name"] != "CACHE_HOST"]),
        at(_FINDS, TASK),
    ),
    "no leave to log in": Case(drop(_POLICY), at(_FINDS, TASK)),
    **{
        f"policy with {value}": Case(edit(_POLICY, policy=_policy(**value)), at(_FINDS, TASK))
        for value in ({"Effect": "Deny"}, {"Action": "elasticache:DescribeUsers"})
    },
    "unknown policy": Case(edit(_POLICY, policy=UNKNOWN), at(_FINDS, TASK)),
    "no environment": Case(container(TASK, APP, "environment", None), at(_SESSIONS, TASK) | at(_RATES, TASK)),
    "unreadable containers": Case(
        edit(TASK, containerDefinitions="[]"), {(guardrail, TASK) for guardrail in (_SESSIONS, _RATES, _FINDS)}
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_a_stack_without_a_cache_is_missing_something() -> None:
    found = violations(drop(CACHE)(recorded("prod")))
    assert {guardrail for guardrail, _ in found} == {_FINDS}
    assert (_FINDS, TASK) in found
