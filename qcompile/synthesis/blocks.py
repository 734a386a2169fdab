"""Blocks to gates: one rule for each kind of block, keeping its contract and its global phase."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import numpy as np

from qcompile.errors import InputError
from qcompile.ir import (
    Adjoint,
    AmplitudeEncoding,
    AngleEncoding,
    Ansatz,
    BasisEncoding,
    BellMeasurement,
    Block,
    ComputeUncompute,
    Controlled,
    Counts,
    EulerRotation,
    Gate,
    GlobalPhase,
    HadamardTest,
    Ladder,
    LadderFree,
    On,
    Parallel,
    PhaseEncoding,
    PhaseLayer,
    Readout,
    Repeat,
    RotaryRotation,
    Rotation,
    RotationLayer,
    Router,
    Sequence,
    SwapTest,
    UniformSuperposition,
)
from qcompile.ir.overlap import primitives
from qcompile.synthesis.blocks_control import controlled_tape, zero_branch_controlled
from qcompile.synthesis.blocks_tree import tree_preparation, uniform_preparation
from qcompile.synthesis.state_preparation import prepare_state
from qcompile.tape import SPECS, Expr, Op, Tape, TapeBuilder

__all__ = ["synthesize", "synthesize_readout", "synthesizer", "tape_counts"]


def synthesize(block: Block, *, seed: int | None = None) -> Tape:
    """Return a circuit of the block; free angles stay symbols.

    Args:
        block: With every size known.
        seed: Fills generic data with normal entries; without it generic data is an error.

    Raises:
        InputError: A size is free, data is generic, or no rule is known for the block.
    """
    return _tape(block if seed is None else block.with_data(seed))


def synthesize_readout(readout: Readout, *, seed: int | None = None) -> Tape:
    """Return the readout's circuit, with its qubits measured into the key `readout.key` at the end."""
    tape = synthesize(readout.block, seed=seed)
    b = TapeBuilder(tape.n_qubits)
    b.measure(*readout.measured, key=readout.key)
    return Tape.concat([tape, b.build()])


@singledispatch
def _tape(block: Block) -> Tape:
    raise InputError(
        f"is a {block.title}", where="block", hint="register a rule with qcompile.synthesis.blocks.synthesizer"
    )


def synthesizer(kind: type[Block]) -> Callable[[Callable[..., Tape]], Callable[..., Tape]]:
    """Register the rule for a further kind of block: `f(block) -> Tape`."""
    return _tape.register(kind)


# What a gate counts as, in the terms of `Counts`: controlled rotations are two CNOT and two rotations.
_WEIGHTS: dict[Op, dict[str, int]] = {
    Op.CH: {"cnot": 1, "rotation": 2},
    **{op: {"cnot": 2, "rotation": 2} for op in (Op.CRX, Op.CRY, Op.CRZ)},
    Op.CP: {"cnot": 2, "rotation": 3},
    Op.SWAP: {"cnot": 3},
    Op.CSWAP: {"cnot": 2, "toffoli": 1},
    **{op: {"cnot": 2, "rotation": 1} for op in (Op.RXX, Op.RYY, Op.RZZ)},
    **{op: {"cnot": 3} for op in (Op.MAT2, Op.FSIM, Op.SYC)},
    Op.MEASURE: {},
    Op.BARRIER: {},
    Op.RESET: {"reset": 1},
    Op.OPAQUE: {"reset": 1},
}


def tape_counts(tape: Tape) -> Counts:
    """Return the counts of a logical tape in the terms of `Block.counts`."""
    flat = tape.inlined()
    total = dict.fromkeys(Counts.ADDED, 0)
    ready = np.zeros(max(1, flat.n_qubits), dtype=np.int64)
    for row in range(len(flat)):
        code, qubits = Op(int(flat.opcode[row])), flat.qubits_of(row)
        spec = SPECS[code]
        default = {1: "rotation" if spec.n_angles or code is Op.MAT1 else "one_qubit", 2: "cnot"}.get(
            len(qubits), "toffoli"
        )
        weights = _WEIGHTS.get(code, {default: 1})
        for key, value in weights.items():
            total[key] += value
        if code is Op.MEASURE:
            total["measurement"] += len(qubits)
        elif len(qubits) > 1 and code is not Op.BARRIER:
            ready[list(qubits)] = ready[list(qubits)].max() + weights.get("cnot", 1)
    return Counts(depth_two_qubit=int(ready.max()), is_exact=True, **total)


# Combinators -----------------------------------------------------------------------------------------------------


def _join(block: Block, parts: list[tuple[Block, list[int]]]) -> Tape:
    b = TapeBuilder(block.width)
    for part, qubits in parts:
        b.origin = part.title
        b.extend(_tape(part), qubits)
    return b.build()


@_tape.register
def _sequence(block: Sequence) -> Tape:
    everything = list(range(block.width))
    return _join(block, [(part, everything) for part in block.blocks])


@_tape.register
def _parallel(block: Parallel) -> Tape:
    parts, offset = [], 0
    for part in block.blocks:
        parts.append((part, list(range(offset, offset + part.width))))
        offset += part.width
    return _join(block, parts)


@_tape.register
def _repeat(block: Repeat) -> Tape:
    if not isinstance(block.times, int):
        raise InputError(f"is {block.times}", where="repeat.times", hint="bind the size first")
    tape = _tape(block.block)
    return Tape.concat([tape] * block.times) if block.times else TapeBuilder(block.width).build()


@_tape.register
def _controlled(block: Controlled) -> Tape:
    return controlled_tape(_tape(block.block), block.n_controls)


@_tape.register
def _adjoint(block: Adjoint) -> Tape:
    return _tape(block.block).adjoint()


@_tape.register
def _on(block: On) -> Tape:
    return _join(block, [(block.block, list(block.qubits))])


@_tape.register
def _ladder_free(block: LadderFree) -> Tape:
    """Ladders in both branches, runs of one-qubit gates between them merged and controlled."""
    n = block.width - 1
    b = TapeBuilder(n + 1)
    pending: list[list[Tape]] = [[]]
    groups: list[Tape | None] = []
    for part in primitives(block.block):
        if isinstance(part, Ladder):
            groups += [Tape.concat(pending[-1]) if pending[-1] else None, _tape(part)]
            pending.append([])
        else:
            pending[-1].append(_tape(part))
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


@_tape.register
def _gate(block: Gate) -> Tape:
    b = TapeBuilder(block.width)
    b.add(block.name, *range(block.width))
    return b.build()


@_tape.register
def _rotation(block: Rotation) -> Tape:
    b = TapeBuilder(1)
    b.add(f"r{block.axis}", 0, angles=[block.angle])
    return b.build()


@_tape.register
def _euler(block: EulerRotation) -> Tape:
    b = TapeBuilder(1)
    for axis, angle in zip("xyz", block.angles, strict=True):
        b.add(f"r{axis}", 0, angles=[angle])
    return b.build()


@_tape.register
def _rotation_layer(block: RotationLayer) -> Tape:
    b = TapeBuilder(block.width)
    for q in range(block.width):
        for k, axis in enumerate(block.axes):
            b.add(f"r{axis}", q, angles=[block.angles[q, k]])
    return b.build()


@_tape.register
def _ladder(block: Ladder) -> Tape:
    b = TapeBuilder(block.width)
    for control, target in block.pairs():
        b.add("cx", control, target)
    return b.build()


@_tape.register
def _global_phase(block: GlobalPhase) -> Tape:
    return TapeBuilder(block.width).build().with_phase(block.angle)


# Families --------------------------------------------------------------------------------------------------------


@_tape.register
def _ansatz(block: Ansatz) -> Tape:
    n = block.width
    b = TapeBuilder(n)
    ladder = Ladder(n, block.cnot_ladder).pairs()
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


@_tape.register
def _phase_layer(block: PhaseLayer) -> Tape:
    b = TapeBuilder(block.width)
    for layer in reversed(range(block.angles.sizes[0])):
        for q in range(block.width):
            if axis := block.axis_of(q):
                b.add(f"r{axis}", q, angles=[block.angles[layer]])
    return b.build()


@_tape.register
def _router(block: Router) -> Tape:
    b = TapeBuilder(block.width)
    for layer in reversed(range(block.angles.sizes[0])):
        for q in range(block.width):
            b.add("h", q)
            b.add("rz", q, angles=[block.angle(layer, q)])
            b.add("h", q)
    return b.build()


@_tape.register
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


# Preparations ----------------------------------------------------------------------------------------------------


def _padded(tape: Tape, n_qubits: int) -> Tape:
    """Put a tape on the least significant qubits of a wider register."""
    b = TapeBuilder(n_qubits)
    b.extend(tape, list(range(n_qubits - tape.n_qubits, n_qubits)))
    return b.build()


@_tape.register
def _amplitude(block: AmplitudeEncoding) -> Tape:
    own = block.vector.n_qubits
    state = block.vector.normalised(int(own))
    return _padded(_prepare(state, is_real=block.vector.is_real, method=block.method), block.width)


def _prepare(state: np.ndarray, *, is_real: bool, method: str) -> Tape:
    return prepare_state(state) if method == "auto" else tree_preparation(state, is_real=is_real)


@_tape.register
def _phase_encoding(block: PhaseEncoding) -> Tape:
    vector = block.encoded()
    state = vector.normalised(int(vector.n_qubits))
    return _padded(_prepare(state, is_real=vector.is_real, method="auto"), block.width)


@_tape.register
def _angle_encoding(block: AngleEncoding) -> Tape:
    b = TapeBuilder(block.width)
    for q, angle in enumerate(block.angles):
        b.add(f"r{block.axis}", q, angles=[angle])
    return b.build()


@_tape.register
def _basis(block: BasisEncoding) -> Tape:
    b = TapeBuilder(block.width)
    for q in range(block.width):
        if block.index >> (block.width - 1 - q) & 1:
            b.add("x", q)
    return b.build()


@_tape.register
def _uniform(block: UniformSuperposition) -> Tape:
    return uniform_preparation(int(block.size), block.width)


# Overlap circuits ------------------------------------------------------------------------------------------------


@_tape.register
def _compute_uncompute(block: ComputeUncompute) -> Tape:
    return _tape(block.expand())


@_tape.register
def _hadamard_test(block: HadamardTest) -> Tape:
    n = block.width
    b = TapeBuilder(n)
    inner = _tape(block.inner())
    b.add("h", 0)
    b.extend(controlled_tape(inner) if block.control == "all" else zero_branch_controlled(inner))
    if block.part == "imag":
        b.add("sdg", 0)
    b.add("h", 0)
    return b.build()


@_tape.register
def _swap_test(block: SwapTest) -> Tape:
    return _tape(block.expand())


@_tape.register
def _bell(block: BellMeasurement) -> Tape:
    return _tape(block.expand())
