"""Blocks to gates: one rule for each kind of block, keeping its contract and its global phase."""

from __future__ import annotations

import numpy as np

from qcompile.ir import Block, Counts, Readout
from qcompile.synthesis import blocks_estimation as _estimation
from qcompile.synthesis import blocks_families as _families
from qcompile.synthesis import blocks_states as _states
from qcompile.synthesis.blocks_control import expanded
from qcompile.synthesis.blocks_core import synthesizer, tape_of_block
from qcompile.tape import SPECS, Op, Tape, TapeBuilder

__all__ = ["synthesize", "synthesize_readout", "synthesizer", "tape_counts"]

# Importing a file of rules registers them.
REGISTERED = (_families, _states, _estimation)


def synthesize(block: Block, *, seed: int | None = None) -> Tape:
    """Return a circuit of the block; free angles stay symbols.

    Args:
        block: With every size known.
        seed: Fills generic data with normal entries; without it generic data is an error.

    Raises:
        InputError: A size is free, data is generic, or no rule is known for the block.
    """
    return expanded(tape_of_block(block if seed is None else block.with_data(seed)))


def synthesize_readout(readout: Readout, *, seed: int | None = None) -> Tape:
    """Return the readout's circuit, with its qubits measured into the key `readout.key` at the end."""
    tape = synthesize(readout.block, seed=seed)
    b = TapeBuilder(tape.n_qubits)
    b.measure(*readout.measured, key=readout.key)
    return Tape.concat([tape, b.build()])


# What a gate counts as, in the terms of `Counts`: controlled rotations are two CNOT and two rotations.
_WEIGHTS: dict[Op, dict[str, int]] = {
    Op.CH: {"cnot": 1, "rotation": 2},
    **{op: {"cnot": 2, "rotation": 2} for op in (Op.CRX, Op.CRY, Op.CRZ)},
    Op.CP: {"cnot": 2, "rotation": 3},
    **{op: {"t": 1} for op in (Op.T, Op.TDG)},
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
