"""Data to encode: a vector with values, or a generic one of known length whose circuits cost the worst case."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError
from qcompile.ir.sizes import Size, as_size, ceil_log2, concrete, substitute_size

__all__ = ["NORM_EPSILON", "Vector"]

NORM_EPSILON = 1e-8  # the epsilon under the root of eq. 7


def _length(value: Any) -> Size:
    return as_size(value, where="vector.length", least=1)


def _freeze(value: Any) -> NDArray[np.complex128] | None:
    if value is None:
        return None
    array = np.array(value, dtype=np.complex128).reshape(-1)
    array.setflags(write=False)
    return array


@frozen(eq=False)
class Vector:
    """A classical vector x, as given; `normalised` is the state that a circuit can prepare.

    Attributes:
        length: Number of entries.
        data: Read-only complex128 entries, or None for generic (worst-case) data.
        is_real: Every entry is real; promised for generic data.
        label: Shown by reports.
    """

    length: Size = field(converter=_length)
    data: NDArray[np.complex128] | None = field(default=None, converter=_freeze, repr=False)
    is_real: bool = True
    label: str = "x"

    @classmethod
    def of(cls, values: ArrayLike | Vector, *, label: str = "x") -> Vector:
        """Return a vector with values.

        Raises:
            InputError: Empty, zero or not finite: no circuit can prepare it.
        """
        if isinstance(values, Vector):
            return values
        array = np.array(values, dtype=np.complex128).reshape(-1)
        if array.size == 0:
            raise InputError("is empty", where=f"vector {label}", hint="give at least one entry")
        if not np.all(np.isfinite(array)):
            raise InputError("holds a value that is not finite", where=f"vector {label}", hint="use finite entries")
        if not np.any(array):
            raise InputError("is zero", where=f"vector {label}", hint="a zero vector has no state; leave the token out")
        return cls(array.size, array, bool(np.all(array.imag == 0)), label)

    @classmethod
    def generic(cls, length: Size, *, is_real: bool = True, label: str = "x") -> Vector:
        """Return a vector whose entries are not known: counts take the worst case."""
        return cls(length, None, is_real, label)

    @property
    def is_generic(self) -> bool:
        """Whether the entries are unknown."""
        return self.data is None

    @property
    def n_qubits(self) -> Size:
        """Qubits of eq. 7: max(1, ceil log2 length)."""
        bits = ceil_log2(self.length)
        return max(1, bits) if isinstance(bits, int) else bits

    def instance(self, seed: int) -> Vector:
        """Return generic data filled with normal entries from `seed`; known data as it is."""
        if self.data is not None:
            return self
        rng = np.random.default_rng(seed)
        size = concrete(self.length)
        values = rng.normal(size=size) + (0 if self.is_real else 1j * rng.normal(size=size))
        return Vector(size, values, self.is_real, self.label)

    def normalised(self, n_qubits: int | None = None) -> NDArray[np.complex128]:
        """Return x / norm(x), padded with zeros to 2**n_qubits entries.

        Eq. 7's own vector has norm^2 s/(s + 1e-8), which no circuit can prepare; eq. 8 is checked on the input.

        Raises:
            InputError: The data is generic, or longer than 2**n_qubits.
        """
        if self.data is None:
            raise InputError("is generic", where=f"vector {self.label}", hint="give values, or take instance(seed)")
        n = concrete(self.n_qubits) if n_qubits is None else n_qubits
        if self.data.size > 2**n:
            raise InputError(
                f"has {self.data.size} entries", where=f"vector {self.label}", hint=f"{n} qubits hold {2**n}"
            )
        out = np.zeros(2**n, dtype=np.complex128)
        # Scaling first keeps entries near the ends of the float range from over- or underflowing in the square.
        scaled = self.data / np.max(np.abs(self.data))
        out[: self.data.size] = scaled / np.linalg.norm(scaled)
        return out

    @property
    def encoding_defect(self) -> float | None:
        """|norm^2 - 1| of eq. 8 for eq. 7's vector, None for generic data."""
        if self.data is None:
            return None
        s = float(np.sum(np.abs(self.data) ** 2))
        return NORM_EPSILON / (s + NORM_EPSILON)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the entries."""
        head = f"{self.length}:{self.is_real}:".encode()
        return hashlib.sha256(head + (b"generic" if self.data is None else self.data.tobytes())).hexdigest()

    def with_sizes(self, sizes: dict[str, Size]) -> Vector:
        """Return the vector with a symbolic length replaced."""
        return Vector(substitute_size(self.length, sizes), self.data, self.is_real, self.label)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vector) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        kind = "real" if self.is_real else "complex"
        return f"{self.label}[{self.length}] {'generic ' if self.is_generic else ''}{kind}"
