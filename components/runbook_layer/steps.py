"""Steps of a runbook, and the document of SSM Automation that is made of them. Pure: all of it is known text.

https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from components.policy_documents import Statement


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Its description ends with the time that it should take, ``Expected: <whole seconds> s.``."""

    name: str
    """Letters and digits, unique in its runbook."""
    says: str
    """What it does, for people: a sentence without its full stop."""
    action: Literal[
        "aws:assertAwsResourceProperty",
        "aws:executeAutomation",
        "aws:executeAwsApi",
        "aws:sleep",
        "aws:waitForAwsResourceProperty",
    ]
    inputs: Mapping[str, Any]
    expected_seconds: int
    timeout_seconds: int
    """After which the step has failed."""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Selectors of what later steps use, by the name that they use it by."""
    output_type: Literal["String", "StringList"] = "String"
    may_fail: bool = False
    """Whether the run goes on if it fails, because it may have been done before; a later step tells."""

    @property
    def content(self) -> dict[str, Any]:
        """The step as SSM takes it."""
        return {
            "name": self.name,
            "description": f"{self.says}. Expected: {self.expected_seconds} s.",
            "action": self.action,
            "timeoutSeconds": self.timeout_seconds,
            "onFailure": "Continue" if self.may_fail else "Abort",
            **({"isCritical": False} if self.may_fail else {}),
            "inputs": dict(self.inputs),
            **({"outputs": self._outputs} if self.outputs else {}),
        }

    @property
    def _outputs(self) -> list[dict[str, str]]:
        return [
            {"Name": name, "Selector": selector, "Type": self.output_type} for name, selector in self.outputs.items()
        ]


@dataclass(frozen=True, slots=True)
class Runbook:
    """What people start as a whole."""

    name: str
    """Last part of the document's name."""
    says: str
    """What it is for, for people."""
    steps: Sequence[Step]
    statements: Sequence[Statement]
    """What the role of runbooks must be allowed for it, each with a ``sid`` of its own."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What people must say when they start it."""

    @property
    def expected_seconds(self) -> int:
        """How long it takes if nothing goes wrong."""
        return sum(step.expected_seconds for step in self.steps)

    def content(self, role_arn: str) -> str:
        """Return the document."""
        return json.dumps(
            {
                "schemaVersion": "0.3",
                "description": self.says,
                "assumeRole": role_arn,
                **({"parameters": dict(self.parameters)} if self.parameters else {}),
                "mainSteps": [step.content for step in self.steps],
            }
        )


def call(
    name: str,
    says: str,
    service: str,
    api: str,
    inputs: Mapping[str, Any],
    *,
    expected_seconds: int = 5,
    outputs: Mapping[str, str] | None = None,
    output_type: Literal["String", "StringList"] = "String",
    may_fail: bool = False,
) -> Step:
    """Return a step that calls an API of AWS, by the names of its service model."""
    return Step(
        name,
        says,
        "aws:executeAwsApi",
        {"Service": service, "Api": api, **inputs},
        expected_seconds,
        300,
        outputs or {},
        output_type,
        may_fail,
    )


def wait(
    name: str,
    says: str,
    service: str,
    api: str,
    inputs: Mapping[str, Any],
    *,
    until: tuple[str, str],
    expected_seconds: int,
    timeout_seconds: int,
) -> Step:
    """Return a step that waits ``until`` what a selector finds is a value."""
    selector, value = until
    return Step(
        name,
        says,
        "aws:waitForAwsResourceProperty",
        {"Service": service, "Api": api, **inputs, "PropertySelector": selector, "DesiredValues": [value]},
        expected_seconds,
        timeout_seconds,
    )


def rest(name: str, says: str, seconds: int) -> Step:
    """Return a step that does nothing for some seconds: AWS shows what it was told a moment later."""
    return Step(name, says, "aws:sleep", {"Duration": f"PT{seconds}S"}, seconds, seconds + 60)
