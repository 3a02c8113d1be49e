"""Deserialising each resource once for all policies.

The SDK's servicer deserialises every resource again for every policy, which at 200 policies is most of what a preview
costs (docs/decisions/0004-one-policy-a-guardrail.md has the figures). This one lets the SDK deserialise a request
once, for a policy that stands for all, and hands the result to each policy that asks for its type. Levels, configs,
messages and the proxies that policies read through stay the SDK's. Where the SDK no longer has what this builds on,
:func:`install` changes nothing and the pack runs the plain way.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import pulumi_policy.policy as sdk
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from guardrails.graph import Graph
from guardrails.tokens import canonical

_LEVELS: Mapping[EnforcementLevel, analyzer_pb2.EnforcementLevel.ValueType] = {
    EnforcementLevel.ADVISORY: analyzer_pb2.ADVISORY,
    EnforcementLevel.MANDATORY: analyzer_pb2.MANDATORY,
    EnforcementLevel.REMEDIATE: analyzer_pb2.MANDATORY,  # no guardrail remediates; the SDK downgrades likewise
    EnforcementLevel.DISABLED: analyzer_pb2.DISABLED,
}
_SDK_SERVICER = "_PolicyAnalyzerServicer"


def install(applies_to: Mapping[str, frozenset[str]]) -> bool:
    """Let ``PolicyPack`` serve through this module, where the SDK still allows it.

    ``applies_to`` names, for policies that look at single resources, the canonical types that they look at.
    """
    plain: Any = getattr(sdk, _SDK_SERVICER, None)
    if plain is None:
        return False

    def servicer(name: str, version: str, policies: list[Policy], *rest: Any) -> OnePassServicer:
        setattr(sdk, _SDK_SERVICER, plain)  # the SDK's own code looks itself up under this name
        return OnePassServicer(plain, applies_to, name, version, policies, *rest)

    setattr(sdk, _SDK_SERVICER, servicer)
    return True


class SharedResources(list[PolicyResource]):
    """The resources of one request, with the graph that all policies of the request share."""

    @cached_property
    def graph(self) -> Graph:
        """The graph of these resources."""
        return Graph(self)


class OnePassServicer(analyzer_pb2_grpc.AnalyzerServicer):
    """An analyzer that answers as the SDK's does, reading each request once."""

    def __init__(
        self,
        plain: Callable[..., Any],
        applies_to: Mapping[str, frozenset[str]],
        name: str,
        version: str,
        policies: Sequence[Policy],
        *rest: Any,
    ) -> None:
        self._name, self._version = name, version
        self._on_stack = [policy for policy in policies if isinstance(policy, StackValidationPolicy)]
        self._on_type: dict[str, list[ResourceValidationPolicy]] = {}
        for policy in policies:
            if isinstance(policy, ResourceValidationPolicy):
                for type_ in applies_to[policy.name]:
                    self._on_type.setdefault(type_, []).append(policy)
        self._levels = {policy.name: policy.enforcement_level or EnforcementLevel.ADVISORY for policy in policies}
        self._configs: dict[str, dict[str, Any]] = {}
        self._answer = threading.local()
        self._described = plain(name, version, list(policies), *rest)
        everything = "everything"
        self._reader = plain(
            name,
            version,
            [
                ResourceValidationPolicy(everything, "All policies on one resource", validate=self._judge_resource),
                StackValidationPolicy(everything, "All policies on the stack", validate=self._judge_stack),
            ],
            EnforcementLevel.MANDATORY,
        )

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:
        return self._described.GetAnalyzerInfo(request, context)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return self._described.GetPluginInfo(request, context)

    def Remediate(self, request: Any, context: Any) -> Any:
        return self._described.Remediate(request, context)

    def Configure(self, request: Any, context: Any) -> Any:
        by_number = {number: level for level, number in _LEVELS.items() if level is not EnforcementLevel.REMEDIATE}
        for name, config in request.policyConfig.items():
            self._levels[name] = by_number.get(config.enforcementLevel, EnforcementLevel.MANDATORY)
            self._configs[name] = json_format.MessageToDict(config.properties)
        return self._described.Configure(request, context)

    def ConfigureStack(self, request: Any, context: Any) -> Any:
        self._reader.ConfigureStack(request, context)
        return self._described.ConfigureStack(request, context)

    def Analyze(self, request: Any, context: Any) -> analyzer_pb2.AnalyzeResponse:
        self._answer.response = analyzer_pb2.AnalyzeResponse()
        if canonical(request.type) in self._on_type:
            self._reader.Analyze(request, context)
        return self._answer.response

    def AnalyzeStack(self, request: Any, context: Any) -> analyzer_pb2.AnalyzeResponse:
        self._answer.response = analyzer_pb2.AnalyzeResponse()
        self._reader.AnalyzeStack(request, context)
        return self._answer.response

    def judge_stack(self, resources: Sequence[PolicyResource]) -> analyzer_pb2.AnalyzeResponse:
        """Return what the policies say of resources that the SDK has read."""
        self._answer.response = analyzer_pb2.AnalyzeResponse()
        self._judge_stack(StackValidationArgs(list(resources), None, None), lambda *_: None)
        return self._answer.response

    def _judge_resource(self, args: ResourceValidationArgs, _: ReportViolation) -> None:
        for policy in self._on_type[canonical(args.resource_type)]:
            if (level := self._levels[policy.name]) is not EnforcementLevel.DISABLED:
                policy.validate(self._configured(args, policy), self._reporter(policy, level))

    def _configured(self, args: ResourceValidationArgs, policy: Policy) -> ResourceValidationArgs:
        config = self._configs.get(policy.name)
        if not config:
            return args
        return ResourceValidationArgs(
            args.resource_type, args.props, args.urn, args.name, args.opts, args.provider, config, args.stack_tags
        )

    def _judge_stack(self, args: StackValidationArgs, _: ReportViolation) -> None:
        shared = SharedResources(args.resources)
        for policy in self._on_stack:
            if (level := self._levels[policy.name]) is not EnforcementLevel.DISABLED:
                config = self._configs.get(policy.name)
                policy.validate(StackValidationArgs(shared, config, args.stack_tags), self._reporter(policy, level))

    def _reporter(self, policy: Policy, level: EnforcementLevel) -> ReportViolation:
        response: analyzer_pb2.AnalyzeResponse = self._answer.response
        severity = f"POLICY_SEVERITY_{(policy.severity.value if policy.severity else 'unspecified').upper()}"

        def report(message: str, urn: str | None = None) -> None:
            response.diagnostics.add(
                policyName=policy.name,
                policyPackName=self._name,
                policyPackVersion=self._version,
                description=policy.description,
                message=f"{policy.description}\n{message}" if message else policy.description,
                urn=urn or "",
                enforcementLevel=_LEVELS[level],
                severity=analyzer_pb2.PolicySeverity.Value(severity),
            )

        return report
