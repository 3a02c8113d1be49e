"""Settings under fire: a thousand right stack files and a thousand wrong ones, drawn from the models by seed."""

import json
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from components import SettingsError, StackSettings
from components.settings import all_conflicts
from preview.stack_file import load_stack
from tests.components.reading import load
from tests.support.stack_files import Mistake, message_path, mistakes, right_changes, yaml_text
from tests.support.variations import Changes, document

_EXAMPLES = 250
_SEEDS = [20261122, 20261123, 20261124, 20261125]


def _fire(number: int, drawn: st.SearchStrategy[Any], shot: Callable[[Any], None]) -> None:
    """Try a number of examples, the same for the same seed."""
    count = 0

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(drawn)
    def check(example: Any) -> None:
        nonlocal count
        count += 1
        shot(example)

    check()
    assert count >= _EXAMPLES


def _holds(found: Any, written: Any) -> bool:
    """Whether what was read is what was written, and beside it no more than defaults."""
    if isinstance(written, dict):
        return all(_holds(found[key], value) for key, value in written.items())
    if isinstance(written, list):
        return len(found) == len(written) and all(map(_holds, found, written))
    return found == written


def _load(folder: FilePath, text: str) -> StackSettings:
    """Read a stack file as a preview does."""
    (folder / "Pulumi.yaml").write_text("name: fitness-platform\nruntime: python\n", encoding="utf-8")
    (folder / "Pulumi.fire.yaml").write_text(text, encoding="utf-8")
    return load(load_stack(folder, "fire").config)


@pytest.mark.parametrize("number", _SEEDS, ids=lambda number: f"seed {number}")
def test_right_files_are_read_as_written_or_refused_for_their_conflicts(number: int, tmp_path: FilePath) -> None:
    def shot(changes: Changes) -> None:
        expected = StackSettings.model_validate_json(json.dumps(document(changes)))
        conflicts = [message_path(conflict.path) for conflict in all_conflicts(expected)]
        if conflicts:
            with pytest.raises(SettingsError) as caught:
                _load(tmp_path, yaml_text(document(changes)))
            assert [problem.partition(": found ")[0] for problem in caught.value.problems] == conflicts
            return
        read: Any = _load(tmp_path, yaml_text(document(changes))).model_dump(mode="json", by_alias=True)
        for path, value in changes.items():
            found = read
            for key in path:
                found = found[key]
            assert _holds(found, value), path

    _fire(number, right_changes(), shot)


@pytest.mark.parametrize("number", _SEEDS, ids=lambda number: f"seed {number}")
def test_wrong_files_are_refused_where_they_are_wrong(number: int, tmp_path: FilePath) -> None:
    def shot(mistake: Mistake) -> None:
        with pytest.raises(SettingsError) as caught:
            _load(tmp_path, mistake.text)
        for problem in caught.value.problems:
            assert problem.startswith(f"{mistake.path}: ")
            assert problem.isprintable()
            assert len(problem) < 1000

    _fire(number, mistakes(), shot)
