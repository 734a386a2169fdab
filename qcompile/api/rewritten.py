"""Circuits that are mostly Pauli rotations and Cliffords, written anew before they are placed."""

from __future__ import annotations

import math

import numpy as np

from qcompile.api.options import Options
from qcompile.passes import DropIdentities, ElideSwaps, MergeOneQubit, MergeRotations, Pipeline, SynthesizeGadgets
from qcompile.passes.base import Run, Until
from qcompile.passes.presets import pre_routing
from qcompile.tape import Op, Tape
from qcompile.tape.opcodes import N_ANGLES
from qcompile.target import Target

__all__ = ["rewritten_run", "worth_rewriting"]

#: Gates that are Pauli rotations or Cliffords, and how many rotations one of them can be when its angle is of no kind.
_CLIFFORD = (
    *(Op.I, Op.X, Op.Y, Op.Z, Op.H, Op.S, Op.SDG, Op.SX, Op.SXDG),
    *(Op.CX, Op.CY, Op.CZ, Op.SWAP, Op.ISWAP, Op.ISWAPDG, Op.ECR),
)
_ROTATIONS = {
    **dict.fromkeys((Op.T, Op.TDG, Op.RX, Op.RY, Op.RZ, Op.P, Op.RXX, Op.RYY, Op.RZZ), 1),
    **dict.fromkeys((Op.CRX, Op.CRY, Op.CRZ), 2),
    **dict.fromkeys((Op.CP, Op.U3, Op.PHXZ, Op.MAT1, Op.GPI, Op.GPI2), 3),
}
_COUNT = np.full(256, -1, dtype=np.int64)
_COUNT[list(_CLIFFORD)] = 0
_COUNT[list(_ROTATIONS)] = list(_ROTATIONS.values())

#: Rotations for each two-qubit gate beyond which there is too little Clifford between them to be saved, and the part
#: of all rows that may be of another kind.
_DENSE, _OTHERS = 0.6, 0.05
_TRIALS = (0, 12, 40, 100)  # by effort


def worth_rewriting(tape: Tape) -> bool:
    """Return whether a tape is nearly all Cliffords and rotations, with few rotations for its two-qubit gates."""
    two = int(tape.is_two_qubit.sum())
    if two < 6:
        return False
    count = _COUNT[tape.opcode]
    plain = (N_ANGLES[tape.opcode] == 1) & ~tape.is_symbolic
    quarters = tape.angle[:, 0] / (math.pi / 2)
    count = np.where(plain & (count > 0) & (np.abs(quarters - np.round(quarters)) < 1e-9), 0, count)
    return bool((count < 0).sum() <= _OTHERS * len(tape) and count[count > 0].sum() <= _DENSE * two)


def rewritten_run(tape: Tape, target: Target, options: Options) -> Run | None:
    """Return the passes before routing with Pauli rotations written anew first, or None where that changes nothing.

    On machines whose pairs are not all coupled the rewritten circuit need not be the cheaper one once it is routed:
    carry both out and compare.

    Args:
        tape: The circuit as it was before any pass.
        target: The machine.
        options: Of the compile.
    """
    if options.effort == 0 or not worth_rewriting(tape):
        return None
    first = Pipeline((DropIdentities(), ElideSwaps(), Until((MergeOneQubit(), MergeRotations())))).run(tape, target)
    anew = Pipeline((SynthesizeGadgets(trials=_TRIALS[options.effort]),)).run(first.tape, target)
    if not anew.steps:
        return None
    rest = Pipeline(pre_routing(options.effort, rewrite=False)).run(anew.tape, target)
    runs = (first, anew, rest)
    return Run(rest.tape, tuple(s for r in runs for s in r.steps), tuple(e for r in runs for e in r.ledger))
