import json
from typing import Any

from tests.policies.breaking import Case, Change, at, cases, edit
from tests.policies.compute_cluster.stack import SIDECAR, TASK, container, recorded, violations
from tests.policies.database_layer.stack import inputs_of
from tests.support.recording import recorded as whole

_TRACED = at("services-traced", TASK)
_CONTAINERS: list[dict[str, Any]] = json.loads(inputs_of(whole("prod"), TASK)["containerDefinitions"])

ACCEPTED: dict[str, Change] = {
    "collector of another version": container(
        TASK, SIDECAR, "image", "public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0"
    )
}

REJECTED: dict[str, Case] = {
    "no collector": Case(edit(TASK, containerDefinitions=json.dumps(_CONTAINERS[:1])), _TRACED),
    "another name": Case(container(TASK, SIDECAR, "name", "proxy"), _TRACED),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
