"""Combinators, gates and unitary families as circuits."""

from __future__ import annotations

import numpy as np

from qcompile.errors import InputError
from qcompile.ir import (
    Adjoint,
    Ansatz,
    Block,
    Controlled,
    EulerRotation,
    Gate,
    GlobalPhase,
    Ladder,
    LadderFree,
    On,
    Parallel,
    PhaseLayer,
    Repeat,
    RotaryRotation,
    Rotation,
    RotationLayer,
    Router,
    Sequence,
)
from qcompile.ir.overlap import primitives
from qcompile.synthesis.blocks_control import controlled_tape, zero_branch_controlled
from qcompile.synthesis.blocks_core import tape_of_block
from qcompile.tape import Expr, Tape, TapeBuilder

# Combinators -----------------------------------------------------------------------------------------------------


def _join(block: Block, parts: list[tuple[Block, list[int]]]) -> Tape:
    b = TapeBuilder(block.width)
    for part, qubits in parts:
        b.origin = part.title
        b.extend(tape_of_block(part), qubits)
    return b.build()


@tape_of_block.register
def _sequence(block: Sequence) -> Tape:
    everything = list(range(block.width))
    return _join(block, [(part, everything) for part in block.blocks])


@tape_of_block.register
def _parallel(block: Parallel) -> Tape:
    parts, offset = [], 0
    for part in block.blocks:
        parts.append((part, list(range(offset, offset + part.width))))
        offset += part.width
    return _join(block, parts)


@tape_of_block.register
def _repeat(block: Repeat) -> Tape:
    if not isinstance(block.times, int):
        raise InputError(f"is {block.times}", where="repeat.times", hint="bind the size first")
    tape = tape_of_block(block.block)
    return Tape.concat([tape] * block.times) if block.times else TapeBuilder(block.width).build()


@tape_of_block.register
def _controlled(block: Controlled) -> Tape:
    return controlled_tape(tape_of_block(block.block), block.n_controls)


@tape_of_block.register
def _adjoint(block: Adjoint) -> Tape:
    return tape_of_block(block.block).adjoint()


@tape_of_block.register
def _on(block: On) -> Tape:
    return _join(block, [(block.block, list(block.qubits))])


@tape_of_block.register
def _ladder_free(block: LadderFree) -> Tape:
    """Ladders in both branches, runs of one-qubit gates between them merged and controlled."""
    n = block.width - 1
    b = TapeBuilder(n + 1)
    pending: list[list[Tape]] = [[]]
    groups: list[Tape | None] = []
    for part in primitives(block.block):
        if isinstance(part, Ladder):
            groups += [Tape.concat(pending[-1]) if pending[-1] else None, tape_of_block(part)]
            pending.append([])
        else:
            pending[-1].append(tape_of_block(part))
    groups.append(Tape.concat(pending[-1]) if pending[-1] else None)
    for k, tape in enumerate(groups):
        if tape is None:
            continue
        if k % 2:
            b.extend(tape, list(range(1, n + 1)))
        elif (tape.arity > 1).any():
            b.extend(controlled_tape(tape))
        else:
            b.extend(zero_branch_controlled(tape))  # no gate on two qubits: every gate is controlled
    return b.build()


# Small blocks ----------------------------------------------------------------------------------------------------


@tape_of_block.register
def _gate(block: Gate) -> Tape:
    b = TapeBuilder(block.width)
    b.add(block.name, *range(block.width))
    return b.build()


@tape_of_block.register
def _rotation(block: Rotation) -> Tape:
    b = TapeBuilder(1)
    b.add(f"r{block.axis}", 0, angles=[block.angle])
    return b.build()


@tape_of_block.register
def _euler(block: EulerRotation) -> Tape:
    b = TapeBuilder(1)
    for axis, angle in zip("xyz", block.angles, strict=True):
        b.add(f"r{axis}", 0, angles=[angle])
    return b.build()


@tape_of_block.register
def _rotation_layer(block: RotationLayer) -> Tape:
    b = TapeBuilder(block.width)
    for q in range(block.width):
        for k, axis in enumerate(block.axes):
            b.add(f"r{axis}", q, angles=[block.angles[q, k]])
    return b.build()


@tape_of_block.register
def _ladder(block: Ladder) -> Tape:
    b = TapeBuilder(block.width)
    for control, target in block.pairs():
        b.add("cx", control, target)
    return b.build()


@tape_of_block.register
def _global_phase(block: GlobalPhase) -> Tape:
    return TapeBuilder(block.width).build().with_phase(block.angle)


# Families --------------------------------------------------------------------------------------------------------


@tape_of_block.register
def _ansatz(block: Ansatz) -> Tape:
    n = block.width
    b = TapeBuilder(n)
    ladder = block.ladder.pairs()
    last = block.angles.sizes[0] - 1
    for step, layer in enumerate(block.in_time()):
        b.origin = f"layer {layer}"
        is_first, is_last = step == 0, step == last
        if block.product_order == "matrix" and not (is_first and "first_ladder" in block.omit):
            for pair in ladder:
                b.add("cx", *pair)
        for q in range(n):
            for a, axis in enumerate(block.rotations):
                if block.keeps(step, q, a):
                    b.add(f"r{axis}", q, angles=[block.angles[layer, q, a]])
        if block.product_order == "time" and not (is_last and "last_ladder" in block.omit):
            for pair in ladder:
                b.add("cx", *pair)
    return b.build()


@tape_of_block.register
def _phase_layer(block: PhaseLayer) -> Tape:
    b = TapeBuilder(block.width)
    for layer in reversed(range(block.angles.sizes[0])):
        for q in range(block.width):
            if axis := block.axis_of(q):
                b.add(f"r{axis}", q, angles=[block.angles[layer]])
    return b.build()


@tape_of_block.register
def _router(block: Router) -> Tape:
    b = TapeBuilder(block.width)
    for layer in reversed(range(block.angles.sizes[0])):
        for q in range(block.width):
            b.add("h", q)
            b.add("rz", q, angles=[block.angle(layer, q)])
            b.add("h", q)
    return b.build()


@tape_of_block.register
def _rotary(block: RotaryRotation) -> Tape:
    b = TapeBuilder(1)
    if block.is_merged:
        # PHXZ(x, z, 0) = P(z) H P(x) H = exp(i (x + z) / 2) Rz(z) Rx(x).
        b.add("phxz", 0, angles=[np.pi / 2, block.omega, 0.0])
        b.phase = Expr(-np.pi / 4) - block.omega * 0.5
    else:
        b.add("rx", 0, angles=[np.pi / 2])
        b.add("rz", 0, angles=[block.omega])
    return b.build()
