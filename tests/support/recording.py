"""Recorded stacks: the real program, run once for each configuration."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from preview.program import run_program
from preview.stack_file import StackConfig, load_stack
from preview.topology import Topology

ROOT = Path(__file__).resolve().parents[2]


def configured(stack: str, **sections: dict[str, Any]) -> StackConfig:
    """Return a stack's configuration with some keys of some sections changed; ``None`` takes a key out."""
    loaded = load_stack(ROOT, stack)
    config = dict(loaded.config)
    for section, changes in sections.items():
        key = f"{loaded.project}:{section}"
        merged = {**json.loads(config.get(key, "{}")), **changes}
        config[key] = json.dumps({name: value for name, value in merged.items() if value is not None})
    return replace(loaded, config=config)


@cache
def _recorded(stack: str, changes: str) -> Topology:
    return run_program(configured(stack, **json.loads(changes)), {})


def recorded(stack: str, **sections: dict[str, Any]) -> Topology:
    """Return what the program declares for ``stack``, with some settings changed."""
    return _recorded(stack, json.dumps(sections, sort_keys=True))
