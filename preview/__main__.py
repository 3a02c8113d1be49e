"""``python -m preview STACK...``: exit status 0 clean, 1 violations or a failed drill, 2 the input is wrong."""

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from preview.drill import Drill, run_drill
from preview.drill.report import as_json as drill_as_json
from preview.drill.report import as_text as drill_as_text
from preview.errors import PreviewError
from preview.pack import Pack, running_pack
from preview.policy_config import read_object, reconcile
from preview.program import run_program
from preview.report import Report, as_json, as_text
from preview.stack_file import load_stack

CLEAN, VIOLATIONS, WRONG = 0, 1, 2


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m preview",
        description="Preview stacks and judge them by the policy pack, without AWS, the Pulumi CLI or a network.",
        epilog="Exit status: 0 clean, 1 violations or a failed drill, 2 the input or the program is wrong.",
    )
    parser.add_argument("stacks", nargs="+", metavar="STACK", help="stack name, as in Pulumi.STACK.yaml")
    parser.add_argument("--json", action="store_true", help="print one JSON document in place of text")
    config = parser.add_mutually_exclusive_group()
    config.add_argument(
        "--policy-config",
        type=Path,
        metavar="FILE",
        help="policy config to judge by (default: policies/config/STACK.json where there is one)",
    )
    config.add_argument("--strict", action="store_true", help="judge without a policy config")
    parser.add_argument(
        "--stack-outputs",
        type=Path,
        metavar="FILE",
        help="JSON file of outputs by organization/project/stack, to answer references to other stacks",
    )
    parser.add_argument(
        "--drill",
        metavar="LOSS",
        help=(
            "take something away from the stacks and say what remains: region-loss, the region of a primary that is "
            "named with its standby; or az-loss=LETTER, a zone of each stack"
        ),
    )
    return parser.parse_args(argv)


def _policy_config(stack: str, arguments: argparse.Namespace, root: Path) -> Path | None:
    if arguments.strict:
        return None
    by_convention = root / "policies" / "config" / f"{stack}.json"
    return arguments.policy_config or (by_convention if by_convention.is_file() else None)


def _stack_outputs(file: Path | None) -> dict[str, Any]:
    outputs = read_object(file, "stacks") if file else {}
    for stack, values in outputs.items():
        if not isinstance(values, dict):
            raise PreviewError(f"{file}: {stack}: found {json.dumps(values)}; allowed: an object of outputs")
    return outputs


def _preview(stack_name: str, arguments: argparse.Namespace, root: Path, pack: Pack) -> Report:
    stack = load_stack(root, stack_name)
    topology = run_program(stack, _stack_outputs(arguments.stack_outputs))
    config_file = _policy_config(stack_name, arguments, root)
    config = read_object(config_file, "guardrails") if config_file else {}
    shown = (
        str(config_file.relative_to(root) if config_file.is_relative_to(root) else config_file) if config_file else ""
    )
    request, relaxations = reconcile(pack.info, config, shown)
    return Report(
        topology=topology,
        policies={policy.name: policy for policy in pack.info.policies},
        diagnostics=tuple(pack.judge(stack, topology, request)),
        relaxations=tuple(relaxations),
        policy_config=shown,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Preview the stacks that the command line names, and return the exit status."""
    arguments = _arguments(argv)
    root = Path.cwd()
    try:
        drill = Drill.parse(arguments.drill) if arguments.drill else None
        with running_pack(root / "policies") as pack:
            reports = [_preview(stack, arguments, root, pack) for stack in arguments.stacks]
        findings = run_drill(drill, [report.topology for report in reports]) if drill else []
    except PreviewError as error:
        sys.stderr.write(
            "".join(f"error: {line}\n" if not line[:1].isspace() else f"{line}\n" for line in str(error).splitlines())
        )
        return WRONG
    if arguments.json:
        stacks = [as_json(report) for report in reports]
        whole = {"stacks": stacks, "drills": [drill_as_json(found) for found in findings]} if drill else stacks
        json.dump(whole, sys.stdout, indent=2, sort_keys=True)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(as_text(report) for report in reports)
        sys.stdout.writelines(drill_as_text(found) for found in findings)
    good = all(report.clean for report in reports) and all(found.passed for found in findings)
    return CLEAN if good else VIOLATIONS


if __name__ == "__main__":
    gc.disable()  # the run is short and keeps what it makes; collecting would cost a quarter of it
    sys.exit(main())
