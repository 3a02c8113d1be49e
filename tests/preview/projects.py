"""Throw-away projects, and copies of this one."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from preview.errors import PreviewError
from preview.program import run_program
from preview.stack_file import load_stack
from preview.topology import Topology

URN = "urn:pulumi:x::p"
"""Prefix of URNs in the stack ``x`` of the project ``p``."""

PROVIDER = """
import pulumi
class Provider(pulumi.ProviderResource):
    def __init__(self, name, props=None, opts=None):
        super().__init__("aws", name, props or {}, opts)
class Thing(pulumi.CustomResource):
    def __init__(self, name, props=None, opts=None, type_="aws:s3/bucket:Bucket"):
        super().__init__(type_, name, props or {}, opts)
class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None, type_="p:layer:Box"):
        super().__init__(type_, name, None, opts)
"""


def project(folder: Path, program: str = "", config: str = "") -> Path:
    """Write a project ``p`` with one stack ``x`` whose program is ``program``."""
    folder.joinpath("Pulumi.yaml").write_text("name: p\nruntime: python\n", encoding="utf-8")
    folder.joinpath("Pulumi.x.yaml").write_text(textwrap.dedent(config), encoding="utf-8")
    folder.joinpath("__main__.py").write_text(PROVIDER + textwrap.dedent(program), encoding="utf-8")
    return folder


def run(folder: Path, stack_outputs: Mapping[str, Mapping[str, Any]] | None = None) -> Topology:
    """Run the program in ``folder`` for its stack ``x``."""
    return run_program(load_stack(folder, "x"), stack_outputs or {})


def failure(folder: Path) -> str:
    """Return what is said of a project that can't be previewed."""
    with pytest.raises(PreviewError) as caught:
        run(folder)
    return str(caught.value)
