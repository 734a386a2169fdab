"""Profiles by name or path: what is shipped, what third parties add, what a user's file says."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardware_profiles.files import read_plain
from qcompile.errors import InputError, nearest

if TYPE_CHECKING:
    from pydantic import ValidationError

    from hardware_profiles.schema import HardwareProfile

__all__ = ["find", "list_profiles", "load_profile", "profile_from_data"]

_DATA = Path(__file__).parent / "data"
_SUFFIXES = (".json", ".yaml", ".yml")
#: Entry points of this group name files of third parties: the object is a path, or a function that returns one.
_GROUP = "qcompile.targets"


def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in sorted(_DATA.glob("*.json"))}


def _added() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=_GROUP)}


def list_profiles(kind: str | None = None) -> tuple[str, ...]:
    """Return the names of all known profiles in alphabetical order, or of the shipped ones of one kind."""
    if kind is None:
        return tuple(sorted({*_shipped(), *_added()}))
    return tuple(name for name, path in _shipped().items() if json.loads(path.read_bytes())["kind"] == kind)


def find(name: str) -> Path:
    """Return the file of a profile; case, `-` and `_` make no difference.

    Raises:
        InputError: There is no profile of that name; the closest one is named.
    """
    shipped = _shipped()
    same = [known for known in shipped if _plain_name(known) == _plain_name(name)]
    if same:
        return shipped[same[0]]
    added = _added()
    if name in added:
        found = added[name].load()
        return Path(found() if callable(found) else found)
    raise InputError("is not known", where=f"profile {name!r}", hint=_closest(name, [*shipped, *added]))


def _plain_name(name: str) -> str:
    return name.lower().replace("-", "_")


def _closest(name: str, known: list[str]) -> str:
    # A vendor's short name, such as willow or boston, is a part of ours.
    part = [choice for choice in sorted(known) if len(name) > 2 and _plain_name(name) in _plain_name(choice)]
    return f"did you mean {part[0]}?" if len(part) == 1 else nearest(name, part or known)


def load_profile(name_or_path: str | Path) -> HardwareProfile:
    """Return a profile by name, or from a `.json`, `.yaml` or `.yml` file.

    Raises:
        InputError: There is no such profile or file, or its content is wrong: file, field, value, and what to use.
    """
    is_path = isinstance(name_or_path, Path) or "/" in name_or_path or name_or_path.lower().endswith(_SUFFIXES)
    if not is_path:
        path = find(str(name_or_path))
        return _load_shipped(path) if path.parent == _DATA else _load_file(path)
    return _load_file(Path(name_or_path))


@lru_cache(maxsize=64)
def _load_shipped(path: Path) -> HardwareProfile:
    return _load_file(path)


def _load_file(path: Path) -> HardwareProfile:
    return profile_from_data(read_plain(path), name=path.name)


def profile_from_data(data: Any, *, name: str) -> HardwareProfile:
    """Return the profile that plain data describes; `name` is the file for error messages.

    Data with a key `couplings` is the short form of `hardware_profiles.short_form`.

    Raises:
        InputError: As `load_profile`.
    """
    from pydantic import ValidationError

    from hardware_profiles.defaults import fill_defaults
    from hardware_profiles.schema import HardwareProfile
    from hardware_profiles.short_form import profile_from_short_form

    if not isinstance(data, dict):
        raise InputError(f"holds a {type(data).__name__}", where=f"{name}:", hint="use a mapping of fields")
    try:
        if "couplings" in data:
            return profile_from_short_form(data)
        # Through JSON, where pydantic's strict mode takes lists for tuples and nothing else for anything else.
        return HardwareProfile.model_validate_json(json.dumps(fill_defaults(data)))
    except ValidationError as error:
        raise _first_error(error).inside(name) from None
    except InputError as error:
        raise error.inside(name) from None


_BRANCHES = ("int", "float", "str", "bool", "_Coupling")
_HINTS = {
    "missing": "add it",
    "int_type": "use an integer",
    "int_from_float": "use an integer",
    "float_type": "use a number",
    "finite_number": "use a finite number",
    "string_type": "use text",
    "bool_type": "use true or false",
    "tuple_type": "use a list",
    "dict_type": "use a mapping",
    "model_type": "use a mapping of fields",
    "extra_forbidden": "leave it out",
}


def _first_error(error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    where = ""
    # Where a field takes one of several types, pydantic puts the name of each type it tried behind the field's.
    for part in (part for part in first["loc"] if part not in _BRANCHES and "[" not in str(part)):
        where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
    kind, context = first["type"], first.get("ctx", {})
    if kind == "missing":
        return InputError("is missing", where=where, hint="add it")
    if kind == "extra_forbidden":
        return InputError("is no known field", where=where, hint=_field_hint(str(first["loc"][-1]), first["loc"][:-1]))
    value = repr(first["input"])
    value = value if len(value) <= 60 else value[:57] + "..."
    hint = _HINTS.get(kind, "")
    if kind == "literal_error":
        hint = f"use {context['expected']}"
    elif kind.startswith(("greater_than", "less_than")):
        bound = next(iter(context.values()))
        hint = f"use a number {kind.replace('_', ' ').replace('than equal', 'than or equal to')} {bound}"
    return InputError(f"is {value}", where=where, hint=hint or first["msg"].lower())


def _field_hint(name: str, loc: tuple[int | str, ...]) -> str:
    from hardware_profiles import figures, rates, schema

    model: Any = schema.HardwareProfile
    for part in loc:
        if isinstance(part, int):
            continue
        field = getattr(model, "model_fields", {}).get(part)
        model = next((m for m in _models(field.annotation) if m), None) if field is not None else model
    known = list(getattr(model, "model_fields", {})) or list(
        {*figures.Figure.model_fields, *rates.ErrorKind.model_fields}
    )
    hint = nearest(name, known)
    return hint if hint.startswith("did") else "leave it out"


def _models(annotation: Any) -> list[Any]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
