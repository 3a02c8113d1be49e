"""What each stack declares, as a whole. `make snapshots` writes the files anew; read the difference."""

from pathlib import Path

import pytest

from preview.__main__ import main
from tests.support.recording import ROOT


@pytest.mark.parametrize("stack", ["dev", "prod", "prod-standby"])
def test_preview_prints_what_is_committed(
    stack: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([stack]) == 0
    assert capsys.readouterr().out == Path(__file__).with_name(f"{stack}.txt").read_text(encoding="utf-8")
