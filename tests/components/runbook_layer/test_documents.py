"""What steps call is what AWS has: each service, API, parameter and selector is in the service models of its SDK."""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel
from botocore.validate import ParamValidator

from preview.topology import plain
from tests.components.reading import inputs
from tests.support.recording import recorded

_DOCUMENT = "aws:ssm/document:Document"
_OWN = ("Service", "Api", "PropertySelector", "DesiredValues")
_FILLED = re.compile(r"\{\{ *([A-Za-z0-9.]+) *\}\}")
_TIME = "2026-11-25T08:00:00Z"
_MODELS = botocore.session.get_session()
_ACTIONS: Mapping[str, str] = {"s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification"}
"""What IAM calls an API, where that is another name."""


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for stack in ("prod", "prod-standby"):
        for resource in recorded(stack).resources.values():
            if resource.type == _DOCUMENT:
                yield f"{stack}: {resource.name}", json.loads(str(plain(resource.inputs)["content"]))


DOCUMENTS = dict(_documents())
STEPS = [(name, step) for name, content in DOCUMENTS.items() for step in content["mainSteps"]]


def _operation(service: str, api: str) -> OperationModel | None:
    try:
        return _MODELS.get_service_model(service).operation_model(api)
    except Exception as error:
        if type(error).__name__ in ("UnknownServiceError", "OperationNotFoundError"):
            return None
        raise


def problems_of(step: Mapping[str, Any]) -> list[str]:
    """Return what AWS would not know of a step's call."""
    called = step["inputs"]
    if "Service" not in called:
        return []
    operation = _operation(called["Service"], called["Api"])
    if operation is None:
        return [f"{called['Service']} has no {called['Api']}"]
    given = {key: value for key, value in called.items() if key not in _OWN}
    shape: Any = operation.input_shape
    report = ParamValidator().validate(_filled(given, shape), shape)
    found = [report.generate_report()] if report.has_errors() else []
    selectors = [output["Selector"] for output in step.get("outputs", [])]
    selectors += [called["PropertySelector"]] if "PropertySelector" in called else []
    return found + [f"{selector} selects nothing" for selector in selectors if not _leads(operation, selector)]


def _filled(value: Any, shape: Any) -> Any:
    """Return inputs as they are at a run, with something in place of what earlier steps and people say."""
    if isinstance(value, dict):
        members = getattr(shape, "members", {})
        return {key: _filled(item, members.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, str) and _FILLED.fullmatch(value):
        text = "x" * (shape.metadata.get("min", 1) if shape else 1)
        return {"list": ["x"], "timestamp": _TIME}.get(shape.type_name if shape else "", text)
    return value


def _leads(operation: OperationModel, selector: str) -> bool:
    """Return whether a selector finds something in what an API answers; ``..`` looks at any depth."""
    shape: Any = operation.output_shape
    for part in selector.removeprefix("$").replace("..", ".*.").strip(".").split("."):
        name, _, index = part.partition("[")
        if name == "*":
            shape = getattr(shape, "member", shape)
            continue
        shape = getattr(shape, "members", {}).get(name)
        if shape is None:
            return False
        if index:
            shape = getattr(shape, "member", None)
    return shape is not None


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[f"{name}: {step['name']}" for name, step in STEPS])
def test_aws_knows_what_is_called(name: str, step: dict[str, Any]) -> None:
    assert problems_of(step) == []


@pytest.mark.parametrize(
    ("called", "message"),
    [
        ({"Api": "PromoteReplica"}, "rds has no PromoteReplica"),
        ({"Service": "relational"}, "relational has no PromoteReadReplica"),
        ({"DBInstance": "x"}, 'Unknown parameter in input: "DBInstance"'),
        ({"DBInstanceIdentifier": None}, 'Missing required parameter in input: "DBInstanceIdentifier"'),
        ({"BackupRetentionPeriod": "35"}, "Invalid type for parameter BackupRetentionPeriod"),
        ({"PropertySelector": "$.DBInstance.State"}, "$.DBInstance.State selects nothing"),
    ],
)
def test_what_aws_does_not_know_is_found(called: dict[str, Any], message: str) -> None:
    [step] = [
        step for step in DOCUMENTS["prod-standby: runbooks-promote-database"]["mainSteps"] if step["name"] == "promote"
    ]
    changed = {key: value for key, value in {**step["inputs"], **called}.items() if value is not None}
    assert message in "\n".join(problems_of({**step, "inputs": changed}))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_steps_use_was_found_or_asked_for_before(name: str) -> None:
    known = set(DOCUMENTS[name].get("parameters", {}))
    for step in DOCUMENTS[name]["mainSteps"]:
        assert set(_FILLED.findall(json.dumps(step["inputs"]))) <= known
        known |= {f"{step['name']}.{output['Name']}" for output in step.get("outputs", [])}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_steps_have_names_of_their_own_and_an_end(name: str) -> None:
    steps = DOCUMENTS[name]["mainSteps"]
    assert len({step["name"] for step in steps}) == len(steps)
    assert all(re.fullmatch(r"[a-zA-Z0-9_]{3,128}", step["name"]) for step in steps)
    assert all(step["timeoutSeconds"] >= int(step["description"].split()[-2]) for step in steps)
    assert len(json.dumps(DOCUMENTS[name])) < 64_000


@pytest.mark.parametrize("stack", ["prod", "prod-standby"])
def test_the_role_may_call_what_steps_call_and_no_more(stack: str) -> None:
    policy = inputs(recorded(stack), "runbooks-acts")["policy"]
    allowed = {
        action
        for statement in policy["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    called = {
        f"{step['inputs']['Service']}:{step['inputs']['Api']}"
        for name, step in STEPS
        if name.startswith(f"{stack}:") and "Service" in step["inputs"]
    }
    needed = {_ACTIONS.get(one, one) for one in called}
    assert needed <= allowed
    beside = {  # tags and keys that RDS asks for, the events of a mapping, and what starts the parts of a failover
        "iam:PassRole",
        "kms:CreateGrant",
        "kms:DescribeKey",
        "lambda:GetEventSourceMapping",
        "rds:AddTagsToResource",
        "ssm:GetAutomationExecution",
        "ssm:StartAutomationExecution",
    }
    assert allowed - needed <= beside


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("prod-standby: runbooks-fail-over", 1800),
        ("prod-standby: runbooks-restore-database", 7200),
        ("prod: runbooks-restore-database", 7200),
        ("prod: runbooks-promote-read-replica", 300),
    ],
)
def test_times_add_up_under_the_decision(name: str, bound: int) -> None:
    assert 0 < sum(int(step["description"].split()[-2]) for step in DOCUMENTS[name]["mainSteps"]) <= bound


def test_a_failover_takes_as_long_as_its_parts() -> None:
    whole = DOCUMENTS["prod-standby: runbooks-fail-over"]["mainSteps"]
    for step in whole:
        label = step["inputs"]["DocumentName"].removeprefix("fitness-platform-prod-")
        part = DOCUMENTS[f"prod-standby: runbooks-{label}"]["mainSteps"]
        assert int(step["description"].split()[-2]) == sum(int(one["description"].split()[-2]) for one in part)


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("prod-standby:")])
def test_nothing_is_asked_of_the_first_region(name: str) -> None:
    assert "us-east-1" not in json.dumps(DOCUMENTS[name])
    assert "route53" not in json.dumps(DOCUMENTS[name])


def test_each_region_has_what_it_needs() -> None:
    by_stack = {
        stack: {name.partition("runbooks-")[2] for name in DOCUMENTS if name.startswith(f"{stack}:")}
        for stack in ("prod", "prod-standby")
    }
    assert by_stack["prod"] == {"restore-database", "promote-read-replica", "prepare-fail-back", "fail-back"}
    assert by_stack["prod-standby"] == {
        "restore-database",
        "promote-database",
        "scale-out",
        "enable-consumers",
        "verify-failover",
        "fail-over",
    }
    dev = [one.name for one in recorded("dev").resources.values() if one.type == _DOCUMENT]
    assert dev == ["runbooks-restore-database"]


def test_services_are_raised_to_what_the_primary_runs() -> None:
    prod, scale_out = recorded("prod"), DOCUMENTS["prod-standby: runbooks-scale-out"]
    raised = {
        step["inputs"]["ResourceId"]: (step["inputs"]["MinCapacity"], step["inputs"]["MaxCapacity"])
        for step in scale_out["mainSteps"]
        if step["inputs"].get("Api") == "RegisterScalableTarget"
    }
    there = {
        str(found["resourceId"]): (found["minCapacity"], found["maxCapacity"])
        for resource in prod.resources.values()
        if resource.type == "aws:appautoscaling/target:Target" and not fnmatchcase(resource.name, "*background*")
        for found in [plain(resource.inputs)]
    }
    assert raised == there
