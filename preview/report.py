"""What a preview prints: for people, and the same for programs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pulumi.runtime.proto import analyzer_pb2

from preview.pack import Diagnostic
from preview.policy_config import Relaxation
from preview.topology import STACK_TYPE, Resource, Topology, plain

_EXEMPTIONS = "exemptions-in-force"
_UNDECIDED = ("undecided: ", "can't run policy")
_SEVERITIES = ("critical", "high", "medium", "low", "unspecified")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one preview found."""

    topology: Topology
    policies: Mapping[str, analyzer_pb2.PolicyInfo]
    diagnostics: tuple[Diagnostic, ...]
    relaxations: tuple[Relaxation, ...]
    policy_config: str
    """Name of the policy config in use; empty where the pack is strict."""

    @property
    def exemptions(self) -> list[Diagnostic]:
        """Exemptions in force."""
        return [found for found in self.diagnostics if found.guardrail == _EXEMPTIONS]

    @property
    def undecided(self) -> list[Diagnostic]:
        """What a guardrail could not decide, which counts as a violation."""
        return [found for found in self._judged() if found.message.startswith(_UNDECIDED)]

    @property
    def violations(self) -> list[Diagnostic]:
        """What breaks the decision."""
        return [found for found in self._judged() if not found.message.startswith(_UNDECIDED)]

    def _judged(self) -> list[Diagnostic]:
        return [found for found in self.diagnostics if found.guardrail != _EXEMPTIONS]

    @property
    def clean(self) -> bool:
        """Whether a deployment would be let through."""
        return not self.undecided and all(found.level == "advisory" for found in self.violations)

    def verdict(self) -> str:
        """Return the outcome in one line."""
        count = sum(1 for resource in self.topology.resources.values() if _is_real(resource))
        parts = [f"{count} resources", f"{len(self.policies)} policies", _counted(len(self.violations), "violation")]
        if self.undecided:
            parts.append(f"{len(self.undecided)} undecided")
        if self.exemptions:
            parts.append(_counted(len(self.exemptions), "exemption"))
        return f"{self.topology.stack}: {'clean' if self.clean else 'REFUSED'} ({', '.join(parts)})"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is_real(resource: Resource) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:providers:")


def as_text(report: Report) -> str:
    """Return a report for people."""
    lines = [f"Stack {report.topology.stack}", "", *_tree(report.topology), ""]
    if report.policy_config:
        lines += [f"Relaxed by {report.policy_config}:"]
        lines += [
            f"  {found.guardrail}: {found.option} {json.dumps(found.relaxed)} in place of {_brief(found.strict)}"
            for found in report.relaxations
        ] or ["  nothing"]
        lines.append("")
    lines += _section("Violations", report.violations, report.policies)
    lines += _section("Undecided", report.undecided, report.policies)
    if report.exemptions:
        lines += ["Exemptions in force:"]
        lines += [line for found in report.exemptions for line in (f"  {found.message}", f"    {found.urn}")]
        lines.append("")
    lines += [f"The program says {message}" for message in report.topology.log]
    lines.append(report.verdict())
    return "\n".join(lines) + "\n"


def _brief(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 or not isinstance(value, list) else f"{len(value)} entries"


def _section(title: str, found: Iterable[Diagnostic], policies: Mapping[str, analyzer_pb2.PolicyInfo]) -> Iterator[str]:
    by_guardrail: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        by_guardrail.setdefault(diagnostic.guardrail, []).append(diagnostic)
    if not by_guardrail:
        return
    yield f"{title}:"
    for guardrail, diagnostics in sorted(
        by_guardrail.items(), key=lambda item: (_SEVERITIES.index(item[1][0].severity), item[0])
    ):
        policy = policies[guardrail]
        clauses = f" [{policy.framework.reference}]" if policy.framework.reference else ""
        yield f"  {guardrail} ({diagnostics[0].severity}, {diagnostics[0].level}){clauses}"
        yield f"    {policy.description}"
        for diagnostic in diagnostics:
            yield f"    - {diagnostic.urn or 'the stack'}"
            yield f"      {diagnostic.message}"
        if policy.remediation_steps:
            yield f"    To mend it: {policy.remediation_steps}"
    yield ""


def _tree(topology: Topology) -> Iterator[str]:
    """Yield the resources below their components, each component with the count of what it holds."""
    children: dict[str, list[Resource]] = {}
    root = ""
    for resource in topology.resources.values():
        children.setdefault(resource.parent, []).append(resource)
        root = resource.urn if resource.type == STACK_TYPE else root

    def count(resource: Resource) -> int:
        return _is_real(resource) + sum(count(child) for child in children.get(resource.urn, ()))

    def draw(parent: str, indent: str) -> Iterator[str]:
        below = children.get(parent, [])
        for component in (resource for resource in below if not resource.custom):
            yield f"{indent}{component.type.split(':')[-1]} {component.name} ({_counted(count(component), 'resource')})"
            yield from draw(component.urn, indent + "  ")
        kinds = Counter(resource.type for resource in below if resource.custom)
        for kind in sorted(kinds):
            names = ", ".join(sorted(resource.name for resource in below if resource.type == kind))
            yield f"{indent}{kind.split(':')[-1]}: {names}"

    yield from draw(root, "  ")


def as_json(report: Report) -> dict[str, Any]:
    """Return a report for programs; unknown values are the engine's sentinel, secrets are ``[secret]``."""
    return {
        "stack": report.topology.stack,
        "verdict": "clean" if report.clean else "refused",
        "resources": [
            {
                "urn": resource.urn,
                "type": resource.type,
                "name": resource.name,
                "parent": resource.parent,
                "custom": resource.custom,
                "provider": resource.provider,
                "inputs": plain(resource.inputs),
                "dependencies": list(resource.dependencies),
                "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
                "options": dict(resource.options),
            }
            for resource in report.topology.resources.values()
        ],
        "outputs": _stack_outputs(report.topology),
        "violations": [_diagnostic(found, report) for found in report.violations],
        "undecided": [_diagnostic(found, report) for found in report.undecided],
        "exemptions": [{"urn": found.urn, "exemption": found.message} for found in report.exemptions],
        "relaxations": [asdict(found) for found in report.relaxations],
        "log": list(report.topology.log),
    }


def _stack_outputs(topology: Topology) -> dict[str, Any]:
    return next((plain(found.outputs) for found in topology.resources.values() if found.type == STACK_TYPE), {})


def _diagnostic(found: Diagnostic, report: Report) -> dict[str, Any]:
    policy = report.policies[found.guardrail]
    return {
        **asdict(found),
        "clauses": policy.framework.reference.split(", ") if policy.framework.reference else [],
        "remediation": policy.remediation_steps,
    }
