"""Pages of ``docs/runbooks`` for the runbooks that AWS runs: what the recorded documents say, step by step."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from preview.program import run_program
from preview.stack_file import load_stack
from preview.topology import plain
from tools.clauses import ROOT

_DOCUMENT = "aws:ssm/document:Document"
_STACKS = ("prod", "prod-standby")
_PREFIX = "fitness-platform-prod-"
_EXPECTED = re.compile(r"(?P<says>.*)\. Expected: (?P<seconds>[0-9]+) s\.")
_BOUNDS: Mapping[str, str] = {
    "fail-over": "30 minutes, clause dr-failover-cross-region",
    "promote-database": "30 minutes, clause dr-failover-cross-region, together with the others",
    "promote-read-replica": "5 minutes, clause dr-failover-manual-replica",
    "restore-database": "2 hours, clause dr-rto-2h",
}


@cache
def runbooks() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return what each document says, by the last part of its name and then by region."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for stack in _STACKS:
        config = load_stack(ROOT, stack)
        for resource in run_program(config, {}).resources.values():
            if resource.type == _DOCUMENT:
                inputs = plain(resource.inputs)
                label = str(inputs["name"]).removeprefix(_PREFIX)
                found.setdefault(label, {})[config.config["aws:region"]] = json.loads(inputs["content"])
    return dict(sorted(found.items()))


def page(label: str, notice: str) -> str:
    """Return the page of a runbook."""
    lines = [f"# Runbook: {label}", "", notice, ""]
    for region, content in runbooks()[label].items():
        lines += [*_section(label, region, content), ""]
    return "\n".join(lines)


def _section(label: str, region: str, content: Mapping[str, Any]) -> Iterator[str]:
    yield f"## In {region}"
    yield ""
    yield f"{content['description']}."
    yield ""
    yield "```"
    yield f"aws ssm start-automation-execution --region {region} --document-name {_PREFIX}{label}{_parameters(content)}"
    yield "```"
    yield ""
    for name, parameter in content.get("parameters", {}).items():
        default = f", `{parameter['default']}` if left out" if "default" in parameter else ""
        yield f"- `{name}`: {parameter['description']}{default}"
    yield from ("",) if content.get("parameters") else ()
    yield "| Step | What it does | Calls | Expected, s | Ends after, s |"
    yield "|---|---|---|---|---|"
    total = 0
    for step in content["mainSteps"]:
        found = _EXPECTED.fullmatch(step["description"])
        if found is None:
            raise ValueError(f"{label}: step {step['name']} does not say how long it takes")
        total += int(found["seconds"])
        yield (
            f"| `{step['name']}` | {found['says']} | {_call(step)} | {found['seconds']} | {step['timeoutSeconds']} |"
        )
    yield ""
    bound = f", within {_BOUNDS[label]}" if label in _BOUNDS else ""
    yield f"Expected in all: {total // 60} min {total % 60} s{bound}."


def _parameters(content: Mapping[str, Any]) -> str:
    needed = [name for name, parameter in content.get("parameters", {}).items() if "default" not in parameter]
    return f" --parameters {','.join(f'{name}=...' for name in needed)}" if needed else ""


def _call(step: Mapping[str, Any]) -> str:
    inputs = step["inputs"]
    if "Api" in inputs:
        return f"{inputs['Service']} {inputs['Api']}"
    return str(inputs.get("DocumentName", step["action"].removeprefix("aws:")))
