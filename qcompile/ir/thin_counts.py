"""What a block costs when its rotations alone are controlled and its ladders act in both branches, angles free.

Between two ladders each qubit meets a run of rotations. A controlled rotation takes two CNOT and two rotations; y
before z share two CNOT and need five rotations. Runs of numbers merge into one gate: the circuit tells their number.
"""

from __future__ import annotations

from collections.abc import Iterable

from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.counts import Counts
from qcompile.ir.sizes import Size

__all__ = ["thin_counts"]

# (axes of a run on every qubit, how often it stands between ladders); no axes: a ladder; None: joins its neighbours.
_Part = tuple[str, Size | None]
_LADDERS: _Part = ("", 1)


def thin_counts(block: Block) -> Counts | None:
    """Return the counts of a block whose rotations are controlled, None where its angles or its kind decide."""
    parts = _parts(block)
    if parts is None or block.n_qubits == 1:
        return None
    ladders = Counts(cnot=block.formula().cnot)
    total, run = ladders, ""
    for axes, times in [*parts, _LADDERS]:
        if times is None:
            run += axes
            continue
        total = total.then(_cost(run).times(block.n_qubits)).then(_cost(axes).times(block.n_qubits * times))
        run = ""
    return Counts(cnot=total.cnot, rotation=total.rotation, depth_two_qubit=None)


def _cost(run: str) -> Counts:
    pairs = run.count("yz")
    single = len(run) - 2 * pairs
    return Counts(cnot=2 * (single + pairs), rotation=2 * single + 5 * pairs)


def _parts(block: Block) -> list[_Part] | None:
    """Return the runs and ladders of a block in order of time, None where they are not the same on every qubit."""
    from qcompile.ir.ansatz import Ansatz
    from qcompile.ir.combinators import Adjoint, Sequence
    from qcompile.ir.encoding import AngleEncoding
    from qcompile.ir.gates import Ladder, RotationLayer

    if isinstance(block, Sequence):
        out: list[_Part] = []
        for part in block.blocks:
            found = _parts(part)
            if found is None:
                return None
            out += found
        return out
    if isinstance(block, Adjoint):
        inner = _parts(block.block)
        return None if inner is None else [(axes[::-1], times) for axes, times in reversed(inner)]
    if isinstance(block, Ladder):
        return [_LADDERS]
    if isinstance(block, AngleEncoding) and _is_free(block.angles):
        return [(block.axis, None)]
    if isinstance(block, RotationLayer) and _is_free(block.angles):
        return [("".join(block.axes), None)]
    if isinstance(block, Ansatz) and _is_free(block.angles) and not block.omit:
        axes = "".join(block.rotations)
        inside: list[_Part] = [_LADDERS, (axes, block.layers - 1)]
        return [*inside, (axes, None)] if block.product_order == "matrix" else [(axes, None), *reversed(inside)]
    return None


def _is_free(angles: Angles) -> bool:
    elements: Iterable[object] = angles.elements or ()
    return all(not getattr(element, "is_number", True) for element in elements)
