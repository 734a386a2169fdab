"""Results on disk: every file written beside its place and moved there, `result.json` last."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcompile.errors import InputError

__all__ = ["canonical_json", "file_stem", "read_result", "require_writable", "write_folder"]

_RESULT = "result.json"


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys, one space of indent and a final newline: the same bytes for the same value."""
    return json.dumps(value, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n"


def file_stem(name: str) -> str:
    """Return a file name for a circuit's name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("._") or "circuit"


def require_writable(folder: Path) -> None:
    """Check that results can be written to a folder, before any work is done for them; nothing is made.

    Raises:
        InputError: It is a file, lies under one, or may not be written to.
    """
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    reason = "is no folder" if not there.is_dir() else "" if os.access(there, os.W_OK | os.X_OK) else "is read-only"
    if reason:
        raise InputError(
            f"cannot be written to ({there} {reason})",
            where=f"--out {folder}",
            hint="name a folder that you may write to",
        )


def _make_folder(folder: Path) -> None:
    """Make a folder for results.

    Raises:
        InputError: It cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".qcompile-"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"cannot be written to ({reason})", where=f"--out {folder}", hint="name a folder that you may write to"
        ) from None


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a result, each atomically, `result.json` last; files of an older result that are gone go too.

    Raises:
        InputError: The folder cannot be written to.
    """
    _make_folder(folder)
    stale = set(_listed(folder)) - set(files)
    try:
        for name in sorted(files, key=lambda n: (n == _RESULT, n)):
            _replace(folder / name, files[name])
        for name in stale:
            path = folder / name
            if path.resolve().is_relative_to(folder.resolve()):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written to ({error.strerror})", where=f"--out {folder}") from None


def _listed(folder: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads((folder / _RESULT).read_text("utf-8")).get("files", [])]
    except (OSError, ValueError, AttributeError):
        return []


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_result(folder: Path) -> dict[str, Any]:
    """Return `result.json` of a folder written by a compile.

    Raises:
        InputError: There is none, or it is damaged.
    """
    path = folder / _RESULT
    try:
        result = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            "has no result.json", where=str(folder), hint="name a folder written by `qcompile compile --out`"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), hint="compile again") from None
    if not isinstance(result, dict) or result.get("format") != "qcompile-result/1":
        raise InputError("is no result of qcompile", where=str(path), hint="compile again")
    return result
