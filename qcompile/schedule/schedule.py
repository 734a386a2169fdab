"""When each row of a physical tape runs: as soon as possible or as late as possible, within the machine's limits."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.kernels.schedule import chain_ends, known_ends, list_schedule, place_in_order
from qcompile.schedule.costs import PS_PER_S, RowCosts, row_costs
from qcompile.schedule.idle import IdleWindow, Occupation, idle_windows, occupation
from qcompile.schedule.wires import Dependencies, dependencies_of
from qcompile.tape import Tape
from qcompile.target import Target

__all__ = ["Kind", "Schedule", "schedule"]

Longs = NDArray[np.int64]
Kind = Literal["asap", "alap"]


@frozen(kw_only=True, eq=False)
class Schedule:
    """A tape with start times. Times are whole picoseconds, so that sums are exact; -1 is unknown.

    Attributes:
        kind: `asap` or `alap`.
        tape: The tape that was scheduled, its calls unrolled; the arrays below follow its rows.
        start_ps: int64[n], start of each row; -1 where it depends on an unknown duration.
        duration_ps: int64[n], length of each row; -1 where the machine does not say.
        costs: What each row costs on the machine.
        dependencies: Which row waits for which.
    """

    kind: Kind
    tape: Tape
    start_ps: Longs
    duration_ps: Longs
    costs: RowCosts
    dependencies: Dependencies

    @property
    def makespan_ps(self) -> int | None:
        """Time from the start to the end of the last row, or None when some duration is unknown."""
        if not len(self.tape):
            return 0
        if (self.duration_ps < 0).any() or (self.start_ps < 0).any():
            return None
        return int((self.start_ps + self.duration_ps).max())

    @property
    def makespan_s(self) -> float | None:
        """`makespan_ps` in seconds."""
        return None if self.makespan_ps is None else self.makespan_ps / PS_PER_S

    @cached_property
    def critical_path(self) -> tuple[int, ...]:
        """Rows of the longest chain of dependencies, in order, unknown durations taken as 0; ties to the lower row."""
        if not len(self.tape):
            return ()
        length, link = chain_ends(self.dependencies.before_indptr, self.dependencies.before, self.duration_ps, True)
        row = int(np.argmax(length))
        path = []
        while row >= 0:
            path.append(row)
            row = int(link[row])
        return tuple(reversed(path))

    @property
    def critical_path_ps(self) -> int | None:
        """Length of the longest chain, without the limit on parallel gates; None when a duration is unknown."""
        if (self.duration_ps < 0).any():
            return None
        return int(self.duration_ps[list(self.critical_path)].sum())

    @cached_property
    def occupation(self) -> Occupation:
        """First use, last use, busy time and idle time of every qubit."""
        return occupation(self.tape, self.start_ps, self.duration_ps, self.costs.pulses)

    @property
    def idle_is_known(self) -> bool:
        """Whether `idle_windows` is complete: lengths after which nothing has to wait may be unknown."""
        use = self.occupation
        ends = bool((use.ends_read | ~use.used).all())
        return bool((self.start_ps >= 0).all()) and (ends or self.makespan_ps is not None)

    @cached_property
    def idle_windows(self) -> tuple[IdleWindow, ...]:
        """Gaps on qubits between physical operations, and from the last gate to the end where nothing is measured."""
        return idle_windows(self.tape, self.start_ps, self.duration_ps, self.costs.pulses, self.makespan_ps)


def schedule(tape: Tape, target: Target, *, kind: Kind = "asap") -> Schedule:
    """Return start times for a physical tape.

    Order is kept on every qubit and between a measurement and what is conditioned on it; at most
    `target.max_parallel_2q` two-qubit gates run at once. `alap` starts every row as late as the length of the `asap`
    schedule allows, so both have the same makespan.

    Args:
        tape: Native gates on physical qubits; at most as wide as the target.
        target: The machine.
        kind: `asap` or `alap`.

    Raises:
        InputError: The tape is wider than the machine, or `kind` is something else.
    """
    if kind not in ("asap", "alap"):
        raise InputError(f"is {kind!r}", where="kind", hint="use asap or alap")
    if tape.n_qubits > target.n_qubits:
        raise InputError(
            f"has {tape.n_qubits} qubits and {target.name} {target.n_qubits}", where="circuit", hint="map it first"
        )
    tape = tape.inlined()
    costs = row_costs(tape, target)
    links = dependencies_of(tape)
    start = _starts(tape, costs.duration_ps, links, target.max_parallel_2q or 0, late=kind == "alap")
    start.setflags(write=False)
    return Schedule(
        kind=kind, tape=tape, start_ps=start, duration_ps=costs.duration_ps, costs=costs, dependencies=links
    )


def _starts(tape: Tape, duration: Longs, links: Dependencies, limit: int, *, late: bool) -> Longs:
    length = np.maximum(duration, 0)
    forward = (links.before_indptr, links.before)
    backward = (links.after_indptr, links.after)
    limited = np.asarray(tape.is_two_qubit, dtype=np.bool_)
    bound = limit > 0 and int(limited.sum()) > limit
    if bound and (duration[limited] < 0).any():
        return np.full(len(tape), -1, dtype=np.int64)
    if not bound:
        start = chain_ends(*forward, length, True)[0] - length
        if late:
            start = _mirror(chain_ends(*backward, length, False)[0] - length, length)
    else:
        tail = chain_ends(*backward, length, False)[0]
        start = list_schedule(*forward, *backward, length, tail, limited, limit)
        # Justify right, then left, until it no longer helps (Li and Willis 1992); each step shortens or keeps.
        while True:
            right = _justified(start, length, backward, limited, limit, mirrored=True)
            left = _justified(right, length, forward, limited, limit, mirrored=False)
            shorter = _length(left, length) < _length(start, length)
            if not shorter:
                start = right if late else start
                break
            start = left
    known = known_ends(*forward, duration)
    if known.all():
        return start
    follows = _waits_on_known(links, known)
    if late or (bound and not follows.all()):  # every start may depend on the unknown length
        return np.full(len(tape), -1, dtype=np.int64)
    return np.where(follows, start, -1)


def _waits_on_known(links: Dependencies, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows have only predecessors whose end is known: their own start is known."""
    missing = np.concatenate([[0], np.cumsum(~known[links.before])])
    return cast(NDArray[np.bool_], missing[links.before_indptr[1:]] == missing[links.before_indptr[:-1]])


def _length(start: Longs, length: Longs) -> int:
    return int((start + length).max(initial=0) - start.min(initial=np.iinfo(np.int64).max))


def _mirror(start: Longs, length: Longs) -> Longs:
    end = start + length
    out: Longs = end.max(initial=0) - end
    return out


def _justified(
    start: Longs,
    length: Longs,
    links: tuple[NDArray[np.int32], NDArray[np.int32]],
    limited: NDArray[np.bool_],
    limit: int,
    *,
    mirrored: bool,
) -> Longs:
    """Return the schedule with rows moved, in the order of their times, as far left (mirrored: right) as they go."""
    rows = np.arange(start.size)
    order = np.lexsort((-rows, -(start + length))) if mirrored else np.lexsort((rows, start))
    placed = place_in_order(order.astype(np.int32), *links, length, limited, limit)
    return _mirror(placed, length) if mirrored else placed
