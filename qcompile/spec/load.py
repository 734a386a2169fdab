"""Spec files in and out: reading with clear errors, presets, the JSON Schema."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qcompile.errors import InputError, nearest
from qcompile.spec.model import ModelSpec
from qcompile.spec.yaml_text import MAX_BYTES, Document, parse_document

__all__ = ["PRESETS", "load_model", "preset_text", "schema"]

PRESETS = ("nano", "dev", "v2lite", "v2", "v3")


def preset_text(name: str) -> str:
    """Return the text of a shipped spec.

    Raises:
        InputError: No such preset.
    """
    if name not in PRESETS:
        raise InputError(f"is {name!r}", where="preset", hint=nearest(name, PRESETS))
    return (resources.files("qcompile.spec") / "presets" / f"{name}.yaml").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a spec file."""
    out = ModelSpec.model_json_schema()
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return out


def load_model(source: str | Path) -> ModelSpec:
    """Return the spec in a file, a text, or a preset.

    Args:
        source: Path of a YAML or JSON file, the text itself (it has a line break or a brace), or a preset's name.

    Raises:
        InputError: Not there, too big, malformed, or a field that is wrong: names file, field and what to do.
    """
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return _validate(parse_document(source, name="spec"), "spec", None)
    path = Path(source)
    if isinstance(source, str) and source in PRESETS and not path.exists():
        return _validate(parse_document(preset_text(source), name=source), source, None)
    name = path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"has {size:,} bytes", where=f"{name}:", hint=f"a spec has at most {MAX_BYTES:,} bytes")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            "is not there", where=str(source), hint="give a file, or a preset: " + ", ".join(PRESETS)
        ) from None
    except UnicodeDecodeError:
        raise InputError("is no UTF-8 text", where=f"{name}:", hint="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(source)) from None
    return _validate(parse_document(text, name=name), name, path)


def _validate(document: Document, name: str, path: Path | None) -> ModelSpec:
    if not isinstance(document.value, dict):
        raise InputError("is no mapping of fields", where=f"{name}:", hint="start from `qcompile init nano`")
    try:
        spec = ModelSpec.model_validate(document.value)
    except ValidationError as error:
        raise _explain(error.errors(include_url=False), document, name) from None
    spec._source = path
    return spec


def _explain(errors: list[ErrorDetails], document: Document, name: str) -> InputError:
    """Return the first error in the order of the file; in a union, the branch that got furthest."""

    def rank(error: ErrorDetails) -> tuple[int, int, int]:
        place = _place(error["loc"], document.value)
        line = document.lines.get(place, document.lines.get(place[:-1], 0))
        return (line, 0 if error["type"] == "extra_forbidden" else 1, -len(place))

    # A union reports every branch: a field that one branch knows is not unknown, a branch that looked deeper knows
    # more, and what another branch misses matters only when nothing else is wrong.
    known = [e for e in errors if e["type"] != "extra_forbidden" or str(e["loc"][-1]) not in _fields_of(e, document)]
    places = [_place(e["loc"], document.value) for e in known]
    deep = [e for e, p in zip(known, places, strict=True) if not any(o[: len(p)] == p and o != p for o in places)]
    errors = [e for e in deep if e["type"] != "missing"] or deep or errors
    error = min(errors, key=rank)
    place = _place(error["loc"], document.value)
    line = document.lines.get(place, document.lines.get(place[:-1]))
    field = f": {'.'.join(str(part) for part in place)}" if place else ":"
    at = f" (line {line})" if line else ""
    others = [e for e in errors if _place(e["loc"], document.value) == place]
    what, hint = _message(error, others, place)
    return InputError(what, where=f"{name}{field}", hint=f"{hint}{at}" if hint else f"see{at}" if at else "")


def _fields_of(error: ErrorDetails, document: Document) -> list[str]:
    return _fields_at(_place(error["loc"], document.value)[:-1])


def _place(loc: tuple[int | str, ...], value: Any) -> tuple[int | str, ...]:
    """Return the part of pydantic's location that is a path in the file (union branches are not)."""
    out: list[int | str] = []
    for k, part in enumerate(loc):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part in range(len(value)):
            value = value[int(part)]
        elif k == len(loc) - 1 and isinstance(value, dict) and str(part).isidentifier():
            pass  # a missing field: it is named though it is not there
        else:
            continue
        out.append(part)
    return tuple(out)


def _message(error: ErrorDetails, others: list[ErrorDetails], place: tuple[int | str, ...]) -> tuple[str, str]:
    kind, shown = error["type"], _show(error.get("input"))
    if kind == "extra_forbidden":
        return "is no field", nearest(str(place[-1]), _fields_at(place[:-1]))
    if kind == "missing":
        return "is missing", "add it"
    if kind == "value_error":
        text = str(error["msg"]).removeprefix("Value error, ")
        what, _, hint = text.partition("; ")
        return (what, hint) if hint else (f"is {shown}", what)
    hints = list(dict.fromkeys(_wanted(e) for e in others))
    return f"is {shown}", "use " + " or ".join(hints)


_WORDS = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
}


def _wanted(error: ErrorDetails) -> str:
    kind, ctx = error["type"], error.get("ctx", {})
    if kind in ("int_type", "int_from_float", "int_parsing"):
        return (
            "an integer >= 0"
            if "seed" in error["loc"]
            else "an integer >= 1"
            if _least(error["loc"])
            else "an integer >= 0"
        )
    if kind in ("literal_error", "enum"):
        return str(ctx.get("expected", "another value")).replace("'", "")
    if kind == "greater_than_equal":
        number = "an integer" if isinstance(error.get("input"), int) else "a number"
        return f"{number} >= {ctx['ge']:g}"
    for name, sign in (("gt", ">"), ("lt", "<"), ("le", "<=")):
        if name in ctx:
            return f"a number {sign} {ctx[name]:g}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "fields of its own (a mapping)"
    if kind in ("tuple_type", "list_type"):
        return "a list"
    if kind in ("string_type",):
        return "text"
    if kind in _WORDS:
        return _WORDS[kind]
    return str(error["msg"])[0].lower() + str(error["msg"])[1:]


def _least(loc: tuple[int | str, ...]) -> bool:
    """Return whether the field at a location starts at 1."""
    model: Any = ModelSpec
    info: Any = None
    for part in loc:
        if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields:
            info = model.model_fields[str(part)]
            models = _models_in(info.annotation)
            model = models[0] if models else None
    return "ge=1" in repr(info)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models_in(a)]


def _fields_at(place: tuple[int | str, ...]) -> list[str]:
    """Return the names of the fields that may stand at a place in a spec."""
    models: list[type[BaseModel]] = [ModelSpec]
    for part in place:
        inner = []
        for model in models:
            if part in model.model_fields:
                inner += _models_in(model.model_fields[str(part)].annotation)
            else:
                inner.append(model)  # a name that the user chose, as under readouts
        models = inner or models
    return sorted({name for model in models for name in model.model_fields})


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
