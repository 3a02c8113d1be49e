"""Where guardrails reach the engine: one CrossGuard policy each, so that each has its own level and config."""

from collections.abc import Iterable
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from guardrails.exemptions import Exemptions
from guardrails.graph import Graph
from guardrails.model import Guardrail, ResourceGuardrail, StackGuardrail, Violation
from guardrails.reading import Properties
from guardrails.tokens import canonical

IN_FORCE = "exemptions-in-force"
IN_ORDER = "exemptions-in-order"


def policies(guardrails: Iterable[Guardrail], exemptions: Exemptions) -> list[Policy]:
    """Return a policy for each guardrail, and last the two that speak of the exemptions."""
    bound = [_bind(guardrail, exemptions) for guardrail in guardrails]
    return [*bound, *_about(exemptions)]


def _bind(guardrail: Guardrail, exemptions: Exemptions) -> Policy:
    metadata: dict[str, Any] = {
        "name": guardrail.id,
        "description": guardrail.title,
        "enforcement_level": EnforcementLevel.MANDATORY,
        "severity": Severity(guardrail.severity),
        "framework": PolicyComplianceFramework(
            name="ADR 003", reference=", ".join(guardrail.clauses), specification=", ".join(guardrail.controls)
        ),
        "tags": [*guardrail.clauses, *guardrail.controls],
        "remediation_steps": guardrail.remediation,
        "config_schema": PolicyConfigSchema(
            {
                name: {**option.schema, "default": option.default, "description": option.description}
                for name, option in guardrail.options.items()
            }
        )
        if guardrail.options
        else None,
    }

    def report(violations: Iterable[Violation], report_violation: ReportViolation) -> None:
        for violation in exemptions.remaining(guardrail.id, violations):
            report_violation(violation.message, violation.urn)

    if isinstance(guardrail, ResourceGuardrail):

        def judge_resource(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
            type_ = canonical(args.resource_type)
            found = guardrail.evaluate(args.urn, type_, Properties(args.props), args.get_config() or {})
            report(found, report_violation)

        return ResourceValidationPolicy(validate=judge_resource, **metadata)

    if isinstance(guardrail, StackGuardrail):

        def judge_stack(args: StackValidationArgs, report_violation: ReportViolation) -> None:
            report(guardrail.evaluate(graph_of(args), args.get_config() or {}), report_violation)

        return StackValidationPolicy(validate=judge_stack, **metadata)

    raise TypeError(f"{guardrail.id}: no policy can hold a {type(guardrail).__name__}")


def graph_of(args: StackValidationArgs) -> Graph:
    """Return the graph of a request; policies that are asked about the same resources share it."""
    cached: Graph | None = getattr(args.resources, "graph", None)
    return cached or Graph(args.resources)


def _about(exemptions: Exemptions) -> list[Policy]:
    def stack_of(args: StackValidationArgs) -> str:
        return min((resource.urn for resource in args.resources), default="").removeprefix("urn:pulumi:").split("::")[0]

    def list_them(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        for line in exemptions.in_force(stack_of(args)):
            report_violation(line.message, line.urn)

    def check_them(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        for line in exemptions.out_of_order(stack_of(args)):
            report_violation(line.message, line.urn)

    return [
        StackValidationPolicy(
            name=IN_FORCE,
            description="Exemptions from guardrails that hold in this stack",
            validate=list_them,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
        ),
        StackValidationPolicy(
            name=IN_ORDER,
            description="Exemptions have not expired and are still needed",
            validate=check_them,
            enforcement_level=EnforcementLevel.MANDATORY,
            severity=Severity.MEDIUM,
            remediation_steps="Mend the resource and take its entry out of policies/exemptions.yaml.",
        ),
    ]
