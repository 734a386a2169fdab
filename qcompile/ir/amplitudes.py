"""States of few qubits that are known when compiling, by linear algebra on one vector."""

from __future__ import annotations

import cmath
import math

import numpy as np
from numpy.typing import NDArray

from qcompile.ir.block import Block
from qcompile.ir.combinators import Adjoint, On
from qcompile.ir.encoding import AngleEncoding, BasisEncoding, Preparation
from qcompile.ir.gates import EulerRotation, GlobalPhase, Ladder, Rotation, RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
from qcompile.ir.overlap import primitives
from qcompile.tape.expr import Expr

__all__ = ["good_probability", "known_state"]

Complex = NDArray[np.complex128]


def known_state(block: Block) -> Complex | None:
    """Return the state that a block makes of all zeros, shape [2**n]; None where it has free symbols or unknown parts.

    A first preparation and then CNOT ladders and one-qubit rotations are known.
    """
    if block.parameters or block.sizes:
        return None
    return _through(list(primitives(block)), _zero(block.width))


def good_probability(block: Block, good: tuple[tuple[int, int], ...]) -> float | None:
    """Return the probability that a block, from all zeros, gives a state with the bits of `good`; None if not known.

    A preparation that is undone at the end is known as far as the outcome of all zeros goes: it is an inner product.
    """
    n = block.width
    if block.parameters or block.sizes:
        return None
    parts = list(primitives(block))
    if parts and isinstance(parts[-1], Adjoint) and isinstance(parts[-1].block, Preparation):
        if sorted(good) != [(q, 0) for q in range(n)]:
            return None
        out = known_state(parts[-1].block)
        state = _through(parts[:-1], _zero(n))
        return None if out is None or state is None else min(1.0, float(abs(np.vdot(out, state)) ** 2))
    state = _through(parts, _zero(n))
    if state is None:
        return None
    index = np.arange(state.size)
    is_good = np.ones(state.size, dtype=bool)
    for qubit, bit in good:
        is_good &= (index >> (n - 1 - qubit) & 1) == bit
    return min(1.0, float(np.sum(np.abs(state[is_good]) ** 2)))


def _zero(n: int) -> Complex:
    state = np.zeros(2**n, dtype=np.complex128)
    state[0] = 1
    return state


def _through(parts: list[Block], state: Complex) -> Complex | None:
    """Return the state after blocks in order of time; a preparation may come first only."""
    for k, part in enumerate(parts):
        if isinstance(part, Preparation) and k == 0 and (found := _prepared(part)) is not None:
            state = found
            continue
        after = _applied(part, state)
        if after is None:
            return None
        state = after
    return state


def _prepared(block: Preparation) -> Complex | None:
    if isinstance(block, BasisEncoding):
        out = np.zeros(2**block.width, dtype=np.complex128)
        out[block.index] = 1
        return out
    if isinstance(block, AngleEncoding):
        return _applied(RotationLayer(block.width, (block.axis,), [[a] for a in block.angles]), _zero(block.width))
    vector = getattr(block, "vector", None)
    return None if vector is not None and vector.is_generic else block.state()


def _applied(block: Block, state: Complex) -> Complex | None:
    if isinstance(block, Ladder):
        return _permuted(block, state)
    if isinstance(block, GlobalPhase):
        return state * cmath.exp(1j * float(block.angle))
    if isinstance(block, RotationLayer):
        for q in range(block.width):
            for k, axis in enumerate(block.axes):
                state = _turned(state, q, axis, block.angles[q, k])
        return state
    if isinstance(block, Rotation):
        return _turned(state, 0, block.axis, block.angle)
    if isinstance(block, EulerRotation):
        for k, axis in enumerate("xyz"):
            state = _turned(state, 0, axis, block.angles[k])
        return state
    if isinstance(block, RotaryRotation):
        return _turned(_turned(state, 0, "x", Expr(math.pi / 2)), 0, "z", block.omega)
    if isinstance(block, PhaseLayer):
        return _through(list(primitives(block.expand())), state)
    if isinstance(block, Router):
        total = block.angles.total()
        for q in range(block.width):
            state = _turned(state, q, "x", total[()] if block.is_shared else total[q])
        return state
    if isinstance(block, On) and isinstance(block.block, Rotation):
        return _turned(state, block.qubits[0], block.block.axis, block.block.angle)
    return None


def _permuted(ladder: Ladder, state: Complex) -> Complex:
    n = ladder.width
    index = np.arange(state.size)
    for control, target in ladder.pairs():
        index = index ^ (((index >> (n - 1 - control)) & 1) << (n - 1 - target))
    out = np.empty_like(state)
    out[index] = state
    return out


def _turned(state: Complex, qubit: int, axis: str, angle: Expr) -> Complex:
    half = float(angle) / 2
    c, s = math.cos(half), math.sin(half)
    matrix = {
        "x": [[c, -1j * s], [-1j * s, c]],
        "y": [[c, -s], [s, c]],
        "z": [[cmath.exp(-1j * half), 0], [0, cmath.exp(1j * half)]],
    }[axis]
    view = state.reshape(2**qubit, 2, -1)
    out: Complex = np.einsum("ab,xby->xay", np.array(matrix, dtype=np.complex128), view).reshape(-1)
    return out
