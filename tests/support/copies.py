"""Copies of this project, for tests to change."""

import shutil
from pathlib import Path

from tests.support.recording import ROOT

_PACKAGES = ("components", "functions", "policies", "preview")


def copy_of_this_project(folder: Path) -> Path:
    """Copy what a preview of this project reads."""
    for source in [*ROOT.glob("Pulumi*.yaml"), ROOT / "__main__.py"]:
        shutil.copy(source, folder)
    for package in _PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
