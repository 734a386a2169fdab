"""Columns of a tape as read-only arrays of one type."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["angle_triples", "codes", "ints", "matrices", "pairs", "triples"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


def _frozen(value: ArrayLike, dtype: Any, width: int = 0) -> Any:
    array = np.ascontiguousarray(value, dtype=dtype)
    if width and array.size == 0:
        array = array.reshape(0, width)
    if array.flags.writeable:
        array = array.view()
        array.setflags(write=False)
    return array


def codes(value: ArrayLike) -> NDArray[np.uint8]:
    """Return uint8[n], read-only; the array itself where it is one already."""
    return cast(NDArray[np.uint8], _frozen(value, np.uint8))


def ints(value: ArrayLike) -> Ints:
    """Return int32[n], read-only; the array itself where it is one already."""
    return cast(Ints, _frozen(value, np.int32))


def pairs(value: ArrayLike) -> Ints:
    """Return int32[n, 2], read-only; the array itself where it is one already."""
    return cast(Ints, _frozen(value, np.int32, 2))


def triples(value: ArrayLike) -> Ints:
    """Return int32[n, 3], read-only; the array itself where it is one already."""
    return cast(Ints, _frozen(value, np.int32, 3))


def angle_triples(value: ArrayLike) -> Floats:
    """Return float64[n, 3], read-only; the array itself where it is one already."""
    return cast(Floats, _frozen(value, np.float64, 3))


def matrices(value: ArrayLike) -> Complex:
    """Return complex128 of the shape given, read-only; the array itself where it is one already."""
    return cast(Complex, _frozen(value, np.complex128))
