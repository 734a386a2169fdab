"""What a block costs under one control: each kind of gate has one controlled form, so kinds are counted, not places."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import reduce

import sympy
from attrs import field, frozen

from qcompile.ir.block import Block
from qcompile.ir.counts import Counts
from qcompile.ir.sizes import Size
from qcompile.tape.expr import Expr

__all__ = ["controlled_counts"]

# Each gate under a control; all of its gates on several qubits act on that control, one after another.
_FORMS: Mapping[str, Counts] = {
    "rotation": Counts(cnot=2, rotation=2, depth_two_qubit=2),
    "h": Counts(cnot=1, rotation=2, depth_two_qubit=1),
    "x": Counts(cnot=1, depth_two_qubit=1),
    "y": Counts(cnot=2, rotation=3, depth_two_qubit=2),
    "z": Counts(cnot=1, depth_two_qubit=1),
    "phase": Counts(cnot=2, rotation=3, depth_two_qubit=2),
    "cx": Counts(toffoli=1, depth_two_qubit=1),
    "swap": Counts(cnot=2, toffoli=1, depth_two_qubit=2),
    # A phase on three qubits: a diagonal of six CNOT, whose order decides the depth.
    "cp": Counts(cnot=6, rotation=7, depth_two_qubit=None),
}
_KIND = {"s": "phase", "sdg": "phase", "t": "phase", "tdg": "phase", "cz": "cx"}


@frozen
class _Kinds:
    """How many gates of each kind of `_FORMS` a block holds, and its global phase."""

    number: Mapping[str, Size]
    phase: Expr = field(factory=Expr)

    def plus(self, other: _Kinds) -> _Kinds:
        names = {*self.number, *other.number}
        return _Kinds({k: self.number.get(k, 0) + other.number.get(k, 0) for k in names}, self.phase + other.phase)


def controlled_counts(block: Block) -> Counts | None:
    """Return the exact counts of a block under one control, None where its gates depend on numbers."""
    kinds = _kinds(block)
    if kinds is None:
        return None
    angle = kinds.phase
    is_phase = not angle.is_number or abs(math.remainder(angle.const, 2 * math.pi)) > 1e-12
    total = Counts(rotation=int(is_phase))
    for kind, number in kinds.number.items():
        if number != 0:
            total = _in_a_row(total, _FORMS[kind], number)
    return total


def _in_a_row(total: Counts, form: Counts, number: Size) -> Counts:
    one, many = total.depth_two_qubit, form.depth_two_qubit
    depth = None if one is None or many is None else sympy.expand(one + many * number)
    if depth is not None and depth.is_Integer:
        depth = int(depth)
    added = total.then(form.times(number))
    return Counts(**{key: getattr(added, key) for key in Counts.ADDED}, depth_two_qubit=depth)


def _kinds(block: Block) -> _Kinds | None:
    """Return the kinds of gates of a block's circuit, None where data or angles decide them."""
    from qcompile.ir.ansatz import Ansatz
    from qcompile.ir.combinators import Adjoint, On, Parallel, Repeat, Sequence
    from qcompile.ir.encoding import AngleEncoding, BasisEncoding, UniformSuperposition
    from qcompile.ir.gates import EulerRotation, Gate, GlobalPhase, Ladder, Rotation, RotationLayer
    from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
    from qcompile.ir.qft import QFT

    cost = block.formula()
    if isinstance(block, Sequence | Parallel):
        return _sum(_kinds(part) for part in block.blocks)
    if isinstance(block, On | Adjoint | Repeat):
        inner = _kinds(block.block)
        if inner is None or isinstance(block, On):
            return inner
        if isinstance(block, Adjoint):
            return _Kinds(inner.number, -inner.phase)
        if not isinstance(block.times, int) and not (inner.phase.is_number and inner.phase.const == 0):
            return None
        phase = inner.phase * block.times if isinstance(block.times, int) else Expr()
        return _Kinds({k: v * block.times for k, v in inner.number.items()}, phase)
    if isinstance(block, GlobalPhase):
        return _Kinds({}, block.angle)
    if isinstance(block, Gate):
        kind = _KIND.get(block.name, block.name)
        return _Kinds({kind: 1}) if kind in _FORMS else None
    if isinstance(block, BasisEncoding):
        return _Kinds({"x": cost.one_qubit})
    if isinstance(block, UniformSuperposition):
        return _Kinds({"h": cost.one_qubit}) if cost.cnot == 0 else None
    if isinstance(block, Router):
        return _Kinds({"h": cost.one_qubit, "rotation": cost.rotation})
    if isinstance(block, QFT) and block.form == "textbook":
        n = block.n_qubits
        return _Kinds({"h": n, "cp": cost.rotation / sympy.Integer(3), "swap": n // 2})
    plain = (Ansatz, Ladder, Rotation, EulerRotation, RotationLayer, PhaseLayer, AngleEncoding)
    if isinstance(block, plain) or (isinstance(block, RotaryRotation) and not block.is_merged):
        return _Kinds({"rotation": cost.rotation, "cx": cost.cnot})
    return None


def _sum(parts: Iterator[_Kinds | None]) -> _Kinds | None:
    found = list(parts)
    known = [kinds for kinds in found if kinds is not None]
    return reduce(_Kinds.plus, known, _Kinds({})) if len(known) == len(found) else None
