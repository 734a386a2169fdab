"""Gates as rotations about Paulis: exp(i f) R_P(a) x R_Q(b) R_PQ(c), every angle affine in the gate's own."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.tape import Expr, Op, Tape

__all__ = ["PAIR_FORM", "SINGLE_FORM", "Forms", "PairGate", "RotationSums", "pair_gate"]

Angle = float | Expr
_PI = math.pi


@frozen(eq=False)
class Forms:
    """For each operation code the angles of its rotations as `factor * angle + constant`.

    Attributes:
        known: bool[256].
        factor: float[256, 4], of (main, first, second, phase).
        const: float[256, 4].
    """

    known: NDArray[np.bool_]
    factor: NDArray[np.float64]
    const: NDArray[np.float64]


def _forms(table: dict[Op, tuple[tuple[float, float, float, float], tuple[float, float, float, float]]]) -> Forms:
    known = np.zeros(256, dtype=bool)
    factor, const = np.zeros((256, 4)), np.zeros((256, 4))
    for op, (f, c) in table.items():
        known[op], factor[op], const[op] = True, f, c
    return Forms(known, factor, const)


_NONE = (0.0, 0.0, 0.0, 0.0)
_TURN = (1.0, 0.0, 0.0, 0.0)


def _fixed(angle: float) -> tuple[tuple[float, float, float, float], tuple[float, float, float, float]]:
    """Return the form of diag(1, e^{i angle}) in its own basis."""
    return _NONE, (angle, 0.0, 0.0, angle / 2)


SINGLE_FORM = _forms(
    {
        Op.RX: (_TURN, _NONE),
        Op.RY: (_TURN, _NONE),
        Op.RZ: (_TURN, _NONE),
        Op.P: ((1.0, 0.0, 0.0, 0.5), _NONE),
        Op.X: _fixed(_PI),
        Op.Y: _fixed(_PI),
        Op.Z: _fixed(_PI),
        Op.SX: _fixed(_PI / 2),
        Op.SXDG: _fixed(-_PI / 2),
        Op.S: _fixed(_PI / 2),
        Op.SDG: _fixed(-_PI / 2),
        Op.T: _fixed(_PI / 4),
        Op.TDG: _fixed(-_PI / 4),
    }
)

# Controlled-P(t) about Paulis P, Q: exp(i t/4 (1 - P)(1 - Q)).
_CONTROLLED = (_NONE, (-_PI / 2, _PI / 2, _PI / 2, _PI / 4))
_CONTROLLED_ROTATION = ((-0.5, 0.0, 0.5, 0.0), _NONE)
PAIR_FORM = _forms(
    {
        Op.CX: _CONTROLLED,
        Op.CY: _CONTROLLED,
        Op.CZ: _CONTROLLED,
        Op.CP: ((-0.5, 0.5, 0.5, 0.25), _NONE),
        Op.CRX: _CONTROLLED_ROTATION,
        Op.CRY: _CONTROLLED_ROTATION,
        Op.CRZ: _CONTROLLED_ROTATION,
        Op.RXX: (_TURN, _NONE),
        Op.RYY: (_TURN, _NONE),
        Op.RZZ: (_TURN, _NONE),
    }
)


def _simplest(value: Expr) -> Angle:
    return value.const if value.is_number else value


@frozen(eq=False)
class RotationSums:
    """Angles of groups of commuting gates, added up.

    Attributes:
        main: Rotation about the Pauli, or about the product of both.
        first, second: Local rotations on the lower and the higher qubit of a pair.
        phases: Global phases.
    """

    main: list[Angle]
    first: list[Angle]
    second: list[Angle]
    phases: list[Angle]

    @staticmethod
    def of(
        tape: Tape,
        forms: Forms,
        rows: NDArray[np.intp],
        group: NDArray[np.intp],
        exchanged: NDArray[np.bool_],
        n_groups: int,
    ) -> RotationSums:
        """Return the sums of `rows` by `group`; `exchanged` rows name the higher qubit first."""
        code = tape.opcode[rows]
        symbolic = tape.expr[rows, 0] >= 0
        factor, const = forms.factor[code].copy(), forms.const[code].copy()
        for table in (factor, const):
            table[exchanged] = table[exchanged][:, [0, 2, 1, 3]]
        value = const + factor * np.where(symbolic, 0.0, tape.angle[rows, 0])[:, None]
        out: list[list[Angle]] = []
        for k in range(3):
            total = np.bincount(group, weights=value[:, k], minlength=n_groups)
            sums: list[Angle] = [float(t) for t in total]
            for row in (int(r) for r in np.flatnonzero(symbolic & (factor[:, k] != 0))):
                expr = tape.exprs[tape.expr[rows[row], 0]] * float(factor[row, k])
                sums[group[row]] = expr + sums[group[row]]
            out.append([_simplest(s) if isinstance(s, Expr) else s for s in sums])
        phases: list[Angle] = [math.fsum(value[:, 3])]
        for row in (int(r) for r in np.flatnonzero(symbolic & (factor[:, 3] != 0))):
            phases.append(tape.exprs[tape.expr[rows[row], 0]] * float(factor[row, 3]))
        return RotationSums(out[0], out[1], out[2], phases)


@frozen(eq=False)
class PairGate:
    """R_P(first) x R_Q(second) R_PQ(main) as at most one two-qubit gate and local rotations.

    Attributes:
        op: The gate on the pair, or None.
        flipped: Whether the gate names the higher qubit first.
        angle: Its angle.
        first, second: What is left on the lower and the higher qubit.
        phase: Global phase.
    """

    op: Op | None
    flipped: bool
    angle: Angle
    first: Angle
    second: Angle
    phase: float


_SAME = {1: Op.RXX, 2: Op.RYY, 3: Op.RZZ}
_FIXED_OPS = {1: Op.CX, 2: Op.CY, 3: Op.CZ}
_TURNS = {1: Op.CRX, 2: Op.CRY}


def pair_gate(main: Angle, first: Angle, second: Angle, p: int, q: int, atol: float) -> PairGate:
    """Return exp(-i main PQ/2) with local rotations about P and Q as gates of the tape.

    R_PQ(pi) = i R_P(pi) R_Q(pi) is local; R_PQ(-pi/2) is a controlled Pauli. Of two unequal axes one is Z.
    """
    phase = 0.0
    if not isinstance(main, Expr):
        steps = math.floor(main / _PI + 0.5)
        main -= steps * _PI
        if abs(main - _PI / 2) <= atol:
            main, steps = main - _PI, steps + 1
        first, second = first + steps * _PI, second + steps * _PI
        phase += 0.5 * _PI * (steps % 4)
        if abs(main) <= atol:
            return PairGate(None, False, 0.0, first, second, phase)
        if abs(main + _PI / 2) <= atol and (p == 3 or q == 3):
            other = q if p == 3 else p
            return PairGate(_FIXED_OPS[other], p != 3, 0.0, first - _PI / 2, second - _PI / 2, phase - _PI / 4)
    if p == q:
        return PairGate(_SAME[p], False, main, first, second, phase)
    if p == 3:
        return PairGate(_TURNS[q], False, main * -2.0, first, second + main, phase)
    return PairGate(_TURNS[p], True, main * -2.0, first + main, second, phase)
