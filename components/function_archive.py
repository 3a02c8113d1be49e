"""Archives of functions: the same bytes for the same source, on every machine."""

import base64
import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_SOURCES = _ROOT / "functions"
_BUILT = Path("build", "functions")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_READABLE = 0o100644
_UNIX = 3


@dataclass(frozen=True, slots=True)
class FunctionArchive:
    """A zip with the source of one function."""

    path: str
    """Where it is, from the root of the project: the same text on every machine."""
    sha256: str
    """Its SHA-256 in base 64, as Lambda tells it."""


def archive(name: str) -> FunctionArchive:
    """Build the archive of the function whose source is ``functions/<name>/``.

    :raises FileNotFoundError: where there is no such source.
    """
    packed = pack(_SOURCES / name)
    path = _BUILT / f"{name}.zip"
    _write(_ROOT / path, packed)
    return FunctionArchive(path.as_posix(), base64.b64encode(hashlib.sha256(packed).digest()).decode())


def pack(source: Path) -> bytes:
    """Return a zip of the Python files below ``source``, in a package of its name.

    Files are stored as they are: what compresses them differs from machine to machine.
    """
    files = {file.relative_to(source.parent).as_posix(): file for file in source.rglob("*.py")}
    if not files:
        raise FileNotFoundError(f"{source} has no Python files")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as written:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE << 16
            written.writestr(entry, files[name].read_bytes())
    return packed.getvalue()


def _write(path: Path, packed: bytes) -> None:
    """Put the archive in its place at once, as other previews may be reading it."""
    if path.is_file() and path.read_bytes() == packed:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(packed)
    unfinished.replace(path)
