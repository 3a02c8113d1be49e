import base64
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from components.function_archive import archive, pack
from tests.support.recording import ROOT


def _source(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    return folder / "work"


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    first = _source(tmp_path / "a", "handler.py", "parts/one.py", "__init__.py")
    second = _source(tmp_path / "b", "__init__.py", "parts/one.py", "handler.py")
    (second / "handler.py").chmod(0o700)
    os.utime(second / "handler.py", (0, 0))
    assert pack(first) == pack(second)


def test_another_source_gives_other_bytes(tmp_path: Path) -> None:
    source = _source(tmp_path, "handler.py")
    before = pack(source)
    (source / "handler.py").write_text("x = 1\n", encoding="utf-8")
    assert pack(source) != before


def test_it_has_python_in_a_package_and_nothing_else(tmp_path: Path) -> None:
    source = _source(tmp_path, "handler.py", "__init__.py", "parts/one.py")
    (source / "notes.txt").write_text("no", encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(pack(source))) as packed:
        assert packed.namelist() == ["work/__init__.py", "work/handler.py", "work/parts/one.py"]
        for entry in packed.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert entry.compress_type == zipfile.ZIP_STORED
        assert packed.read("work/handler.py") == b"# handler.py\n"


def test_a_source_without_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no Python files"):
        pack(tmp_path)


def test_what_is_built_is_what_is_told_of_it() -> None:
    built = archive("queue_processor")
    assert built.path == "build/functions/queue_processor.zip"
    packed = (ROOT / built.path).read_bytes()
    assert packed == pack(ROOT / "functions" / "queue_processor")
    assert built.sha256 == base64.b64encode(hashlib.sha256(packed).digest()).decode()
