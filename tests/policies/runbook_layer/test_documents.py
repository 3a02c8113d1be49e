import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from google.protobuf import json_format

from guardrails.runbook_layer import RUNBOOK_GUARDRAILS
from preview.topology import Topology
from tests.mutation.recorded_mutants import STANDBY, config_of
from tests.policies.breaking import Case, Change, at, cases, drop, edit
from tests.policies.engine import first_preview, later_preview
from tests.support.editing import UNKNOWN, edited, urn_of
from tests.support.judging import violations
from tests.support.recording import recorded

_READABLE, _ROLE, _CALLS = "runbooks-readable", "runbooks-by-own-role", "runbooks-call-what-they-need"
_THERE, _IN_TIME, _COMPLETE = "runbooks-name-what-exists", "runbooks-in-time", "runbooks-complete"
_RESTORE, _PROMOTE, _SCALE = "runbooks-restore-database", "runbooks-promote-database", "runbooks-scale-out"
_CONSUMERS, _FAIL_OVER = "runbooks-enable-consumers", "runbooks-fail-over"
_STACK = f"fitness-platform-{STANDBY}"
_NOT_READ = at(_READABLE, _RESTORE) | at(_ROLE, _RESTORE) | at(_CALLS, _RESTORE) | at(_THERE, _RESTORE)
_UNREAD = _NOT_READ | at(_IN_TIME, _RESTORE)

Content = dict[str, Any]


def _judge(topology: Topology) -> set[tuple[str, str]]:
    return violations(topology, config_of(topology.stack), RUNBOOK_GUARDRAILS)


def _content(name: str, change: Callable[[Content], Content]) -> Change:
    def changed(topology: Topology) -> Topology:
        inputs = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)
        return edited(topology, name, {"content": json.dumps(change(json.loads(inputs["content"])))})

    return changed


def _step(name: str, number: int = 0, /, **changes: Any) -> Change:
    """Change keys of a step; ``None`` takes one out."""

    def change(content: Content) -> Content:
        steps = list(content["mainSteps"])
        merged = {**steps[number], **changes}
        steps[number] = {key: value for key, value in merged.items() if value is not None}
        return {**content, "mainSteps": steps}

    return _content(name, change)


def _inputs(name: str, number: int = 0, /, **changes: Any) -> Change:
    def change(content: Content) -> Content:
        steps = list(content["mainSteps"])
        steps[number] = {**steps[number], "inputs": {**steps[number]["inputs"], **changes}}
        return {**content, "mainSteps": steps}

    return _content(name, change)


def _without(name: str, number: int) -> Change:
    def change(content: Content) -> Content:
        return {**content, "mainSteps": [s for place, s in enumerate(content["mainSteps"]) if place != number]}

    return _content(name, change)


ACCEPTED: Mapping[str, Change] = {
    "more time to end": _step(_RESTORE, timeoutSeconds=600),
    "parameter in place of a name": _inputs(_RESTORE, DBInstanceIdentifier="{{ Identifier }}"),
    "permissions of nobody": edit(_RESTORE, permissions={}),
}
REJECTED: Mapping[str, Case] = {
    "commands on machines": Case(edit(_RESTORE, documentType="Command"), at(_READABLE, _RESTORE)),
    "content unknown": Case(edit(_RESTORE, content=UNKNOWN), _UNREAD),
    "content that is no JSON": Case(edit(_RESTORE, content="schemaVersion: 0.3"), _UNREAD),
    "content that is a list": Case(edit(_RESTORE, content="[]"), _UNREAD),
    "older schema": Case(_content(_RESTORE, lambda found: {**found, "schemaVersion": "2.2"}), at(_READABLE, _RESTORE)),
    "no steps": Case(_content(_RESTORE, lambda found: {**found, "mainSteps": []}), at(_READABLE, _RESTORE)),
    "for others": Case(edit(_RESTORE, permissions={"type": "Share", "accountIds": "all"}), at(_READABLE, _RESTORE)),
    "attachments": Case(edit(_RESTORE, attachmentsSources=[{"key": "x"}]), at(_READABLE, _RESTORE)),
    "role of its starter": Case(
        _content(_RESTORE, lambda found: {key: found[key] for key in found if key != "assumeRole"}),
        at(_ROLE, _RESTORE),
    ),
    "role that people choose": Case(
        _content(_RESTORE, lambda found: {**found, "assumeRole": "{{ Role }}"}), at(_ROLE, _RESTORE)
    ),
    "role of another account": Case(
        _content(_RESTORE, lambda found: {**found, "assumeRole": "arn:aws:iam::999999999999:role/admin"}),
        at(_ROLE, _RESTORE),
    ),
    **{
        f"step that is {action}": Case(_step(_RESTORE, action=action), at(_CALLS, _RESTORE))
        for action in ("aws:executeScript", "aws:runCommand", "aws:invokeLambdaFunction", "aws:deleteStack")
    },
    "deletes the database": Case(_inputs(_RESTORE, Api="DeleteDBInstance"), at(_CALLS, _RESTORE)),
    "edits a record": Case(_inputs(_RESTORE, Service="route53", Api="ChangeResourceRecordSets"), at(_CALLS, _RESTORE)),
    "runs elsewhere": Case(_inputs(_FAIL_OVER, TargetLocations=[{"Regions": ["us-east-1"]}]), at(_CALLS, _FAIL_OVER)),
    "database of nobody": Case(_inputs(_PROMOTE, DBInstanceIdentifier="other"), at(_THERE, _PROMOTE)),
    "cluster of nobody": Case(_inputs(_SCALE, 1, cluster="other"), at(_THERE, _SCALE)),
    "service of nobody": Case(_inputs(_SCALE, 1, service="other"), at(_THERE, _SCALE) | at(_COMPLETE, _STACK)),
    "target of nobody": Case(_inputs(_SCALE, ResourceId="service/other/other"), at(_THERE, _SCALE)),
    "function of nobody": Case(
        _inputs(_CONSUMERS, FunctionName="other:live"), at(_THERE, _CONSUMERS) | at(_COMPLETE, _STACK)
    ),
    "part of nobody": Case(_inputs(_FAIL_OVER, DocumentName="other"), at(_THERE, _FAIL_OVER)),
    "parameter group of nobody": Case(_inputs(_RESTORE, 2, DBParameterGroupName="other"), at(_THERE, _RESTORE)),
    "subnet group of nobody": Case(_inputs(_RESTORE, 2, DBSubnetGroupName="other"), at(_THERE, _RESTORE)),
    "step of unknown length": Case(_step(_RESTORE, description="Look it up."), at(_IN_TIME, _RESTORE)),
    "step without an end": Case(_step(_RESTORE, timeoutSeconds=None), at(_IN_TIME, _RESTORE)),
    "step that ends too soon": Case(_step(_RESTORE, timeoutSeconds=1), at(_IN_TIME, _RESTORE)),
    "restoring takes three hours": Case(
        _step(_RESTORE, description="Look. Expected: 10800 s.", timeoutSeconds=10_800), at(_IN_TIME, _RESTORE)
    ),
    "promoting takes an hour": Case(
        _step(_PROMOTE, description="Promote. Expected: 3600 s.", timeoutSeconds=3600), at(_IN_TIME, _FAIL_OVER)
    ),
    **{
        f"no {name.removeprefix('runbooks-')}": Case(drop(name), at(_COMPLETE, _STACK))
        for name in (_RESTORE, _FAIL_OVER)
    },
    **{
        f"no {name.removeprefix('runbooks-')}, which another runs": Case(
            drop(name), at(_COMPLETE, _STACK) | at(_THERE, _FAIL_OVER)
        )
        for name in (_PROMOTE, _SCALE, _CONSUMERS, "runbooks-verify-failover")
    },
    "service left small": Case(_without(_SCALE, 1), at(_COMPLETE, _STACK)),
    "consumer left alone": Case(_without(_CONSUMERS, 0), at(_COMPLETE, _STACK)),
}
PROD_REJECTED: Mapping[str, Case] = {
    f"no {name}": Case(drop(f"runbooks-{name}"), at(_COMPLETE, "fitness-platform-prod"))
    for name in ("restore-database", "promote-read-replica", "prepare-fail-back", "fail-back")
}


@cases(ACCEPTED)
@pytest.mark.parametrize("shown", [lambda found: found, first_preview, later_preview])
def test_accepts(case: Change, shown: Callable[[Topology], Topology]) -> None:
    assert _judge(shown(case(recorded(STANDBY)))) == set()


@cases(REJECTED)
@pytest.mark.parametrize("shown", [lambda found: found, first_preview, later_preview])
def test_rejects(case: Case, shown: Callable[[Topology], Topology]) -> None:
    assert _judge(shown(case.change(recorded(STANDBY)))) == case.violations


@cases(PROD_REJECTED)
def test_rejects_in_a_primary(case: Case) -> None:
    assert _judge(case.change(recorded("prod"))) == case.violations


@pytest.mark.parametrize("stack", ["dev", "prod", STANDBY])
def test_accepts_what_is_declared(stack: str) -> None:
    assert _judge(recorded(stack)) == set()


def test_a_standby_is_one_by_its_policy_config() -> None:
    assert violations(drop(_FAIL_OVER)(recorded(STANDBY)), {}, RUNBOOK_GUARDRAILS) == set()


def test_every_guardrail_is_broken_by_a_case() -> None:
    assert {guardrail for case in REJECTED.values() for guardrail, _ in case.violations} == {
        one.id for one in RUNBOOK_GUARDRAILS
    }
