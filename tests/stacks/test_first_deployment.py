"""The first deployment into an empty account: repositories before services, under a policy config of its own."""

import json
from typing import Any

from tests.support.judging import dev_config, violations
from tests.support.recording import ROOT, recorded

_NO_IMAGES = {"imageTag": None}


def _first_deployment() -> dict[str, Any]:
    return json.loads((ROOT / "policies" / "config" / "first-deployment.json").read_text(encoding="utf-8"))


def test_services_may_be_missing_at_the_first_deployment_and_nothing_else() -> None:
    topology = recorded("prod", compute=_NO_IMAGES)
    assert violations(topology, _first_deployment()) == set()
    assert violations(topology) == {("services-declared", "fitness-platform-prod")}


def test_a_stack_with_a_config_of_its_own_needs_both() -> None:
    topology = recorded("dev", compute=_NO_IMAGES)
    assert violations(topology, dev_config() | _first_deployment()) == set()


def test_the_config_relaxes_one_guardrail() -> None:
    assert list(_first_deployment()) == ["services-declared"]
