"""Whole stacks as the engine shows them: at the first preview, and once AWS has given what the program leaves out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preview.topology import Topology
from tests.components.test_standby import PROMOTED
from tests.policies.engine import Eye, first_preview
from tests.support.judging import violations
from tests.support.recording import ROOT, recorded

_STACKS: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "dev": ("dev", {}, "dev"),
    "prod": ("prod", {}, None),
    "prod-standby": ("prod-standby", {}, "prod-standby"),
    "prod-standby, promoted": ("prod-standby", PROMOTED, "promoted"),
}


def _config(name: str | None) -> dict[str, Any]:
    return json.loads((ROOT / "policies" / "config" / f"{name}.json").read_text(encoding="utf-8")) if name else {}


@pytest.mark.parametrize("shown", [first_preview, Eye(deployed=True, reference="id-1")])
@pytest.mark.parametrize(("stack", "changes", "config"), _STACKS.values(), ids=_STACKS.keys())
def test_a_stack_is_clean_in_any_view(
    stack: str, changes: dict[str, Any], config: str | None, shown: Callable[[Topology], Topology]
) -> None:
    assert violations(shown(recorded(stack, **changes)), _config(config)) == set()
