"""Fourier transform, reflections, amplitude estimation, phase exploration and dephasing as circuits."""

from __future__ import annotations

import numpy as np

from qcompile.ir import (
    QFT,
    AmplitudeEstimation,
    BasisPhase,
    Dephasing,
    GroverOperator,
    PhaseEstimation,
    PhaseExploration,
)
from qcompile.synthesis.blocks_core import tape_of_block
from qcompile.tape import Op, Opaque, Tape, TapeBuilder


@tape_of_block.register
def _qft(block: QFT) -> Tape:
    b = TapeBuilder(block.width)
    if block.form == "line":
        b.fence = 1  # the schedule is the point: it is kept together
        _line(b, block)
    else:
        _textbook(b, block)
    tape = b.build()
    return tape.adjoint() if block.is_inverse else tape


def _textbook(b: TapeBuilder, block: QFT) -> None:
    angles, n = block.angles(), block.width
    for a in range(n):
        b.add("h", a)
        for c in range(a + 1, n):
            if (a, c) in angles:
                b.add("cp", a, c, angles=[angles[a, c]])
    for a in range(n // 2):
        b.add("swap", a, n - 1 - a)


def _line(b: TapeBuilder, block: QFT) -> None:
    """Each qubit in turn walks to the far end, meeting every later one: CP and SWAP in three CNOT."""
    angles, n = block.angles(), block.width
    for a in range(n):
        b.add("h", 0)
        for place in range(n - 1 - a):
            angle = angles.get((a, a + 1 + place))
            if angle is not None:
                b.add("rz", place, angles=[angle / 2])
                b.add("rz", place + 1, angles=[angle / 2])
                b.phase = b.phase + angle / 4
            b.add("cx", place, place + 1)
            if angle is not None:
                b.add("rz", place + 1, angles=[-angle / 2])
            b.add("cx", place + 1, place)
            b.add("cx", place, place + 1)


@tape_of_block.register
def _basis_phase(block: BasisPhase) -> Tape:
    n = block.width
    b = TapeBuilder(n)
    zeros = [q for q in range(n) if not block.index >> (n - 1 - q) & 1]
    for q in zeros:
        b.add("x", q)
    if block.angle.is_number and block.angle.const == np.pi and n <= 3:
        b.add((Op.Z, Op.CZ, Op.CCZ)[n - 1], *range(n))
    else:
        b.add({1: Op.P, 2: Op.CP}.get(n, Op.MCP), *range(n), angles=[block.angle])
    for q in zeros:
        b.add("x", q)
    return b.build()


@tape_of_block.register
def _grover(block: GroverOperator) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _amplitude_estimation(block: AmplitudeEstimation) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _phase_estimation(block: PhaseEstimation) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _exploration(block: PhaseExploration) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _dephasing(block: Dephasing) -> Tape:
    import cirq

    b = TapeBuilder(1)
    b.opaque(Opaque("phase_damp", cirq.phase_damp(block.gamma)), 0)
    return b.build()
