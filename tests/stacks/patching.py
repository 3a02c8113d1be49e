"""Copies of the program with one change, as a pull request might make it, and what the command line says of them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.copies import copy_of_this_project


class Patch(NamedTuple):
    """A change to one file, and what must be said of it."""

    file: str
    old: str
    new: str
    violations: set[tuple[str, str]]
    """Guardrails, each with the URN of the resource that breaks it."""


def urn(type_chain: str, name: str, stack: str = "prod") -> str:
    """Return the URN of a resource of a stack."""
    return f"urn:pulumi:{stack}::fitness-platform::{type_chain}::{name}"


def each(guardrail: str, type_chain: str, *names: str, stack: str = "prod") -> set[tuple[str, str]]:
    """Return that each of some resources of one type breaks a guardrail."""
    return {(guardrail, urn(type_chain, name, stack)) for name in names}


def assert_refused(patch: Patch, folder: Path, stack: str = "prod") -> None:
    """Preview a patched copy of a stack in ``folder``: it must be refused for its violations and no others."""
    target = copy_of_this_project(folder) / patch.file
    text = target.read_text(encoding="utf-8")
    assert text.count(patch.old) == 1
    target.write_text(text.replace(patch.old, patch.new), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "preview", stack, "--json"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stderr
    [report] = json.loads(run.stdout)
    assert {(found["guardrail"], found["urn"]) for found in report["violations"]} == patch.violations
    assert report["undecided"] == []
    assert run.stderr == ""
