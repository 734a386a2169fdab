"""Circuits of Pauli rotations and Cliffords, written anew from the rotations."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import compress
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
from qcompile.passes.cost import native_two_qubit, symbolic_price
from qcompile.passes.gadget_phase import phase_between
from qcompile.passes.gadget_rows import Turns, is_gadget_row, turns_of
from qcompile.passes.gadget_steps import tape_of_steps
from qcompile.passes.one_qubit import MergeOneQubit
from qcompile.passes.two_qubit import CollectTwoQubitBlocks, block_counts, blocks_of
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
_ATOL = 1e-12
#: Trials are ranked by an estimate of their cost. When the first all exceed `_HOPELESS` times the present price, the
#: run is left as it is; only the best ones are worked out.
_FIRST, _HOPELESS = 3, 1.4
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
            run = tape if hi - lo == len(tape) else tape.take(np.arange(lo, hi))
            found = self._run(run, target, known, several=len(edges) > 2)
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

    def _run(self, run: Tape, target: Target | None, known: dict[str, Tape | None], *, several: bool) -> Tape | None:
        """Return a cheaper tape that equals `run`, or None; `known` remembers runs equal up to their qubits."""
        used = np.unique(run.qubits[run.qubits >= 0])
        if int(run.is_two_qubit.sum()) < self.least or not 2 < len(used) <= MOST_QUBITS:
            return None
        table = np.full(run.n_qubits, -1, dtype=np.int32)
        table[used] = np.arange(len(used))
        local = run.relabeled(table, n_qubits=len(used))
        local = local.replace(phase=0.0, origin=np.full(len(run), -1, dtype=np.int32), origins=())
        name = local.digest if several else ""
        if name not in known:
            known[name] = self._cheapest(local, run, target)
        best = known[name]
        return best and best.relabeled(used, n_qubits=run.n_qubits, qubit_names=run.qubit_names)

    def _cheapest(self, local: Tape, present: Tape, target: Target | None) -> Tape | None:
        """Return a cheaper tape that equals `local`, or None; `present` is as dear as `local`."""
        gadgets = _Gadgets.of(turns_of(local), local.n_qubits)
        if len(gadgets.angles) > self.most:
            return None
        price = native_two_qubit(_TIDY(present, target), target)
        direct_price = _direct_price(target)
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
            if trial == _FIRST - 1 and min(counts) > _HOPELESS * price:
                return None
            if trial >= _FIRST - 1 and _at_rest(counts, price):
                return None
        price = max(price, native_two_qubit(_ROUGHLY(present), target))
        ranked = sorted(tried.values(), key=lambda t: t[:2])[: 2 + trials // 6]
        made = [gadgets.tape(steps, end) for _, _, count, steps, end in ranked if count <= _HOPELESS * price]
        best = _best_of(made, price, target, self.free_swaps)
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


@lru_cache(maxsize=8)
def _direct_price(target: Target | None) -> int:
    """Return how many native gates a rotation about two qubits takes."""
    b = TapeBuilder(2)
    b.add(Op.RZZ, 0, 1, angles=[0.3])
    return native_two_qubit(b.build(), target)


_COLLECT = CollectTwoQubitBlocks(apart=True)
#: What follows this pass before routing: a run that is left as it is meets it again.
_TIDY = Pipeline((Until((MergeRotations(), MergeOneQubit()), most=2), _COLLECT))
#: What outcomes are compared with: the run in blocks chosen for CZ. It may be dearer by a few gates than in blocks for
#: the machine, and outcomes that lie between have mostly fewer layers.
_ROUGHLY = Pipeline((Until((MergeOneQubit(), MergeRotations()), most=2), _COLLECT))
#: Outcomes hold little else to merge than blocks: the best is tidied only if it is dearer by less than this.
_NEARLY = 1.1


def _best_of(made: list[Tape], price: int, target: Target | None, free_swaps: bool) -> Tape | None:
    """Return the tape that takes least of those cheaper than `price`; where none is, the best one may be when tidy."""
    outcomes = [_outcome(tape, target, free_swaps) for tape in made]
    ranked = sorted((cost >= price, cost + _LAYER * layers, k) for k, (cost, layers) in enumerate(outcomes))
    if not ranked:
        return None
    dear, _, k = ranked[0]
    if not dear:
        return made[k]
    nearly = outcomes[k][0] < _NEARLY * price
    return made[k] if nearly and _outcome(_TIDY(made[k], target), target, free_swaps)[0] < price else None


def _outcome(tape: Tape, target: Target | None, free_swaps: bool) -> tuple[int, int]:
    """Return the native gates of the two-qubit blocks of a tape of gadget rows, and layers of them without SWAPs.

    It is what `CollectTwoQubitBlocks` and then `native_two_qubit` say, with no tape between.
    """
    blocks = blocks_of(_COLLECT, tape, target, apart=True)
    swap = (blocks.n_two == 1) & (blocks.n_one == 0) & (tape.opcode[blocks.anchors] == Op.SWAP)
    count = block_counts(blocks, target)
    outside = np.flatnonzero(tape.is_two_qubit & (blocks.opener < 0))  # symbolic
    rows = np.sort(np.concatenate([blocks.anchors[~swap & (count > 0)], outside]))
    flat, nothing = np.full(len(rows), -1, dtype=np.int32), np.zeros(1, dtype=np.int32)
    layers = depth_of(tape.qubits[rows], flat, nothing, nothing, np.ones(len(rows), dtype=np.int32), tape.n_qubits)
    paid = int(count[~swap].sum()) if free_swaps else int(count.sum())
    return paid + len(outside) * symbolic_price(target), int(layers)


@frozen(eq=False)
class _Gadgets:
    """Rotations about Paulis, then a Clifford given by what it makes of X and Z of each qubit."""

    paulis: Int8s
    signs: Int8s
    angles: list[Angle]
    image: Int8s
    frame_signs: Int8s

    @staticmethod
    def of(turns: Turns, n: int) -> _Gadgets:
        """Return the gadgets of rotations in order of execution; multiples of pi/2 go to the Clifford."""
        whole = np.floor(turns.angle / _QUARTER + 0.5)
        turned = np.abs(turns.angle - whole * _QUARTER) <= _ATOL
        listed = ~turned
        listed[list(turns.exprs)] = True
        steps = np.where(turned, whole % 4, 0.0).astype(np.int8)
        paulis, signs, image, frame_signs = frame_of_rotations(turns.first, turns.second, turns.axes, steps, listed, n)
        angles: list[Angle] = turns.angle.tolist()
        for k, value in turns.exprs.items():
            angles[k] = value
        out = _Gadgets(paulis, signs, list(compress(angles, listed.tolist())), image, frame_signs)
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
        joined = np.flatnonzero(into != np.arange(len(into)))
        some = np.ones(len(into), dtype=bool)
        for k in joined.tolist():
            j = int(into[k])
            angles[j] = angles[j] + (angles[k] if self.signs[j] == self.signs[k] else angles[k] * -1.0)
            some[k] = False
        paulis, signs = self.paulis.copy(), self.signs.copy()
        image, frame_signs = self.image.copy(), self.frame_signs.copy()
        for k in np.unique(into[joined]).tolist():
            whole, angles[k] = _split(angles[k])
            some[k] = isinstance(angles[k], Expr) or angles[k] != 0.0
            if whole:
                turn_later(paulis[k], int(signs[k]), whole, paulis[k + 1 :], signs[k + 1 :])
                turn_later(paulis[k], int(signs[k]), whole, image, frame_signs)
        return _Gadgets(paulis[some], signs[some], list(compress(angles, some.tolist())), image, frame_signs)

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
        return tape_of_steps(steps, end.paulis, end.signs, self.angles, end.image, end.frame_signs)


def _split(angle: Angle) -> tuple[int, Angle]:
    """Return how often pi/2 fits when nothing else is left (modulo 4), else 0, and the rest of the angle."""
    if isinstance(angle, Expr):
        return (0, angle) if not angle.is_number else _split(angle.const)
    whole = math.floor(angle / _QUARTER + 0.5)
    if abs(angle - whole * _QUARTER) <= _ATOL:
        return whole % 4, 0.0
    return 0, angle
