"""Reading of container definitions: what can't be read breaks every rule about containers."""

import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.compute_cluster.stack import (
    APP,
    SERVICE,
    SIDECAR,
    TASK,
    broken_containers,
    container,
    recorded,
    violations,
)
from tests.policies.database_layer.stack import inputs_of
from tests.support.editing import UNKNOWN, edited

_READABLE = "containers-readable"
EVERY_RULE = (
    _READABLE,
    "containers-checked-every-30-seconds",
    "containers-stop-in-30-seconds",
    "containers-fit-their-task",
    "containers-read-only",
    "containers-not-root",
    "containers-unprivileged",
    "containers-log-without-blocking",
    "containers-log-to-stack",
    "container-logs-kept-90-days",
    "collectors-send-to-aws",
    "containers-as-built",
    "container-connections-protected",
    "containers-told-of-own-stack",
    "containers-without-owner-secret",
    "container-secrets-by-arn",
    "container-environment-without-secrets",
    "container-images-pinned",
)
_UNREADABLE = {(rule, TASK) for rule in EVERY_RULE} | at("services-lead-to-containers", SERVICE)


def _respelt(old: str, new: str) -> Change:
    def change(topology: Any) -> Any:
        text = inputs_of(topology, TASK)["containerDefinitions"]
        assert f'"{old}"' in text
        return edited(topology, TASK, {"containerDefinitions": text.replace(f'"{old}"', f'"{new}"', 1)})

    return change


def _twice(key: str, value: object) -> Change:
    def change(topology: Any) -> Any:
        text = inputs_of(topology, TASK)["containerDefinitions"]
        doubled = text.replace("[{", f"[{{{json.dumps(key)}: {json.dumps(value)}, ", 1)
        return edited(topology, TASK, {"containerDefinitions": doubled})

    return change


ACCEPTED: dict[str, Change] = {
    "essential by default": container(TASK, APP, "essential", None),
    "key that no rule is about": container(TASK, APP, "interactive", True),
    "label in any case": container(TASK, APP, "dockerLabels", {"Team": "Auth"}),
}

REJECTED: dict[str, Case] = {
    **{
        f"definitions {value!r}": Case(edit(TASK, containerDefinitions=value), _UNREADABLE)
        for value in (None, "", UNKNOWN, "[]", "{}", "[1]", "[", "null", [{"name": "auth"}], '[{"image": "x"}]')
    },
    "unnamed container": Case(container(TASK, APP, "name", None), _UNREADABLE),
    **{
        f"{old} spelt {new}": Case(_respelt(old, new), _UNREADABLE)
        for old, new in (
            ("readonlyRootFilesystem", "ReadonlyRootFilesystem"),
            ("privileged", "Privileged"),
            ("healthCheck", "healthcheck"),
            ("drop", "Drop"),
            ("environment", "Environment"),
            ("value", "Value"),
        )
    },
    **{
        f"{key} twice": Case(_twice(key, value), _UNREADABLE)
        for key, value in (("privileged", True), ("Privileged", True), ("user", "0"))
    },
    "two of one name": Case(
        container(TASK, SIDECAR, "name", APP),
        at(_READABLE, TASK) | at("services-traced", TASK),
    ),
    **broken_containers(_READABLE, APP, "essential", False),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
