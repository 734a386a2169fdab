"""Tokens and angles of a spec: generic, drawn by seed, or from files beside the spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.angles import Angles
from qcompile.ir.vectors import Vector
from qcompile.spec.model import ModelSpec
from qcompile.spec.sections import DataRandom, WeightsFile, WeightsInit

__all__ = ["FAMILIES", "angles_of", "token_vector"]

# One stream of random numbers a family, so that adding a family changes no other.
FAMILIES = ("attention", "phase", "router", "sampling", "expert")
_MAX_ENTRIES = 1 << 26


def token_vector(spec: ModelSpec, token: int) -> Vector:
    """Return the vector of one token of the representative sequence.

    Raises:
        InputError: The file cannot be read, has another shape, or the token is zero or not finite.
    """
    data = spec.encoding.data
    width = spec.model.d_model if spec.encoding.of == "model" else spec.model.d_key
    label = f"token{token}"
    if data == "generic":
        return Vector.generic(width, is_real=spec.encoding.kind == "amplitude", label=label)
    if width > _MAX_ENTRIES:
        raise InputError(f"is {width:,}", where="encoding: width", hint="use data: generic for vectors this long")
    if isinstance(data, DataRandom):
        rng = np.random.default_rng([data.seed, token])
        values = rng.normal(size=width) if data.random == "normal" else rng.uniform(-1.0, 1.0, size=width)
        return Vector.of(values, label=label)
    table = _array(_beside(spec, data.file), "encoding.data.file")
    if table.ndim != 2 or table.shape[1] != width or table.shape[0] <= token:
        raise InputError(
            f"has shape {list(table.shape)}",
            where=f"encoding.data.file: {data.file}",
            hint=f"use [tokens > {token}, {width}]",
        )
    return Vector.of(table[token], label=label)


def angles_of(spec: ModelSpec, family: str, *shape: int, labels: tuple[str, ...] = ()) -> Angles:
    """Return the angles of one family: parameters named after it, or numbers.

    Raises:
        InputError: The weights file lacks the family or has it in another shape.
    """
    weights = spec.weights
    if isinstance(weights, WeightsInit):
        if weights.init == "zeros":
            return Angles.of(np.zeros(shape))
        rng = np.random.default_rng([weights.seed, FAMILIES.index(family)])
        values = rng.normal(size=shape) if weights.init == "normal" else rng.uniform(-1.0, 1.0, size=shape)
        return Angles.of(weights.scale * values)
    if isinstance(weights, WeightsFile):
        archive = _archive(_beside(spec, weights.file), "weights.file")
        if family not in archive:
            found = ", ".join(sorted(archive)) or "nothing"
            raise InputError(f"holds no {family!r}", where=f"weights.file: {weights.file}", hint=f"it holds {found}")
        array = archive[family]
        if array.shape != shape or not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
            raise InputError(
                f"has {family} as {array.dtype}{list(array.shape)}",
                where=f"weights.file: {weights.file}",
                hint=f"use real numbers of shape {list(shape)}",
            )
        return Angles.of(array.astype(np.float64))
    return Angles.symbols(family, *shape, labels=labels)


def _beside(spec: ModelSpec, name: str) -> Path:
    path = Path(name)
    return path if path.is_absolute() or spec.source is None else spec.source.parent / path


def _array(path: Path, field: str) -> NDArray[Any]:
    try:
        out: NDArray[Any] = np.load(path, allow_pickle=False, mmap_mode="r")
    except FileNotFoundError:
        raise InputError("is not there", where=f"{field}: {path}", hint="give a path beside the spec") from None
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            f"cannot be read: {str(error)[:80]}", where=f"{field}: {path}", hint="save it with numpy.save"
        ) from None
    if not isinstance(out, np.ndarray) or not np.issubdtype(out.dtype, np.number):
        raise InputError("is no array of numbers", where=f"{field}: {path}", hint="save it with numpy.save")
    return out


def _archive(path: Path, field: str) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise InputError("is not there", where=f"{field}: {path}", hint="give a path beside the spec") from None
    except (OSError, ValueError, EOFError, AttributeError, TypeError) as error:
        raise InputError(
            f"cannot be read: {str(error)[:80]}", where=f"{field}: {path}", hint="save it with numpy.savez"
        ) from None
