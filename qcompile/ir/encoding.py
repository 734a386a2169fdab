"""Blocks that start from all zeros: encodings of data and the uniform superposition (eqs. 7, 9, 10, 20, 73)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import sympy
from attrs import field, frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.fields import to_angles, to_axis, to_index, to_qubits, to_vector, to_width
from qcompile.ir.generic_state import state_cnots, state_depth, state_fixed, state_rotations
from qcompile.ir.sizes import Size, as_size, ceil_log2, concrete
from qcompile.ir.tabulated import tabulated
from qcompile.ir.vectors import Vector

__all__ = [
    "AmplitudeEncoding",
    "AngleEncoding",
    "BasisEncoding",
    "PhaseEncoding",
    "Preparation",
    "UniformSuperposition",
]

METHODS = ("tree", "auto")


def _maybe_angles(value: Any) -> Angles | None:
    return None if value is None else Angles.of(value)


def _positive(value: Any) -> Size:
    return as_size(value, where="uniform superposition: size", least=1)


class Preparation(Block):
    """A block of which only the action on all zeros is meant."""

    __slots__ = ()

    @property
    def contract(self) -> Contract:
        """All qubits start in 0."""
        return Contract(ContractKind.ISOMETRY, tuple(range(self.width)))

    def state(self) -> NDArray[np.complex128]:
        """Return the prepared state, shape [2**n]."""
        raise NotImplementedError


@frozen
class AmplitudeEncoding(Preparation):
    """Prepare x / norm(x), padded with zeros: the entries sit on the least significant qubits.

    Attributes:
        vector: The data.
        width_: n; by default max(1, ceil log2 length). Leading qubits beyond those stay in 0.
        method: `tree`: multiplexed rotations of known count. `auto`: the cheapest exact method for the data.
    """

    equation: ClassVar[str] = "7"
    vector: Vector = field(converter=to_vector)
    n_qubits: Size = field(default=0, converter=to_width)
    method: str = field(default="auto", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.n_qubits == 0:
            object.__setattr__(self, "n_qubits", self.vector.n_qubits)
        if self.method not in METHODS:
            raise InputError(f"is {self.method!r}", where="amplitude encoding: method", hint="use tree or auto")
        length, n = self.vector.length, self.n_qubits
        if isinstance(length, int) and isinstance(n, int) and length > 2**n:
            raise InputError(
                f"has {length} entries", where=f"vector {self.vector.label}", hint=f"{n} qubits hold {2**n}"
            )

    def state(self) -> NDArray[np.complex128]:
        """Return the state that a circuit prepares."""
        return self.vector.normalised(self.width)

    def formula(self) -> Counts:
        """Return the gates on a = max(1, ceil log2 length) qubits.

        `tree`: 2^a - 2 CNOT and 2^a - 1 Ry for real data, twice that for complex. `auto`: those of `generic_state` for
        complex data without values, an upper bound for real ones beyond four qubits (a few rotations and now and then a
        CNOT fall away);
        for known data an upper bound, since structure in them decides: no method needs more than 2^a - a - 1 CNOT.
        """
        a = self.vector.n_qubits
        full: Any = 2**a if isinstance(a, int) else self.vector_size()
        if self.method == "tree":
            factor = 1 if self.vector.is_real else 2
            # Each level begins on the qubit where the last ended; from four qubits on a diagonal's overlap by a step.
            late: Size = max(0, a - 3) if isinstance(a, int) else sympy.Max(0, a - 3)
            overlap = 0 if self.vector.is_real else late
            cnot = factor * (full - 2)
            return Counts(cnot=cnot, rotation=factor * (full - 1), depth_two_qubit=cnot - overlap)
        if self.vector.is_generic:
            return Counts(
                cnot=state_cnots(a),
                rotation=state_rotations(a),
                one_qubit=state_fixed(a),
                depth_two_qubit=state_depth(a),
                is_exact=not self.vector.is_real or (isinstance(a, int) and a <= 4),
            )
        return _bound(full, a)

    def vector_size(self) -> Any:
        """Return 2^a as a formula."""
        return sympy.Integer(2) ** self.vector.n_qubits


@frozen
class PhaseEncoding(Preparation):
    """Prepare sum_i abs(x_i) exp(i phi_i) ket i / norm, with phi_i = angle(x_i + i eps) + theta_i (eqs. 9 and 10).

    Attributes:
        vector: The data.
        theta: Shape [length], or None for no learnable phase.
        epsilon: Imaginary part added to each entry, so that the angle of 0 is defined.
        n_qubits: By default max(1, ceil log2 length).
    """

    equation: ClassVar[str] = "10"
    vector: Vector = field(converter=to_vector)
    theta: Angles | None = field(default=None, converter=_maybe_angles)
    epsilon: float = 1e-8
    n_qubits: Size = field(default=0, converter=to_width)

    def __attrs_post_init__(self) -> None:
        if self.n_qubits == 0:
            object.__setattr__(self, "n_qubits", self.vector.n_qubits)
        if self.theta is not None:
            self.theta.check_shape(self.vector.length, where="phase encoding: theta")

    def phases(self) -> NDArray[np.float64]:
        """Return phi_i of eq. 9, radians, shape [length]."""
        if self.vector.data is None:
            raise InputError("is generic", where="phase encoding", hint="give values, or take with_data(seed)")
        x = self.vector.data.real
        base: NDArray[np.float64] = np.angle(x + 1j * self.epsilon)
        return base if self.theta is None else base + self.theta.values()

    def encoded(self) -> Vector:
        """Return the complex vector whose amplitude encoding this is."""
        if self.vector.is_generic:
            return Vector.generic(self.vector.length, is_real=False, label=self.vector.label)
        data = self.vector.data
        assert data is not None
        return Vector.of(np.abs(data) * np.exp(1j * self.phases()), label=self.vector.label)

    def state(self) -> NDArray[np.complex128]:
        """Return the state that a circuit prepares."""
        return self.encoded().normalised(self.width)

    def formula(self) -> Counts:
        """Return those of a generic complex state; an upper bound where data and phases are known."""
        is_known = not self.vector.is_generic and (self.theta is None or self.theta.is_numeric)
        a: Any = self.vector.n_qubits
        if is_known:
            return _bound(2**a, a)
        return AmplitudeEncoding(Vector.generic(self.vector.length, is_real=False), self.n_qubits).formula()


def _bound(full: int, a: int) -> Counts:
    """Return what no automatic preparation of a known vector on a qubits exceeds, full = 2^a."""
    return Counts(
        cnot=full - a - 1,
        rotation=4 * full,
        one_qubit=2 * full,
        t=2 * full,
        depth_two_qubit=0 if a == 1 else None,
        is_exact=False,
    )


@frozen
class AngleEncoding(Preparation):
    """Prepare the product state prod_q R_axis(angle_q) ket 0: one rotation a qubit. `angles` has shape [n]."""

    equation: ClassVar[str] = "73"
    angles: Angles = field(converter=to_angles)
    axis: str = field(default="y", converter=to_axis)

    def __attrs_post_init__(self) -> None:
        if len(self.angles.shape) != 1:
            raise InputError(f"have shape {self.angles.shape}", where="angle encoding: angles", hint="use shape [n]")

    @property
    def n_qubits(self) -> Size:
        """One qubit an angle."""
        return self.angles.shape[0]

    def formula(self) -> Counts:
        """Return n rotations."""
        return Counts(rotation=self.n_qubits)


@frozen
class BasisEncoding(Preparation):
    """Prepare basis state `index` (zero-based, qubit 0 most significant)."""

    equation: ClassVar[str] = "73"
    index: int = field(converter=to_index)
    n_qubits: Size = field(converter=to_qubits)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.n_qubits, int) and self.index >= 2**self.n_qubits:
            raise InputError(f"is {self.index}", where="basis encoding: index", hint=f"use 0 to {2**self.n_qubits - 1}")

    def formula(self) -> Counts:
        """Return one X for each 1 of the index."""
        return Counts(one_qubit=self.index.bit_count())


@frozen
class UniformSuperposition(Preparation):
    """Prepare N^(-1/2) sum of the first N basis states (eq. 20, ket i of 1..N is basis state i-1).

    Attributes:
        size: N.
        n_qubits: By default max(1, ceil log2 N).
    """

    equation: ClassVar[str] = "20"
    size: Size = field(converter=_positive)
    n_qubits: Size = field(default=0, converter=to_width)

    def __attrs_post_init__(self) -> None:
        if self.n_qubits == 0:
            bits = ceil_log2(self.size)
            object.__setattr__(self, "n_qubits", max(1, bits) if isinstance(bits, int) else bits)
        if isinstance(self.n_qubits, int) and isinstance(self.size, int) and self.size > 2**self.n_qubits:
            raise InputError(f"is {self.size}", where="uniform superposition: size", hint=f"at most {2**self.n_qubits}")

    @property
    def is_full(self) -> bool:
        """Whether every basis state takes part, so that the state is a product of plus states."""
        return isinstance(self.size, int) and isinstance(self.n_qubits, int) and self.size == 2**self.n_qubits

    def state(self) -> NDArray[np.complex128]:
        """Return the state that a circuit prepares."""
        n = concrete(self.size)
        out = np.zeros(2**self.width, dtype=np.complex128)
        out[:n] = n**-0.5
        return out

    def formula(self) -> Counts:
        """Return log2 N Hadamards for a power of two; else, for 1 bits l_0 < ... < l_k of N, l_k - l_0 controlled H and
        k - 1 controlled Ry."""
        return Counts(
            cnot=_uniform_cnots(self.size),
            rotation=_uniform_rotations(self.size),
            one_qubit=_uniform_fixed(self.size),
            depth_two_qubit=_uniform_depth(self.size),
        )


def _spans(size: int) -> list[int]:
    """Return the 1 bits of a number, least significant first."""
    return [k for k in range(size.bit_length()) if size >> k & 1]


def _cnots_of_uniform(size: int) -> int:
    ones = _spans(size)
    return ones[-1] - ones[0] + 2 * (len(ones) - 2) if len(ones) > 1 else 0


def _rotations_of_uniform(size: int) -> int:
    ones = _spans(size)
    return 1 + 2 * (ones[-1] - ones[0]) + 2 * (len(ones) - 2) if len(ones) > 1 else 0


def _fixed_of_uniform(size: int) -> int:
    ones = _spans(size)
    return 3 * (len(ones) - 1) + ones[0]


def _depth_of_uniform(size: int) -> int:
    """Walk over the controlled gates: those of one 1 bit share their control, which the next controlled Ry meets."""
    ones = _spans(size)
    ready: dict[int, int] = {}

    def act(one: int, two: int, steps: int) -> None:
        ready[one] = ready[two] = max(ready.get(one, 0), ready.get(two, 0)) + steps

    for m in range(1, len(ones)):
        for bit in range(ones[m - 1], ones[m]):
            act(ones[m], bit, 1)
        if m + 1 < len(ones):
            act(ones[m], ones[m + 1], 2)
    return max(ready.values(), default=0)


_uniform_cnots = tabulated("uniform_cnots", _cnots_of_uniform)
_uniform_rotations = tabulated("uniform_rotations", _rotations_of_uniform)
_uniform_fixed = tabulated("uniform_fixed", _fixed_of_uniform)
_uniform_depth = tabulated("uniform_depth", _depth_of_uniform)
