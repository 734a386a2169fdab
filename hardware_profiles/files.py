"""Text files of plain data: JSON and YAML from anybody, read within limits."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from qcompile.errors import InputError

__all__ = ["MAX_BYTES", "MAX_NODES", "parse_plain", "read_plain"]

#: Largest file that is read.
MAX_BYTES = 8 * 1024 * 1024
#: Most values that a file may stand for once its YAML aliases are written out.
MAX_NODES = 500_000
_MAX_DEPTH = 64


def read_plain(path: str | Path) -> Any:
    """Return the content of a `.json`, `.yaml` or `.yml` file as dicts, lists, strings, numbers, booleans and None.

    Raises:
        InputError: The file is missing, too large, not UTF-8, not well formed, or unfolds to too much.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"has {size} bytes", where=f"{path.name}:", hint=f"use a file of at most {MAX_BYTES} bytes"
            )
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError("does not exist", where=f"{path}", hint="check the path") from None
    except IsADirectoryError:
        raise InputError("is a folder", where=f"{path}", hint="name a .json or .yaml file in it") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=f"{path}") from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", where=f"{path.name}:", hint="save it as UTF-8") from None
    return parse_plain(text, name=path.name, yaml=path.suffix.lower() in (".yaml", ".yml"))


def parse_plain(text: str, *, name: str, yaml: bool) -> Any:
    """Return the content of JSON or YAML text as plain data; `name` is the file for error messages.

    Raises:
        InputError: As `read_plain`.
    """
    if len(text) > MAX_BYTES:
        raise InputError(f"has {len(text)} characters", where=f"{name}:", hint=f"use at most {MAX_BYTES}")
    try:
        data = _yaml(text, name) if yaml else json.loads(text, object_pairs_hook=_no_repeats)
    except json.JSONDecodeError as error:
        where = f"{name}: line {error.lineno}, column {error.colno}"
        raise InputError(f"is not JSON: {error.msg}", where=where, hint="mend it there") from None
    except _RepeatedKeyError as error:
        raise InputError(f"has the key {error} twice", where=f"{name}:", hint="keep one of them") from None
    except RecursionError:
        raise InputError("is nested too deeply", where=f"{name}:", hint=f"use at most {_MAX_DEPTH} levels") from None
    return _Unfolding(name).plain(data, 0)


class _RepeatedKeyError(ValueError):
    pass


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(repr(next(key for key in keys if keys.count(key) > 1)))
    return content


def _yaml(text: str, name: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:" if mark is None else f"{name}: line {mark.line + 1}, column {mark.column + 1}"
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise InputError(f"is not YAML: {problem}", where=where, hint="mend it there") from None
    except (ValueError, TypeError) as error:  # a tagged scalar such as !!int x, or an unhashable key
        raise InputError(f"is not plain YAML: {error}", where=f"{name}:", hint="use plain keys and values") from None


class _Unfolding:
    """Turns parsed YAML or JSON into plain JSON types and counts what it unfolds to, aliases written out."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nodes = 0

    def plain(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > _MAX_DEPTH:
            what = "unfolds to too many values" if depth <= _MAX_DEPTH else "is nested too deeply or holds itself"
            raise InputError(what, where=f"{self.name}:", hint="write the values out without aliases")
        if isinstance(value, dict):
            # YAML keys such as 2024-01-01 or 3 are not text; a profile has text keys only.
            return {str(key): self.plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.plain(item, depth + 1) for item in value]
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, datetime.date):
            return value.isoformat()
        raise InputError(f"holds a {type(value).__name__}", where=f"{self.name}:", hint="use text, numbers and lists")
