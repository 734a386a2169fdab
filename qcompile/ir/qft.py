"""The quantum Fourier transform, and phases on one basis state."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import sympy
from attrs import evolve, field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.counts import Counts
from qcompile.ir.fields import to_expr, to_index, to_qubits
from qcompile.ir.sizes import Size, as_size
from qcompile.tape.expr import Expr

__all__ = ["QFT", "BasisPhase", "wide_phase_bound"]


@frozen
class QFT(Block):
    """ket j to 2^(-n/2) sum_k exp(2 pi i j k / 2^n) ket k, j and k read with qubit 0 most significant.

    Attributes:
        n_qubits: n.
        is_inverse: The inverse transform, exp(-2 pi i j k / 2^n).
        form: `textbook`: Hadamards, controlled phases, a final reversal by swaps. `line`: every controlled phase merged
            with a swap of neighbours (three CNOT each), which makes the reversal on the way: only links of a line, two-
            qubit depth 3 (2n - 3).
        cutoff: Controlled phases by less than pi / 2^cutoff are left out, 0 keeps all; see `error_bound`.
    """

    equation: ClassVar[str] = "102"
    n_qubits: Size = field(converter=to_qubits)
    is_inverse: bool = field(default=False, kw_only=True)
    form: str = field(default="textbook", kw_only=True)
    cutoff: int = field(default=0, kw_only=True, converter=to_index)

    @form.validator
    def _known(self, _: Any, value: str) -> None:
        if value not in ("textbook", "line"):
            raise InputError(f"is {value!r}", where="QFT: form", hint="use textbook or line")

    def adjoint(self) -> Block:
        """Return the other transform, in the same form."""
        return evolve(self, is_inverse=not self.is_inverse)

    def angles(self) -> dict[tuple[int, int], float]:
        """Return the angle of the controlled phase of each kept pair of qubits a < b: pi / 2^(b - a)."""
        n = self.width
        keep = self.cutoff or n
        return {(a, b): math.pi / 2 ** (b - a) for a in range(n) for b in range(a + 1, n) if b - a <= keep}

    @property
    def error_bound(self) -> float:
        """Operator-norm bound of what `cutoff` leaves out: the sum of the angles that are missing."""
        n, kept = self.width, self.angles()
        return math.fsum(math.pi / 2 ** (b - a) for a in range(n) for b in range(a + 1, n) if (a, b) not in kept)

    def formula(self) -> Counts:
        """Return n (n-1) / 2 controlled phases (two CNOT, three rotations), n // 2 swaps; line: three CNOT a pair."""
        n: Any = self.n_qubits
        known = isinstance(n, int)
        pairs: Any = n * (n - 1) // 2 if known else n * (n - 1) / 2
        reach = n - 1 if not self.cutoff else min(self.cutoff, n - 1) if known else sympy.Min(self.cutoff, n - 1)
        kept = reach * n - (reach * (reach + 1) // 2 if known else reach * (reach + 1) / 2)
        if self.form == "line":
            depth = 3 * (2 * n - 3) if not (known and n < 2) else 0
            return Counts(cnot=3 * pairs, rotation=3 * kept, one_qubit=n, depth_two_qubit=as_size(depth))
        # The last phase is on the last two qubits, and the first and the last meet in a swap after it.
        walk = None if self.cutoff else 4 * n - 3 if not (known and n < 2) else 0
        return Counts(cnot=2 * kept + 3 * (n // 2), rotation=3 * kept, one_qubit=n, depth_two_qubit=walk)


@frozen
class BasisPhase(Block):
    """exp(i angle) on basis state `index`, identity elsewhere: at angle pi a reflection about that state."""

    n_qubits: Size = field(converter=to_qubits)
    index: int = field(converter=to_index)
    angle: Expr = field(converter=to_expr)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.n_qubits, int) and not 0 <= self.index < 2**self.n_qubits:
            raise InputError(f"is {self.index}", where="basis phase: index", hint=f"use 0 to {2**self.n_qubits - 1}")

    def adjoint(self) -> Block:
        """Return the opposite phase."""
        return BasisPhase(self.n_qubits, self.index, -self.angle)

    def controlled(self, n_controls: int = 1) -> BasisPhase:
        """Return the phase on more qubits: the new ones must be 1."""
        n = self.width
        return BasisPhase(n + n_controls, ((2**n_controls - 1) << n) | self.index, self.angle)

    def formula(self) -> Counts:
        """Return a diagonal of 2^n - 2 CNOT and 2^n - 1 rotations between X gates on the 0 bits, or one CZ or CCZ.

        Beyond six qubits, and for reflections on four and more, an upper bound: splitting with borrowed qubits is
        cheaper then, and how many are idle is for the whole circuit to know.
        """
        n: Any = self.n_qubits
        flips = 2 * (n - self.index.bit_count())
        if not isinstance(n, int):
            most = sympy.Min(2**n, 8 * n**2)
            return Counts(
                cnot=most,
                rotation=most + 1,
                one_qubit=flips + most,
                t=most,
                toffoli=1,
                depth_two_qubit=None,
                is_exact=False,
            )
        turn = abs(math.remainder(self.angle.const, 2 * math.pi)) if self.angle.is_number else 1.0
        is_pi = abs(turn - math.pi) < 1e-12
        if self.angle.is_number and self.angle.const == math.pi and n <= 2:
            return Counts(cnot=n - 1, one_qubit=flips + (n == 1), depth_two_qubit=n - 1)
        if is_pi and n == 3:
            return Counts(toffoli=1, one_qubit=flips, depth_two_qubit=1)
        if n <= 2 or (n <= 6 and turn > 1e-9 and not is_pi):
            return Counts(cnot=2**n - 2, rotation=2**n - 1, one_qubit=flips, depth_two_qubit=2**n - 2 - max(0, n - 3))
        cnot, rotation = wide_phase_bound(n)
        return Counts(
            cnot=cnot, rotation=rotation, one_qubit=flips + cnot, t=cnot, depth_two_qubit=None, is_exact=False
        )


def wide_phase_bound(m: int) -> tuple[int, int]:
    """Return CNOT and rotations that a phase on all ones of m qubits never exceeds, without ancillas.

    A diagonal of 2^m - 2 CNOT (m <= 6), else splitting with borrowed qubits, which stays below 8 m^2.
    """
    if m <= 1:
        return 0, 1
    cnot = min(2**m - 2, 8 * m * m)
    return cnot, cnot + 1
