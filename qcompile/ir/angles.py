"""Angles: an array of expressions, given as a named family of parameters or as values. Radians."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.sizes import Size, as_size, concrete, same_size, substitute_size
from qcompile.tape.expr import Expr

__all__ = ["Angles", "expand_values"]


def _shape(value: Any) -> tuple[Size, ...]:
    return tuple(as_size(size, where="angles.shape") for size in value)


@frozen
class Angles:
    """An array of angles of known or symbolic shape.

    A family (`elements` is None) makes its parameters on demand, so that its shape may hold sympy sizes; element
    [l, i, k] of the family `theta` is the parameter `theta_l_i_x`, where `labels` ("x", "y", "z") spell the last index.

    Attributes:
        shape: Sizes, row-major.
        name: Name of the family, empty for plain values.
        labels: Spelling of the last index, or empty for numbers.
        elements: The expressions in row-major order, or None for a family.
    """

    shape: tuple[Size, ...] = field(converter=_shape)
    name: str = ""
    labels: tuple[str, ...] = ()
    elements: tuple[Expr, ...] | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.elements is None:
            if not self.name.isidentifier():
                raise InputError(f"is {self.name!r}", where="angles.name", hint="use a letter, then letters or digits")
        elif len(self.elements) != int(np.prod([concrete(s) for s in self.shape], dtype=np.int64)):
            raise InputError(f"has {len(self.elements)} values for shape {self.shape}", where="angles")

    @classmethod
    def symbols(cls, name: str, *shape: Size, labels: tuple[str, ...] = ()) -> Angles:
        """Return a family of free parameters.

        >>> str(Angles.symbols("theta", 2, 3, 3, labels=("x", "y", "z"))[1, 0, 2])
        'theta_1_0_z'
        """
        return cls(shape, name, labels)

    @classmethod
    def of(cls, values: Any) -> Angles:
        """Return angles with the given values: numbers, `Expr`, or nested lists of them."""
        if isinstance(values, Angles):
            return values
        array = np.asarray(values, dtype=object)
        elements = tuple(Expr.of(v if isinstance(v, Expr) else float(v)) for v in array.ravel())
        if any(e.is_number and not np.isfinite(e.const) for e in elements):
            raise InputError("holds a value that is not finite", where="angles", hint="use finite radians")
        return cls(array.shape, elements=elements)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The shape as ints; InputError while a size is free."""
        return tuple(concrete(size, where=f"shape of the angles {self.name}".strip()) for size in self.shape)

    def __getitem__(self, index: int | tuple[int, ...]) -> Expr:
        where = index if isinstance(index, tuple) else (index,)
        if len(where) != len(self.shape):
            raise IndexError(f"angles of shape {self.shape} need {len(self.shape)} indices")
        flat = int(np.ravel_multi_index(where, self.sizes)) if where else 0
        if self.elements is not None:
            return self.elements[flat]
        return Expr.symbol(self._name_of(where))

    def _name_of(self, index: tuple[int, ...]) -> str:
        parts = [str(k) for k in index]
        if self.labels and parts:
            parts[-1] = self.labels[index[-1]]
        return "_".join([self.name, *parts])

    def __iter__(self) -> Iterator[Expr]:
        if self.elements is not None:
            yield from self.elements
        else:
            for index in np.ndindex(*self.sizes):
                yield self[index]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Free parameters in order of first appearance."""
        if self.elements is None:
            return tuple(self._name_of(index) for index in np.ndindex(*self.sizes))
        return tuple(dict.fromkeys(name for element in self.elements for name in element.names))

    @property
    def is_numeric(self) -> bool:
        """Whether every angle is a number."""
        return self.elements is not None and all(e.is_number for e in self.elements)

    def values(self) -> NDArray[np.float64]:
        """Return the numbers, in `shape`.

        Raises:
            InputError: A parameter is free.
        """
        if not self.is_numeric:
            raise InputError("are not bound", where=f"angles {self.name}".strip(), hint="bind their parameters first")
        return np.array([e.const for e in self], dtype=np.float64).reshape(self.sizes)

    def map(self, function: Callable[[Expr], Expr]) -> Angles:
        """Return the same shape with a function applied to each element."""
        return Angles(self.shape, elements=tuple(function(e) for e in self))

    def __neg__(self) -> Angles:
        return self.map(lambda e: -e)

    def total(self, axis: int = 0) -> Angles:
        """Return the sum along an axis."""
        array = np.array(list(self), dtype=object).reshape(self.sizes)
        moved = np.moveaxis(array, axis, 0)
        flat = moved.reshape(moved.shape[0], -1)
        return Angles(
            moved.shape[1:],
            elements=tuple(Expr.total(list(flat[:, k])) for k in range(flat.shape[1])),
        )

    def take(self, index: int) -> Angles:
        """Return the sub-array at `index` of the first axis."""
        rest = self.sizes[1:]
        return Angles(rest, elements=tuple(self[(index, *tail)] for tail in np.ndindex(*rest)))

    def bind(self, values: Mapping[str, float | Expr]) -> Angles:
        """Return the angles with parameters replaced; names that do not occur are left alone."""
        if self.elements is not None and not any(name in values for name in self.parameters):
            return self
        bound = {name: Expr.of(v if isinstance(v, Expr) else float(v)) for name, v in values.items()}
        return self.map(lambda e: e.substitute({n: bound[n] for n in e.names if n in bound}))

    def with_sizes(self, sizes: Mapping[str, Size]) -> Angles:
        """Return the family with named sizes replaced."""
        return Angles(tuple(substitute_size(s, sizes) for s in self.shape), self.name, self.labels, self.elements)

    def check_shape(self, *shape: Size, where: str) -> None:
        """Raise InputError unless the shape is the one given."""
        if len(shape) != len(self.shape) or not all(same_size(a, b) for a, b in zip(shape, self.shape, strict=True)):
            want = "[" + ", ".join(map(str, shape)) + "]"
            raise InputError(f"have shape {list(map(str, self.shape))}", where=where, hint=f"use shape {want}")

    def __str__(self) -> str:
        if self.elements is None:
            return f"{self.name}[{', '.join(map(str, self.shape))}]"
        if len(self.elements) <= 4:
            return "(" + ", ".join(f"{e.const:.6g}" if e.is_number else str(e) for e in self.elements) + ")"
        kind = "values" if self.is_numeric else "expressions"
        return f"{kind}[{', '.join(map(str, self.shape))}]"


def expand_values(values: Mapping[str, Any]) -> dict[str, float | Expr]:
    """Return scalar values; an array under a family's name is spread over the names of its elements.

    A last axis of length 3 is spelt both by number and by x, y, z.
    """
    out: dict[str, float | Expr] = {}
    for name, value in values.items():
        if isinstance(value, Expr | float | int):
            out[name] = value
            continue
        array = np.asarray(value, dtype=np.float64)
        for index in np.ndindex(*array.shape):
            parts = [name, *map(str, index)]
            out["_".join(parts)] = float(array[index])
            if index and array.shape[-1] == 3:
                out["_".join([*parts[:-1], "xyz"[index[-1]]])] = float(array[index])
    return out
