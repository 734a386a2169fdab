"""How a rewrite can be checked again without trusting the pass that made it.

A witness is a hint made of integer arrays. `verify.validate` replays it with its own code; a wrong witness can only
make the check fail.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.tape.tape import Tape

__all__ = ["LayoutWitness", "RegionWitness", "Rewrite", "Witness"]

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


def _floats(value: ArrayLike | None) -> Floats | None:
    if value is None:
        return None
    out = np.ascontiguousarray(value, dtype=np.float64).view()
    out.setflags(write=False)
    return out


def _ints(value: ArrayLike) -> Ints:
    out = np.ascontiguousarray(value, dtype=np.int32).view()
    out.setflags(write=False)
    return out


@frozen(kw_only=True, eq=False)
class RegionWitness:
    """Old and new rows cut into numbered regions that mean the same, in the order of their numbers.

    The claim: running the old rows region by region (inside a region in row order) is a legal reordering of the old
    tape; likewise for the new rows; region k of both has the same unitary up to a phase; and the phases, together
    with the change of the tape's own phase, cancel. Reordering is legal when, on every shared wire, two rows that
    change places lie in one run of rows that are block diagonal in the same Pauli basis on that wire.

    A region on up to three qubits is compared as matrices; a wider one must consist of CNOT, SWAP and gates that are
    diagonal (phase polynomial), or of Clifford gates and Pauli rotations, and is compared by its parity or Pauli
    table.

    Attributes:
        old: int32[n_old], region of each old row.
        new: int32[n_new], region of each new row.
        error: float64[n_regions], operator norm by which a region of numeric gates may differ, or None where all mean
            the same.
    """

    old: Ints = field(converter=_ints)
    new: Ints = field(converter=_ints)
    error: Floats | None = field(default=None, converter=_floats)

    @property
    def claimed(self) -> float:
        """Bound on the operator-norm distance of the two tapes that the witness claims, rounding apart."""
        return 0.0 if self.error is None else math.fsum(self.error)

    @staticmethod
    def removed(gone: NDArray[np.bool_]) -> RegionWitness:
        """Return the witness of a rewrite that drops some rows and keeps the others in order."""
        index = np.arange(len(gone))
        return RegionWitness(old=index, new=index[~gone])


@frozen(kw_only=True, eq=False)
class LayoutWitness:
    """Rows moved to other qubits by a layout that SWAPs change.

    Replayed with `initial[k]`, the physical qubit of logical qubit k: an event (i, j) says that new row j is old row i
    on the present layout; (-1, j) that new row j is an inserted SWAP, which changes the layout; (i, -1) that the SWAP
    in old row i is not performed but remembered in the layout.

    Attributes:
        events: int32[k, 2], in the order of execution.
        initial: int32[n_physical], a bijection.
        final: int32[n_physical], a bijection.
    """

    events: Ints = field(converter=_ints)
    initial: Ints = field(converter=_ints)
    final: Ints = field(converter=_ints)


Witness = RegionWitness | LayoutWitness


@frozen(eq=False)
class Rewrite:
    """A new tape and how to re-check that it means the same as the old one."""

    tape: Tape
    witness: Witness
