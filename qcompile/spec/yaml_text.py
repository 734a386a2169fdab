"""YAML 1.2 and JSON to plain values, with the line of every field; hostile files are refused before they can grow."""

from __future__ import annotations

import json
import math
from typing import Any

from attrs import frozen

from qcompile.errors import InputError

__all__ = ["MAX_BYTES", "Document", "parse_document"]

MAX_BYTES = 8_000_000
_MAX_NODES = 200_000
_MAX_DEPTH = 40
_REMEDY = "mend it there; indent with spaces, and put text that holds a colon, a bracket or # in quotes"

Path = tuple[str | int, ...]


@frozen
class Document:
    """A parsed file.

    Attributes:
        value: Plain dicts, lists, strings, numbers, booleans and None.
        lines: 1-based line of each field, by path.
    """

    value: Any
    lines: dict[Path, int]


def parse_document(text: str, *, name: str) -> Document:
    """Return the values of a YAML or JSON text.

    Raises:
        InputError: Too big, malformed, a key twice, a tag, or aliases that expand without end.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InputError(
            f"has {len(text):,} characters", where=f"{name}:", hint=f"a spec has at most {MAX_BYTES:,} bytes"
        )
    if not text.lstrip().startswith("{"):
        return _Reader(name).read(text)
    try:
        return Document(json.loads(text, object_pairs_hook=_no_twins(name), parse_constant=_no_constant(name)), {})
    except RecursionError:
        raise _too_deep(name) from None
    except json.JSONDecodeError as error:
        try:
            return _Reader(name).read(text)  # YAML's flow style starts with a brace too
        except InputError as other:
            if not other.what.startswith("is no YAML"):
                raise
        raise InputError(
            f"is no JSON at line {error.lineno}, column {error.colno}: {error.msg}",
            where=f"{name}:",
            hint="mend it there; names and text stand in double quotes, entries are separated by commas",
        ) from None


def _too_deep(name: str) -> InputError:
    return InputError("is nested too deeply", where=f"{name}:", hint=f"use at most {_MAX_DEPTH} levels")


def _no_twins(name: str) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in pairs:
            if key in out:
                raise InputError(f"{key!r} is there twice", where=f"{name}:", hint="keep one of them")
            out[key] = value
        return out

    return build


def _no_constant(name: str) -> Any:
    def refuse(text: str) -> Any:
        raise InputError(f"holds {text}", where=f"{name}:", hint="use finite numbers")

    return refuse


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.n_nodes = 0

    def read(self, text: str) -> Document:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        yaml = YAML(typ="safe", pure=True)
        yaml.version = (1, 2)
        try:
            node = yaml.compose(text)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
            problem = str(getattr(error, "problem", None) or "").split("\n")[0] or "cannot be read"
            raise InputError(f"is no YAML{place}: {problem}", where=f"{self.name}:", hint=_REMEDY) from None
        except RecursionError:
            raise _too_deep(self.name) from None
        except ValueError as error:
            raise InputError(f"is no YAML: {str(error)[:100]}", where=f"{self.name}:", hint=_REMEDY) from None
        if node is None:
            raise InputError("is empty", where=f"{self.name}:", hint="start from `qcompile init nano`")
        return Document(self.value(node, (), yaml), self.lines)

    def value(self, node: Any, path: Path, yaml: Any) -> Any:
        self.n_nodes += 1
        line = node.start_mark.line + 1
        if self.n_nodes > _MAX_NODES or len(path) > _MAX_DEPTH:
            if self.n_nodes <= _MAX_NODES:
                raise _too_deep(self.name)
            raise InputError(
                "expands to too many values", where=f"{self.name}:", hint="write it without repeated aliases"
            )
        self.lines.setdefault(path, line)
        kind = type(node).__name__
        tag = str(getattr(node, "tag", ""))
        if kind == "MappingNode":
            out: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                if type(key_node).__name__ != "ScalarNode":
                    raise InputError("has a key that is no name", where=f"{self.name}: line {line}")
                key = str(key_node.value)
                if key in out:
                    raise InputError(
                        f"{key!r} is there twice", where=f"{self.name}: line {line}", hint="keep one of them"
                    )
                out[key] = self.value(value_node, (*path, key), yaml)
                self.lines[(*path, key)] = key_node.start_mark.line + 1
            return out
        if kind == "SequenceNode":
            return [self.value(item, (*path, k), yaml) for k, item in enumerate(node.value)]
        return self.scalar(node, tag, line)

    def scalar(self, node: Any, tag: str, line: int) -> Any:
        text: str = node.value
        short = tag.rsplit(":", 1)[-1]
        if short == "str":
            return text
        try:
            if short == "null":
                return None
            if short == "bool":
                return {"true": True, "false": False}[text.lower()]
            if short == "int":
                return int(text.replace("_", ""), 0) if len(text) < 40 else float(text)
            if short == "float":
                number = float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
                if math.isfinite(number):
                    return number
                raise InputError(f"is {text}", where=f"{self.name}: line {line}", hint="use finite numbers")
        except (ValueError, KeyError):
            pass
        raise InputError(
            f"holds {text[:40]!r} of kind {tag}",
            where=f"{self.name}: line {line}",
            hint="use numbers, text, true, false, null",
        )
