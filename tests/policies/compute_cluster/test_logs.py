import pytest

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit
from tests.policies.compute_cluster.stack import (
    APP,
    LOG,
    PREFIX,
    SERVICE,
    SIDECAR,
    TASK,
    broken_containers,
    container,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import copy
from tests.support.editing import UNKNOWN

_WRITTEN, _DECLARED, _KEPT = (
    "containers-log-without-blocking",
    "containers-log-to-stack",
    "container-logs-kept-90-days",
)
_CONNECTED = "service-connect-logged"
_OPTIONS = "logConfiguration.options"
_NAME = f"/aws/ecs/{PREFIX}-auth"

ACCEPTED: dict[str, Change] = {
    "no groups made, spelt out": container(TASK, APP, f"{_OPTIONS}.awslogs-create-group", "false"),
    "any buffer": container(TASK, APP, f"{_OPTIONS}.max-buffer-size", "1m"),
    "kept longer": edit(LOG, retentionInDays=365),
    "another group of the stack": container(TASK, SIDECAR, f"{_OPTIONS}.awslogs-group", f"/aws/ecs/{PREFIX}-content"),
    "a log group that no container has": chain(copy(LOG, "more"), edit("more", name="/aws/ecs/x", retentionInDays=1)),
}

REJECTED: dict[str, Case] = {
    **{
        key: case
        for name in (APP, SIDECAR)
        for key, case in {
            **broken_containers(_WRITTEN, name, "logConfiguration.logDriver", None, "", "json-file", "awsfirelens", 7),
            **broken_containers(_WRITTEN, name, f"{_OPTIONS}.mode", None, "blocking", "Non-Blocking", True),
            **broken_containers(_WRITTEN, name, f"{_OPTIONS}.awslogs-create-group", "true", True),
            **broken_containers(_WRITTEN, name, f"{_OPTIONS}.awslogs-stream-prefix", None, ""),
            **broken_containers(_DECLARED, name, f"{_OPTIONS}.awslogs-region", None, "eu-west-1"),
        }.items()
    },
    **{
        f"group {value!r}": Case(container(TASK, APP, f"{_OPTIONS}.awslogs-group", value), at(_DECLARED, TASK))
        for value in (None, "", "/aws/ecs/nobody", _NAME.upper())
    },
    "nothing about logs": Case(
        container(TASK, APP, "logConfiguration", None), at(_WRITTEN, TASK) | at(_DECLARED, TASK)
    ),
    "no such group": Case(drop(LOG), at(_DECLARED, TASK) | at(_CONNECTED, SERVICE)),
    "group in another region": Case(edit(LOG, region="eu-west-1"), at(_DECLARED, TASK)),
    "group of another name": Case(edit(LOG, name="/aws/ecs/auth"), at(_DECLARED, TASK) | at(_CONNECTED, SERVICE)),
    "group of an unknown name": Case(edit(LOG, name=UNKNOWN), at(_DECLARED, TASK) | at(_CONNECTED, SERVICE)),
    "group named otherwise": Case(
        chain(
            copy(LOG, "more"),
            edit("more", name="/services/auth"),
            container(TASK, APP, f"{_OPTIONS}.awslogs-group", "/services/auth"),
        ),
        at(_DECLARED, TASK),
    ),
    **{
        f"kept for {days!r} days": Case(edit(LOG, retentionInDays=days), at(_KEPT, TASK))
        for days in (1, 30, 60, UNKNOWN, "90")
    },
}


@pytest.mark.parametrize(("days", "broken"), [(30, False), (14, True)])
def test_days_are_an_option(days: int, broken: bool) -> None:
    topology = edit(LOG, retentionInDays=days)(recorded("prod"))
    assert violations(topology, {_KEPT: {"minimumDays": 30}}) == (at(_KEPT, TASK) if broken else set())


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
