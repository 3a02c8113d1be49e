from datetime import date

import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy

from guardrails import ALL_GUARDRAILS
from guardrails.binding import IN_FORCE, IN_ORDER, policies
from guardrails.exemptions import Exemptions
from guardrails.model import Guardrail, ResourceGuardrail

_POLICIES = policies(ALL_GUARDRAILS, Exemptions((), date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("guardrail", "policy"), list(zip(ALL_GUARDRAILS, _POLICIES, strict=False)), ids=lambda one: getattr(one, "id", "")
)
def test_policy_says_what_its_guardrail_says(guardrail: Guardrail, policy: object) -> None:
    kind = ResourceValidationPolicy if isinstance(guardrail, ResourceGuardrail) else StackValidationPolicy
    assert isinstance(policy, kind)
    assert (policy.name, policy.description) == (guardrail.id, guardrail.title)
    assert policy.enforcement_level is EnforcementLevel.MANDATORY
    assert policy.severity is not None
    assert policy.severity.value == guardrail.severity
    assert policy.remediation_steps == guardrail.remediation
    assert policy.tags == [*guardrail.clauses, *guardrail.controls]
    defaults = (
        {name: option["default"] for name, option in policy.config_schema.properties.items()}
        if policy.config_schema
        else {}
    )
    assert defaults == {name: option.default for name, option in guardrail.options.items()}


def test_exemptions_are_spoken_of_last() -> None:
    assert [policy.name for policy in _POLICIES[len(ALL_GUARDRAILS) :]] == [IN_FORCE, IN_ORDER]
    assert [policy.enforcement_level for policy in _POLICIES[-2:]] == [
        EnforcementLevel.ADVISORY,
        EnforcementLevel.MANDATORY,
    ]


def test_other_guardrails_cannot_be_bound() -> None:
    stranger = Guardrail(id="other-kind", title="", clauses=("c",), severity="low", remediation="")
    with pytest.raises(TypeError, match="other-kind: no policy can hold a Guardrail"):
        policies([stranger], Exemptions((), date(2026, 1, 1)))
