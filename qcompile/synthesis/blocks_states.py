"""Preparations and overlap circuits as circuits."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qcompile.ir import (
    AmplitudeEncoding,
    AngleEncoding,
    BasisEncoding,
    BellMeasurement,
    ComputeUncompute,
    HadamardTest,
    PhaseEncoding,
    QuantumExpert,
    SwapTest,
    UniformSuperposition,
)
from qcompile.synthesis.blocks_control import controlled_tape, zero_branch_controlled
from qcompile.synthesis.blocks_core import tape_of_block
from qcompile.synthesis.blocks_tree import tree_preparation, uniform_preparation
from qcompile.synthesis.state_preparation import prepare_state
from qcompile.tape import Tape, TapeBuilder

# Preparations ----------------------------------------------------------------------------------------------------


def _padded(tape: Tape, n_qubits: int) -> Tape:
    """Put a tape on the least significant qubits of a wider register."""
    b = TapeBuilder(n_qubits)
    b.extend(tape, list(range(n_qubits - tape.n_qubits, n_qubits)))
    return b.build()


@tape_of_block.register
def _amplitude(block: AmplitudeEncoding) -> Tape:
    own = block.vector.n_qubits
    state = block.vector.normalised(int(own))
    return _padded(_prepare(state, is_real=block.vector.is_real, method=block.method), block.width)


def _prepare(state: NDArray[np.complex128], *, is_real: bool, method: str) -> Tape:
    return prepare_state(state) if method == "auto" else tree_preparation(state, is_real=is_real)


@tape_of_block.register
def _phase_encoding(block: PhaseEncoding) -> Tape:
    vector = block.encoded()
    state = vector.normalised(int(vector.n_qubits))
    return _padded(_prepare(state, is_real=vector.is_real, method="auto"), block.width)


@tape_of_block.register
def _angle_encoding(block: AngleEncoding) -> Tape:
    b = TapeBuilder(block.width)
    for q, angle in enumerate(block.angles):
        b.add(f"r{block.axis}", q, angles=[angle])
    return b.build()


@tape_of_block.register
def _basis(block: BasisEncoding) -> Tape:
    b = TapeBuilder(block.width)
    for q in range(block.width):
        if block.index >> (block.width - 1 - q) & 1:
            b.add("x", q)
    return b.build()


@tape_of_block.register
def _uniform(block: UniformSuperposition) -> Tape:
    return uniform_preparation(int(block.size), block.width)


# Overlap circuits ------------------------------------------------------------------------------------------------


@tape_of_block.register
def _compute_uncompute(block: ComputeUncompute) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _hadamard_test(block: HadamardTest) -> Tape:
    n = block.width
    b = TapeBuilder(n)
    inner = tape_of_block(block.inner())
    middle = controlled_tape(inner) if block.control == "all" else zero_branch_controlled(inner)
    b.add("h", 0)
    _add_fanned_out(b, middle, block.copies)
    if block.part == "imag":
        b.add("sdg", 0)
    b.add("h", 0)
    return b.build()


def _add_fanned_out(b: TapeBuilder, middle: Tape, copies: int) -> None:
    """Append a tape controlled by qubit 0, its controls spread over qubit 0 and `copies` qubits after the tape's.

    Each copy serves a run of neighbouring data qubits, and is made from the copy of the run before: a line of CNOT.
    """
    width = middle.n_qubits
    sources = np.array([0, *range(width, width + copies)], dtype=np.int32)
    for pair in pairwise(sources.tolist()):
        b.add("cx", *pair)
    spread = middle.relabeled(range(width), n_qubits=width + copies)
    qubits = spread.qubits.copy()
    rows = spread.is_two_qubit & (qubits[:, 0] == 0)
    qubits[rows, 0] = sources[(qubits[rows, 1] - 1) * (copies + 1) // (width - 1)]
    b.extend(spread.replace(qubits=qubits))
    for pair in reversed(list(pairwise(sources.tolist()))):
        b.add("cx", *pair)


@tape_of_block.register
def _swap_test(block: SwapTest) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _bell(block: BellMeasurement) -> Tape:
    return tape_of_block(block.expand())


@tape_of_block.register
def _expert(block: QuantumExpert) -> Tape:
    return tape_of_block(block.expand())
