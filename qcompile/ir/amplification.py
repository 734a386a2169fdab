"""Amplitude amplification and estimation: Grover operator, textbook circuit, power circuits (Algorithm 1, eq. 102)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.combinators import Controlled, Repeat, Sequence, parallel, sequence
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.fields import to_controls
from qcompile.ir.gates import Gate, GlobalPhase, Rotation
from qcompile.ir.qft import BasisPhase
from qcompile.ir.readout import Post, Readout
from qcompile.ir.sizes import Size

__all__ = ["AmplitudeEstimation", "GroverOperator", "PhaseEstimation", "power_readouts"]


def _good(value: Any) -> tuple[tuple[int, int], ...]:
    """Return (qubit, bit) pairs, from a mapping or pairs."""
    pairs = value.items() if hasattr(value, "items") else value
    return tuple(sorted((int(q), int(b)) for q, b in pairs))


@frozen
class GroverOperator(Block):
    """Q = -(A S_0 A^-1) S_good, eigenphases +-2 theta with sin^2 theta = P(good) of A on all zeros.

    Only A's image of all zeros enters: A S_0 A^-1 is the reflection about it.

    Attributes:
        preparation: A.
        good: (qubit, bit) pairs; a basis state is good when each such qubit has that bit.
    """

    equation: ClassVar[str] = "102"
    preparation: Block
    good: tuple[tuple[int, int], ...] = field(converter=_good)

    def __attrs_post_init__(self) -> None:
        n = self.preparation.n_qubits
        qubits = [q for q, _ in self.good]
        if not qubits or len(set(qubits)) != len(qubits) or any(b not in (0, 1) for _, b in self.good):
            raise InputError(
                f"is {self.good}", where="good", hint="name each qubit once with bit 0 or 1, such as {0: 1}"
            )
        if isinstance(n, int) and not all(0 <= q < n for q in qubits):
            raise InputError(f"is {self.good}", where="good", hint=f"use qubits 0 to {n - 1}")

    @property
    def n_qubits(self) -> Size:
        """Width of the preparation."""
        return self.preparation.n_qubits

    def good_phase(self) -> BasisPhase:
        """Return the reflection on the qubits of `good` alone."""
        return BasisPhase(len(self.good), int("".join(str(b) for _, b in self.good), 2), _PI)

    def good_reflection(self) -> Block:
        """Return 1 - 2 P_good."""
        return self.good_phase().on(*(q for q, _ in self.good), of=self.n_qubits)

    def zero_reflection(self) -> BasisPhase:
        """Return 1 - 2 P_zero."""
        return BasisPhase(self.n_qubits, 0, _PI)

    def expand(self) -> Block:
        """Return the factors in order of time."""
        a = self.preparation
        return sequence(self.good_reflection(), a.adjoint(), self.zero_reflection(), a, GlobalPhase(self.n_qubits, _PI))

    def formula(self) -> Counts:
        """Return two preparations and two reflections."""
        return self.expand().formula()


@frozen
class AmplitudeEstimation(Block):
    """Phase estimation of Q from A on all zeros: the first m qubits read y with P(good) about sin^2(pi y / 2^m).

    Attributes:
        preparation, good: As in `GroverOperator`.
        n_phase: m, before the state's qubits.
        control: `all`: every gate of Q controlled. `reflections`: A and its inverse act in both branches.
    """

    equation: ClassVar[str] = "102"
    preparation: Block
    good: tuple[tuple[int, int], ...] = field(converter=_good)
    n_phase: int = field(converter=to_controls)
    control: str = field(default="all", kw_only=True)

    def __attrs_post_init__(self) -> None:
        GroverOperator(self.preparation, self.good)
        if self.control not in ("all", "reflections"):
            raise InputError(
                f"is {self.control!r}", where="amplitude estimation: control", hint="use all or reflections"
            )

    @property
    def n_qubits(self) -> Size:
        """Phase qubits and state qubits."""
        return self.n_phase + self.preparation.n_qubits

    @property
    def contract(self) -> Contract:
        """Judged by the outcomes of its phase qubits."""
        return Contract(ContractKind.OUTCOMES, tuple(range(self.width)))

    @property
    def grover(self) -> GroverOperator:
        """Q."""
        return GroverOperator(self.preparation, self.good)

    def controlled_grover(self) -> Block:
        """Return Q controlled by one qubit put first."""
        q = self.grover
        if self.control == "all":
            return Controlled(q.expand())
        n = self.preparation.width
        state = tuple(range(1, n + 1))
        a = self.preparation.on(*state, of=n + 1)
        return sequence(
            q.good_phase().controlled().on(0, *(qubit + 1 for qubit, _ in self.good), of=n + 1),
            a.adjoint(),
            q.zero_reflection().controlled(),
            a,
            Gate("z").on(0, of=n + 1),
        )

    def expand(self) -> Block:
        """Return the circuit; the reversal of the inverse transform is made by the order of the powers."""
        m, n = self.n_phase, self.preparation.width
        walls = parallel(*[Gate("h")] * m, self.preparation)
        powers = [Repeat(self.controlled_grover(), 2**q).on(q, *range(m, m + n), of=m + n) for q in range(m)]
        return sequence(walls, *powers, _inverse_transform(m, m + n))

    def formula(self) -> Counts:
        """Return an upper bound: 2^m - 1 controlled Q and the transform."""
        one = self.controlled_grover().formula()
        m = self.n_phase
        phases = m * (m - 1) // 2
        rest = Counts(cnot=2 * phases, rotation=3 * phases, one_qubit=2 * m, depth_two_qubit=None)
        total = self.preparation.formula().then(one.times(2**m - 1)).then(rest)
        return Counts(**{key: total[key] for key in Counts.ADDED}, depth_two_qubit=None, is_exact=False)


@frozen
class PhaseEstimation(Block):
    """Phase estimation of diag(exp(i angle), exp(-i angle)) from plus: the shared eigenbasis of Q's powers, one qubit.

    Attributes:
        n_phase: m, before the one state qubit.
        angle: 2 theta, radians.
    """

    n_phase: int = field(converter=to_controls)
    angle: float = field(converter=float)

    @property
    def n_qubits(self) -> int:
        """Phase qubits and one more."""
        return self.n_phase + 1

    @property
    def contract(self) -> Contract:
        """Judged by the outcomes of its phase qubits."""
        return Contract(ContractKind.OUTCOMES, tuple(range(self.n_qubits)))

    def expand(self) -> Block:
        """Return the circuit: one controlled Rz a phase qubit."""
        m = self.n_phase
        walls = parallel(*[Gate("h")] * (m + 1))
        turns = [Controlled(Rotation("z", -2 * self.angle * 2**q)).on(q, m, of=m + 1) for q in range(m)]
        return sequence(walls, *turns, _inverse_transform(m, m + 1))

    def formula(self) -> Counts:
        """Return m controlled rotations and the transform."""
        return self.expand().formula()


def _inverse_transform(m: int, total: int) -> Block:
    """Return the inverse Fourier transform without its swaps: qubit q held the power 2^q, the bit-reversed order."""
    steps: list[Block] = []
    for a in reversed(range(m)):
        for b in reversed(range(a + 1, m)):
            steps.append(BasisPhase(2, 3, -_PI / 2 ** (b - a)).on(a, b, of=total))
        steps.append(Gate("h").on(a, of=total))
    return Sequence(tuple(steps), n_qubits=total)


def power_readouts(
    name: str, preparation: Block, good: Any, powers: Iterable[int], *, shots: int | None = None
) -> tuple[Readout, ...]:
    """Return one readout a power k: Q^k A on all zeros, the good qubits measured.

    P(good) after Q^k is sin^2((2k + 1) theta). Maximum-likelihood estimation takes a fixed schedule, 0, 1, 2, 4...;
    iterative estimation picks the next power from what it has seen.
    """
    operator = GroverOperator(preparation, good)
    out = []
    for k in powers:
        if k < 0:
            raise InputError(f"is {k}", where="power", hint="use 0 or more")
        block = sequence(preparation, Repeat(operator, k)) if k else preparation
        measured = tuple(q for q, _ in operator.good)
        out.append(
            Readout(f"{name}.{k}", block, measured, Post.DISTRIBUTION, equation="102", shots=shots, note=f"Q^{k} A")
        )
    return tuple(out)


_PI = 3.141592653589793
