"""The policy pack in process, through the SDK's own servicer and proxies."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pulumi_policy.policy as sdk
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel

from guardrails import ALL_GUARDRAILS
from guardrails.binding import policies
from guardrails.exemptions import Exemption, Exemptions
from guardrails.model import ResourceGuardrail
from guardrails.one_pass import OnePassServicer
from preview.pack import Diagnostic, analyze_request, stack_resource
from preview.policy_config import reconcile
from preview.topology import Topology
from tests.support.recording import ROOT

TODAY = date(2026, 11, 22)
_PLAIN: Any = vars(sdk)["_PolicyAnalyzerServicer"]
_APPLIES_TO = {
    guardrail.id: guardrail.types for guardrail in ALL_GUARDRAILS if isinstance(guardrail, ResourceGuardrail)
}


def dev_config() -> dict[str, Any]:
    """Return the policy config of the dev stack."""
    return json.loads((ROOT / "policies" / "config" / "dev.json").read_text(encoding="utf-8"))


def diagnostics(
    topology: Topology,
    config: Mapping[str, Any] | None = None,
    exemptions: tuple[Exemption, ...] = (),
    *,
    plain: bool = False,
) -> list[Diagnostic]:
    """Return what the pack says of a stack; ``plain`` serves it as the SDK alone would."""
    bound = policies(ALL_GUARDRAILS, Exemptions(exemptions, TODAY))
    arguments = ("pack", "0.0.1", bound, EnforcementLevel.MANDATORY)
    servicer: Any = _PLAIN(*arguments) if plain else OnePassServicer(_PLAIN, _APPLIES_TO, *arguments)
    request, _ = reconcile(servicer.GetAnalyzerInfo(None, None), config or {}, "test")
    servicer.Configure(request, None)
    resources = topology.resources
    answers = [
        servicer.Analyze(analyze_request(resource, resources), None)
        for resource in resources.values()
        if not resource.read
    ]
    everything = [stack_resource(resource, resources) for resource in resources.values()]
    answers.append(servicer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=everything), None))
    return sorted(
        Diagnostic(
            found.policyName,
            found.urn,
            found.message.removeprefix(found.description).strip(),
            analyzer_pb2.EnforcementLevel.Name(found.enforcementLevel).lower(),
            "",
        )
        for answer in answers
        for found in answer.diagnostics
    )


def violations(topology: Topology, config: Mapping[str, Any] | None = None) -> set[tuple[str, str]]:
    """Return which guardrails a stack breaks, each with the name of the resource that does."""
    return {(found.guardrail, found.urn.rpartition("::")[2]) for found in diagnostics(topology, config)}
