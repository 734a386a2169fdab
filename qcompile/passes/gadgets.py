"""Circuits of Pauli rotations and Cliffords, written anew from the rotations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from qcompile.deadline import out_of_time
from qcompile.kernels.depth import depth_of
from qcompile.kernels.gadget_frame import fold_rotations, frame_of_rotations, turn_later
from qcompile.kernels.gadgets import reduce_gadgets, steps_cost
from qcompile.passes.assemble import assemble_from, unchanged
from qcompile.passes.base import Pass, Pipeline, Until, register
from qcompile.passes.commuting import MergeRotations
from qcompile.passes.cost import native_two_qubit
from qcompile.passes.gadget_phase import phase_between
from qcompile.passes.gadget_rows import Turn, add_flip, add_rotation, clifford_of, is_gadget_row, turns_of
from qcompile.passes.one_qubit import MergeOneQubit
from qcompile.passes.two_qubit import CollectTwoQubitBlocks
from qcompile.passes.wires import free_rows
from qcompile.tape import Expr, Op, Rewrite, Tape, TapeBuilder

if TYPE_CHECKING:
    from qcompile.target import Target

__all__ = ["SynthesizeGadgets"]

Angle = float | Expr
Int8s = NDArray[np.int8]

#: Wider regions are left alone: Paulis are words of that many bits.
MOST_QUBITS = 62
_QUARTER = math.pi / 2
#: Trials are ranked by an estimate of their cost. When the first all exceed `_HOPELESS` times the present price, the
#: run is left as it is; only the best ones are worked out.
_FIRST, _HOPELESS = 3, 1.25
#: Settings of the search by trial: discount, weight of the Clifford, weight of a layer, see `reduce_gadgets`. The order
#: is a greedy cover of seven kinds of programs (random, full, UCC, Trotter; 8 to 20 qubits) by the best of a grid.
_SETTINGS = (
    *((0.7, 0.2, 0.05), (0.5, 0.5, 0.05), (0.5, 0.0, 0.0), (0.5, 0.05, 0.05), (0.5, 0.2, 0.0), (0.3, 1.0, 0.05)),
    *((0.7, 0.2, 0.1), (0.5, 0.5, 0.2), (0.7, 1.0, 0.2), (0.5, 0.2, 0.1), (0.3, 0.2, 0.05), (0.7, 0.05, 0.2)),
)
#: Native gates that a layer of two-qubit blocks is worth among outcomes.
_LAYER = 0.8
#: Rotations times qubits squared that all trials of one run may visit.
_WORK = 2_000_000


@register
@frozen
class SynthesizeGadgets(Pass):
    """Write runs of Pauli rotations and Cliffords anew, where that takes fewer native two-qubit gates.

    Each run becomes rotations about long Paulis and one Clifford behind them; equal Paulis are added up across what
    they commute with; then controlled Paulis are chosen one by one to shorten what is ahead, and short rotations played
    as they get short. Several weights are tried and the cheapest outcome kept. The run may end with SWAPs, which
    `ElideSwaps` takes into the layout.

    Attributes:
        trials: How many settings of the search are tried.
        least: Fewest two-qubit rows of a run that is looked at.
        most: Most rotations of a run that is looked at.
        free_swaps: Whether SWAPs at the end cost nothing.
    """

    trials: int = field(default=12, validator=validators.ge(1))
    least: int = field(default=6, validator=validators.ge(1))
    most: int = field(default=5000, validator=validators.ge(1))
    free_swaps: bool = True

    def rewrite(self, tape: Tape, target: Target | None = None) -> Rewrite:
        """Return the tape with its runs written anew where that is cheaper."""
        fits = free_rows(tape, self.no_touch) & is_gadget_row(tape)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], fits.astype(np.int8), [0]])))
        keep = np.ones(len(tape), dtype=bool)
        parts: list[Tape] = []
        sources: list[NDArray[np.int64]] = []
        known: dict[str, Tape | None] = {}
        for lo, hi in edges.reshape(-1, 2):
            if out_of_time():
                break
            found = self._run(tape.take(np.arange(lo, hi)).replace(phase=0.0), target, known)
            if found is None:
                continue
            keep[lo:hi] = False
            parts.append(found)
            sources.append(np.full(len(found), lo, dtype=np.int64))
        if not parts:
            return unchanged(tape)
        region = np.arange(len(tape), dtype=np.int64)
        for lo, hi in edges.reshape(-1, 2):
            if not keep[lo]:
                region[lo:hi] = lo
        return assemble_from(tape, keep, Tape.concat(parts), np.concatenate(sources), region=region)

    def _run(self, run: Tape, target: Target | None, known: dict[str, Tape | None]) -> Tape | None:
        """Return a cheaper tape that equals `run`, or None; `known` remembers runs equal up to their qubits."""
        used = np.unique(run.qubits[run.qubits >= 0])
        if int(run.is_two_qubit.sum()) < self.least or not 2 < len(used) <= MOST_QUBITS:
            return None
        table = np.full(run.n_qubits, -1, dtype=np.int32)
        table[used] = np.arange(len(used))
        local = run.relabeled(table, n_qubits=len(used)).replace(origin=np.full(len(run), -1), origins=())
        if local.digest not in known:
            known[local.digest] = self._cheapest(local, target)
        best = known[local.digest]
        return best and best.relabeled(used, n_qubits=run.n_qubits, qubit_names=run.qubit_names)

    def _cheapest(self, local: Tape, target: Target | None) -> Tape | None:
        """Return a cheaper tape that equals `local`, or None."""
        gadgets = _Gadgets.of(turns_of(local), local.n_qubits)
        if len(gadgets.angles) > self.most:
            return None
        price = native_two_qubit(_tidy(local), target)
        direct_price = native_two_qubit(_pair_rotation(), target)
        counts: list[int] = []
        tried: dict[bytes, tuple[float, int, int, NDArray[np.int32], _Gadgets]] = {}
        trials = min(self.trials, max(_FIRST, _WORK // (len(gadgets.angles) * local.n_qubits**2 + 1)))
        for trial in range(trials):
            if trial >= _FIRST and out_of_time():
                break
            steps, end = gadgets.reduced(trial, 1.0 - direct_price)
            count, layers = steps_cost(steps, local.n_qubits, direct_price)
            tried.setdefault(steps.tobytes(), (count + _LAYER * layers, trial, count, steps, end))
            counts.append(count)
            if trial == _FIRST - 1 and (min(counts) > _HOPELESS * price or _at_rest(counts, price)):
                return None
        best: Tape | None = None
        least = float("inf")
        for _, _, estimate, steps, end in sorted(tried.values(), key=lambda t: t[:2])[: 2 + trials // 6]:
            if estimate > _HOPELESS * price:
                continue
            made = gadgets.tape(steps, end)
            tidied = _tidy(made)
            cost = native_two_qubit(tidied, target, free_swaps=self.free_swaps)
            value = cost + _LAYER * _layers(tidied)
            if cost < price and value < least:
                least, best = value, made
        if best is None:
            return None
        best = best.with_phase(_symbolic_phase(local))
        for start in (0.3, 1.1):  # the second point proves that what is left of the phase holds no parameter
            values = {name: start + 0.1 * k for k, name in enumerate(local.parameters)}
            phase = phase_between(*(t.bind({n: values[n] for n in t.parameters}) for t in (local, best)))
            if phase is None or (start > 1 and abs(phase) > 1e-9):
                return None
            best = best.with_phase(phase if start < 1 else 0.0)
            if not local.parameters:
                break
        return best


def _at_rest(counts: list[int], price: float) -> bool:
    """Return whether searches by different weights come back to the present price: the run is as short as it gets."""
    return min(counts) >= price and sum(c == price for c in counts) > 1


#: Part of the phase that a symbolic gate adds to those of rotations of determinant 1: factor of each angle.
_PHASE_OF = {Op.P: (0.5,), Op.CP: (0.25,), Op.U3: (0.0, 0.5, 0.5), Op.PHXZ: (0.5, 0.5, 0.0)}


def _symbolic_phase(tape: Tape) -> Expr:
    """Return the phase of symbolic gates against the rotations by their angles, as an expression."""
    terms: list[Angle] = []
    for row in np.flatnonzero(tape.is_symbolic).tolist():
        factors = _PHASE_OF.get(Op(int(tape.opcode[row])), ())
        terms += [a * f for a, f in zip(tape.angles_of(row), factors, strict=False) if f and isinstance(a, Expr)]
    return Expr.total(terms)


def _pair_rotation() -> Tape:
    b = TapeBuilder(2)
    b.add(Op.RZZ, 0, 1, angles=[0.3])
    return b.build()


_TIDY = Pipeline((Until((MergeOneQubit(), MergeRotations()), most=2), CollectTwoQubitBlocks(apart=True)))


def _layers(tape: Tape) -> int:
    """Return the number of layers of two-qubit rows, SWAPs left out."""
    counted = (tape.is_two_qubit & (tape.opcode != Op.SWAP)).astype(np.int32)
    return int(depth_of(tape.qubits, tape.wide, tape.wide_indptr, tape.wide_indices, counted, tape.n_qubits))


def _tidy(tape: Tape) -> Tape:
    return _TIDY(tape)


@frozen(eq=False)
class _Gadgets:
    """Rotations about Paulis, then a Clifford given by what it makes of X and Z of each qubit."""

    paulis: Int8s
    signs: Int8s
    angles: list[Angle]
    image: Int8s
    frame_signs: Int8s

    @staticmethod
    def of(turns: list[Turn], n: int) -> _Gadgets:
        """Return the gadgets of rotations in order of execution; multiples of pi/2 go to the Clifford."""
        steps, rest = [], list[Angle]()
        for turn in turns:
            whole, left = _split(turn.angle)
            steps.append(whole)
            rest.append(left)
        listed = np.array([isinstance(a, Expr) or a != 0.0 for a in rest], dtype=bool)
        paulis, signs, image, frame_signs = frame_of_rotations(
            np.array([t.first for t in turns], dtype=np.int32),
            np.array([t.second for t in turns], dtype=np.int32),
            np.array([t.axes for t in turns], dtype=np.int8).reshape(-1, 2),
            np.array(steps, dtype=np.int8),
            listed,
            n,
        )
        angles = [a for a, is_listed in zip(rest, listed, strict=True) if is_listed]
        out = _Gadgets(paulis, signs, angles, image, frame_signs)
        while True:
            folded = out.folded()
            if folded is None:
                return out
            out = folded

    def folded(self) -> _Gadgets | None:
        """Return the gadgets with equal Paulis added up, or None when there is nothing to add."""
        into = fold_rotations(self.paulis, 2000)
        if (into == np.arange(len(into))).all():
            return None
        angles: list[Angle] = list(self.angles)
        for k in range(len(into)):
            j = int(into[k])
            if j != k:
                angles[j] = angles[j] + (angles[k] if self.signs[j] == self.signs[k] else angles[k] * -1.0)
                angles[k] = 0.0
        paulis, signs = self.paulis.copy(), self.signs.copy()
        image, frame_signs = self.image.copy(), self.frame_signs.copy()
        for k in range(len(into)):
            whole, angles[k] = _split(angles[k])
            if whole:
                turn_later(paulis[k], int(signs[k]), whole, paulis[k + 1 :], signs[k + 1 :])
                turn_later(paulis[k], int(signs[k]), whole, image, frame_signs)
        some = np.array([isinstance(a, Expr) or a != 0.0 for a in angles], dtype=bool)
        kept = [a for a, is_kept in zip(angles, some, strict=True) if is_kept]
        return _Gadgets(paulis[some], signs[some], kept, image, frame_signs)

    def reduced(self, trial: int, direct: float) -> tuple[NDArray[np.int32], _Gadgets]:
        """Return the steps of one trial, and the gadgets as they are after them."""
        discount, frame_weight, late = _SETTINGS[trial % len(_SETTINGS)]
        end = _Gadgets(self.paulis.copy(), self.signs.copy(), self.angles, self.image.copy(), self.frame_signs.copy())
        steps = reduce_gadgets(
            end.paulis,
            end.signs,
            end.image,
            end.frame_signs,
            48,
            discount,
            frame_weight,
            direct,
            late,
            0.0 if trial < len(_SETTINGS) else 0.2,
            trial,
        )
        return steps, end

    def tape(self, steps: NDArray[np.int32], end: _Gadgets) -> Tape:
        """Return the steps as gates, the Clifford behind them included."""
        n = self.paulis.shape[1]
        b = TapeBuilder(n)
        for kind, x, y, z in steps.tolist():
            if kind == 0:
                add_flip(b, x, y, z)
            elif y >= 0:
                # A rotation is not changed any more once it has been played, so its last Pauli is the one played.
                p, q = int(end.paulis[x, y]), int(end.paulis[x, z]) if z >= 0 else 0
                angle = self.angles[x]
                add_rotation(b, y, z, p, q, angle * -1.0 if end.signs[x] else angle)
        where = np.zeros(n, dtype=np.int64)
        for q in range(n):
            site = int(np.flatnonzero(end.image[2 * q])[0])
            where[q] = site
            v = clifford_of(
                int(end.image[2 * q, site]),
                int(end.frame_signs[2 * q]),
                int(end.image[2 * q + 1, site]),
                int(end.frame_signs[2 * q + 1]),
            )
            b.add_matrix(v, site)
        for q in range(n):
            if where[q] != q:
                b.add(Op.SWAP, q, int(where[q]))
                where[where == q] = where[q]
                where[q] = q
        return b.build()


def _split(angle: Angle) -> tuple[int, Angle]:
    """Return how often pi/2 fits when nothing else is left (modulo 4), else 0, and the rest of the angle."""
    if isinstance(angle, Expr):
        return (0, angle) if not angle.is_number else _split(angle.const)
    whole = math.floor(angle / _QUARTER + 0.5)
    if abs(angle - whole * _QUARTER) <= 1e-12:
        return whole % 4, 0.0
    return 0, angle
