"""Several devices and several candidates: utilisation (15), the fastest within a limit (78)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from attrs import frozen

from qcompile.errors import InputError

__all__ = ["Choice", "Queue", "choose", "pareto", "run_queue", "utilisation"]


def utilisation(n_circuits: float, n_devices: float) -> float:
    """Return min(1, Nc / Ndev) (eq. 15).

    >>> utilisation(3, 4)
    0.75
    """
    if n_circuits < 0 or not n_devices > 0:
        raise InputError(f"are {n_circuits} and {n_devices}", where="n_circuits, n_devices")
    return min(1.0, n_circuits / n_devices)


@frozen(kw_only=True)
class Queue:
    """Circuits on several devices, first come first served.

    Attributes:
        makespan_s: End of the last circuit.
        device: Device of each circuit.
        start_s: Start of each circuit.
        utilisation: Busy time over devices times makespan; 0 for no work.
    """

    makespan_s: float
    device: tuple[int, ...]
    start_s: tuple[float, ...]
    utilisation: float


def run_queue(durations_s: Sequence[float], n_devices: int) -> Queue:
    """Return the schedule of a queue: each circuit goes to the device that is free first, ties to the lower number."""
    if n_devices < 1 or any(not d >= 0 for d in durations_s):
        raise InputError("are out of range", where="durations_s, n_devices")
    free = [(0.0, k) for k in range(n_devices)]
    device, start, end = [], [], 0.0
    for duration in durations_s:
        at, k = heapq.heappop(free)
        device.append(k)
        start.append(at)
        end = max(end, at + duration)
        heapq.heappush(free, (at + duration, k))
    busy = math.fsum(durations_s)
    return Queue(
        makespan_s=end,
        device=tuple(device),
        start_s=tuple(start),
        utilisation=busy / (n_devices * end) if end > 0 else 0.0,
    )


@frozen(kw_only=True)
class Choice:
    """Outcome of eq. 78.

    Attributes:
        best: Candidate with the least time within the limit, ties to the lower cost, then the lower index; None when
            none is within it.
        front: Candidates that no other beats in both time and cost, by increasing cost.
    """

    best: int | None
    front: tuple[int, ...]


def pareto(time: Sequence[float], cost: Sequence[float]) -> tuple[int, ...]:
    """Return the candidates that no other equals or beats in both (equal ones: the first), by increasing cost."""
    order = sorted(range(len(time)), key=lambda k: (cost[k], time[k], k))
    out, least = [], math.inf
    for k in order:
        if time[k] < least:
            out.append(k)
            least = time[k]
    return tuple(out)


def choose(time_s: Sequence[float], cost: Sequence[float], limit: float) -> Choice:
    """Return argmin { T(R) : Q(R) <= Q_max } over listed candidates, with the front of time against cost (eq. 78).

    Args:
        time_s: T of each candidate (a layout, a register count k, ...).
        cost: Q of each candidate.
        limit: Q_max.
    """
    if len(time_s) != len(cost):
        raise InputError("differ in length", where="time_s, cost")
    within = [k for k in range(len(cost)) if cost[k] <= limit]
    best = min(within, key=lambda k: (time_s[k], cost[k], k), default=None)
    return Choice(best=best, front=pareto(time_s, cost))
