"""The policy pack in process, through the SDK's own servicer and proxies."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import pulumi_policy.policy as sdk
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel

from guardrails import ALL_GUARDRAILS
from guardrails.binding import policies
from guardrails.exemptions import Exemption, Exemptions
from guardrails.model import Guardrail, ResourceGuardrail
from guardrails.one_pass import OnePassServicer
from preview.pack import Diagnostic, analyze_request, stack_resource
from preview.policy_config import reconcile
from preview.topology import Resource, Topology
from tests.support.recording import ROOT
from tests.support.sdk_reading import sdk_reader

TODAY = date(2026, 11, 22)
_MOST_KEPT = 50_000
_ANALYZED: dict[
    tuple[int, int, str, frozenset[str]], tuple[Resource, Resource | None, analyzer_pb2.AnalyzeResponse]
] = {}
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
    of: Iterable[Guardrail] = ALL_GUARDRAILS,
) -> list[Diagnostic]:
    """Return what the pack, or the guardrails in ``of``, say of a stack; ``plain`` serves it as the SDK alone would."""
    written, ids = json.dumps(config or {}, sort_keys=True), frozenset(rail.id for rail in of)
    servicer = _new_servicer(written, plain, ids, exemptions) if exemptions else _servicer(written, plain, ids)
    resources = topology.resources
    declared = [resource for resource in resources.values() if not resource.read]
    if plain or exemptions:
        answers = [servicer.Analyze(analyze_request(resource, resources), None) for resource in declared]
    else:
        answers = [_analyzed(resource, resources, written, ids) for resource in declared]
    if plain or exemptions:
        everything = [stack_resource(resource, resources) for resource in resources.values()]
        answers.append(servicer.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=everything), None))
    else:
        answers.append(servicer.judge_stack(sdk_reader().stack(topology)))
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


def _new_servicer(config: str, plain: bool, ids: frozenset[str], exemptions: tuple[Exemption, ...]) -> Any:
    bound = policies([rail for rail in ALL_GUARDRAILS if rail.id in ids], Exemptions(exemptions, TODAY))
    arguments = ("pack", "0.0.1", bound, EnforcementLevel.MANDATORY)
    servicer: Any = _PLAIN(*arguments) if plain else OnePassServicer(_PLAIN, _APPLIES_TO, *arguments)
    theirs = {name: value for name, value in json.loads(config).items() if name in {*ids, "all"}}
    request, _ = reconcile(servicer.GetAnalyzerInfo(None, None), theirs, "test")
    servicer.Configure(request, None)
    return servicer


@cache
def _servicer(config: str, plain: bool, ids: frozenset[str]) -> Any:
    return _new_servicer(config, plain, ids, ())


def _analyzed(
    resource: Resource, resources: Mapping[str, Resource], config: str, ids: frozenset[str]
) -> analyzer_pb2.AnalyzeResponse:
    """Return what is said of one resource by its inputs: most of a stack is the same object from case to case."""
    provider = resources.get(resource.provider)
    key = id(resource), id(provider), config, ids
    if key not in _ANALYZED:
        if len(_ANALYZED) > _MOST_KEPT:
            _ANALYZED.clear()
        answer = _servicer(config, plain=False, ids=ids).Analyze(analyze_request(resource, resources), None)
        _ANALYZED[key] = resource, provider, answer  # the first two keep their ids from being reused
    return _ANALYZED[key][2]


def violations(
    topology: Topology, config: Mapping[str, Any] | None = None, of: Iterable[Guardrail] = ALL_GUARDRAILS
) -> set[tuple[str, str]]:
    """Return which guardrails, or which ``of`` some, a stack breaks, each with the name of the resource that does."""
    return {(found.guardrail, found.urn.rpartition("::")[2]) for found in diagnostics(topology, config, of=of)}


def forget() -> None:
    """Let go of all stacks judged so far, where those to come share nothing with them."""
    _ANALYZED.clear()
    sdk_reader().forget()
