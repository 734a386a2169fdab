"""What the structure of a program says before anything is compiled: entanglement, overlaps too small to see."""

from __future__ import annotations

import math

from attrs import frozen

from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.layers import PhaseLayer, Router
from qcompile.ir.overlap import BellMeasurement, ComputeUncompute, HadamardTest, SwapTest
from qcompile.ir.program import Program
from qcompile.ir.readout import Readout
from qcompile.ir.rules.peel import fixed_axis

__all__ = ["Remark", "remarks", "schmidt_rank_bound"]


@frozen
class Remark:
    """One finding.

    Attributes:
        readout: Name of the readout.
        id: S9: entanglement is bounded; S14: the overlap concentrates; S15: longer than any path of the machine.
        text: The finding with its numbers.
    """

    readout: str
    id: str
    text: str

    def __str__(self) -> str:
        return f"{self.readout}: {self.text} ({self.id})"


def schmidt_rank_bound(block: Block, *, from_product: bool = False) -> int | None:
    """Return a bound on the Schmidt rank over any cut of a line that a block adds, None where none is known.

    Each layer has one CNOT over each cut, which at most doubles the rank. From a product of |0> or |+> the first ladder
    of the matrix order does nothing.
    """
    if isinstance(block, Router | PhaseLayer):
        return 1
    if isinstance(block, Ansatz) and isinstance(block.layers, int):
        free = from_product and block.product_order == "matrix" and "first_ladder" not in block.omit
        ladders = block.n_ladders
        return 2 ** (ladders - (1 if free else 0)) if isinstance(ladders, int) else None
    return None


def remarks(program: Program, *, longest_path: int | None = None) -> tuple[Remark, ...]:
    """Return findings about every readout of a program.

    Args:
        program: As lowered or simplified.
        longest_path: Upper bound on a simple path of the machine, None where there is no machine.
    """
    out: list[Remark] = []
    for readout in program.readouts:
        out += _of(readout)
        out += [] if longest_path is None else _beyond_paths(readout, longest_path)
    return tuple(out)


def _beyond_paths(readout: Readout, longest_path: int) -> list[Remark]:
    """Return a proof that swaps or another order are needed, where a ladder is longer than every path."""
    widths = [part.width for part in _ansatzes(readout.block) if isinstance(part.n_qubits, int) and part.n_ladders]
    if max(widths, default=0) <= longest_path:
        return []
    text = (
        f"the ladder has {max(widths)} qubits, a simple path of the machine at most {longest_path}: "
        "it cannot be placed without SWAPs"
    )
    return [Remark(readout.name, "S15", text)]


def _ansatzes(block: Block) -> list[Ansatz]:
    found = [block] if isinstance(block, Ansatz) else []
    for child in block.children():
        found += _ansatzes(child)
    return found


def _of(readout: Readout) -> list[Remark]:
    block, out = readout.block, list[Remark]()
    if not isinstance(block, ComputeUncompute | HadamardTest | SwapTest | BellMeasurement):
        return out
    n = block.unitary.n_qubits
    if not isinstance(n, int):
        return out
    start = fixed_axis(block.prep_in)
    rank = schmidt_rank_bound(block.unitary, from_product=start is not None)
    if rank is not None and rank < 2 ** (n // 2):
        text = f"the unitary adds at most a factor {rank} of Schmidt rank over any cut"
        if start is not None:
            text += ", from a product state: it is simulated classically at any width, so no advantage can be had"
        out.append(Remark(readout.name, "S9", text))
    if isinstance(block.unitary, Ansatz) and isinstance(block.unitary.layers, int):
        mean = 2.0**-n
        needed = 100.0 * 2.0**n
        shots = readout.shots
        seen = "" if shots is None or shots >= needed else f"; {shots:,} shots do not resolve it"
        text = (
            f"for generic angles the mean overlap is 2^-{n} = {mean:.3g}: a relative error of 10% takes about "
            f"{needed:.3g} shots{seen}"
        )
        out.append(Remark(readout.name, "S14", text))
    if readout.min_modulus is not None and math.isfinite(readout.min_modulus) and 2.0 ** (-n / 2) < readout.min_modulus:
        text = (
            f"a generic modulus is 2^-{n / 2:g} = {2.0 ** (-n / 2):.3g}, below the least {readout.min_modulus:.3g} at "
            "which the phase is defined: most entries will be masked"
        )
        out.append(Remark(readout.name, "S14", text))
    return out
