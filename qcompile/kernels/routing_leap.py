"""Routing of circuits that almost fit: the SWAP is taken after which the most can run before the next one is needed.

SABRE looks a few dozen gates ahead. Where a layout runs hundreds of gates and one SWAP opens the next hundreds
(QUBIKOS, arXiv 2502.08839), only counting all of them tells the right SWAP from the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.kernels.graphs import Graph, IntArray, Wires
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import Progress, complete, new_progress

__all__ = ["leap_route", "run_until_stalled"]


@jit
def run_until_stalled(
    pairs: IntArray,
    wires: Wires,
    progress: Progress,
    layout: IntArray,
    distance: IntArray,
    front: IntArray,
    n_front: int,
    done: IntArray,
) -> tuple[int, int]:
    """Run everything that a layout allows; return (operations run, size of the front).

    Args:
        pairs: `int32[m, 2]`.
        wires: Dependencies.
        progress: Changed in place.
        layout: `int32[n]`.
        distance: `int32[n, n]`.
        front: `int32[m]`; its first `n_front` operations are ready but were apart, changed in place.
        n_front: See `front`.
        done: `int32[m]`, filled with the operations run, in order.
    """
    ready, count = progress[3], progress[4]
    kept = 0
    for k in range(n_front):
        a, b = layout[pairs[front[k], 0]], layout[pairs[front[k], 1]]
        if distance[a, b] == 1:
            ready[count[0]] = front[k]
            count[0] += 1
        else:
            front[kept] = front[k]
            kept += 1
    n_done = 0
    while count[0] > 0:
        count[0] -= 1
        m = ready[count[0]]
        if pairs[m, 0] >= 0 and distance[layout[pairs[m, 0]], layout[pairs[m, 1]]] != 1:
            front[kept] = m
            kept += 1
            continue
        done[n_done] = m
        n_done += 1
        complete(m, wires, progress)
    return n_done, kept


@jit
def leap_route(
    pairs: IntArray,
    wires: Wires,
    graph: Graph,
    distance: IntArray,
    layout: IntArray,
    past: IntArray,
    width: int,
    max_swaps: int,
    least_gain: int,
) -> tuple[IntArray, int, bool]:
    """Route by the SWAPs that let the most operations run, with a beam of `width` layouts.

    Args:
        pairs: `int32[m, 2]`.
        wires: Dependencies.
        graph: The machine.
        distance: `int32[n, n]`.
        layout: `int32[n]`, changed to the final layout.
        past: `int32[k]`, operations that are done already, in an order that respects the wires.
        width: How many layouts are followed at a time.
        max_swaps: Stop before one more.
        least_gain: Stop once three SWAPs in a row let fewer operations run than this, or than half of the rest.

    Returns:
        Events `int32[k, 3]` as of `route_pairs`; the number of SWAPs; whether every operation was run.
    """
    start, neighbour, edge = graph
    m_total, n, n_wires = pairs.shape[0], layout.size, wires[3].size - 1
    origin = new_progress(wires)
    _skip_past(past, wires, origin)
    n_edges = 0
    for j in range(edge.size):
        n_edges = max(n_edges, edge[j] + 1)
    tried = np.full(n_edges, -1, np.int32)
    # The beam: what is missing, where wires are, what waits, the layout, the SWAPs and the operations run so far.
    shape = (2, width, m_total)
    missing, front = np.empty(shape, np.int32), np.empty(shape, np.int32)
    cursor, left = np.empty((2, width, n_wires), np.int32), np.empty((2, width, n_wires), np.int32)
    layouts = np.empty((2, width, n), np.int32)
    swaps = np.empty((2, width, max_swaps + 1, 2), np.int32)
    n_front, total = np.zeros((2, width), np.int32), np.zeros((2, width), np.int32)
    ready, count, done = origin[3].copy(), np.zeros(1, np.int32), np.empty(m_total, np.int32)
    trial = (origin[0].copy(), origin[1].copy(), origin[2].copy(), ready, count)
    trial_front = np.empty(m_total, np.int32)
    score = np.empty(width, np.int64)
    name = np.empty(width, np.int64)
    maker = np.empty((width, 3), np.int32)
    ran, n_front[0, 0] = run_until_stalled(pairs, wires, origin, layout, distance, front[0, 0], 0, done)
    total[0, 0] = ran
    _copy(origin[0], missing[0, 0], m_total)
    _copy(origin[1], cursor[0, 0], n_wires)
    _copy(origin[2], left[0, 0], n_wires)
    _copy(layout, layouts[0, 0], n)
    alive, now, level = 1, 0, 0
    best_total = np.zeros(max_swaps + 2, np.int32)
    best_total[0] = ran
    at = np.empty(n, np.int32)
    while n_front[now, 0] > 0 and level < max_swaps:
        kept = 0
        stamp = 0
        tried[:] = -1
        for s in range(alive):
            place = layouts[now, s]
            for w in range(n):
                at[place[w]] = w
            stamp = s
            for k in range(n_front[now, s]):
                for side in range(2):
                    a = place[pairs[front[now, s, k], side]]
                    for j in range(start[a], start[a + 1]):
                        b, e = neighbour[j], edge[j]
                        if tried[e] == stamp:
                            continue
                        tried[e] = stamp
                        place[at[a]], place[at[b]] = b, a
                        waiting = n_front[now, s]
                        _copy(missing[now, s], trial[0], m_total)
                        _copy(cursor[now, s], trial[1], n_wires)
                        _copy(left[now, s], trial[2], n_wires)
                        _copy(front[now, s], trial_front, waiting)
                        ran, waiting = run_until_stalled(
                            pairs, wires, trial, place, distance, trial_front, waiting, done
                        )
                        # What runs counts more than how close the rest has come.
                        value = 4 * (total[now, s] + ran)
                        for i in range(waiting):
                            value -= distance[place[pairs[trial_front[i], 0]], place[pairs[trial_front[i], 1]]]
                        label = 0
                        for w in range(n):
                            label = (label * 131 + place[w]) % 2147483647
                        place[at[a]], place[at[b]] = a, b
                        kept = _keep(score, name, maker, kept, value, label, s, a, b)
        if kept == 0:
            break
        for r in range(kept):
            s, a, b = maker[r, 0], maker[r, 1], maker[r, 2]
            other = 1 - now
            place = layouts[other, r]
            _copy(layouts[now, s], place, n)
            for w in range(n):
                if layouts[now, s, w] == a:
                    place[w] = b
                elif layouts[now, s, w] == b:
                    place[w] = a
            for k in range(level):
                swaps[other, r, k, 0], swaps[other, r, k, 1] = swaps[now, s, k, 0], swaps[now, s, k, 1]
            swaps[other, r, level, 0], swaps[other, r, level, 1] = a, b
            waiting = n_front[now, s]
            _copy(missing[now, s], missing[other, r], m_total)
            _copy(cursor[now, s], cursor[other, r], n_wires)
            _copy(left[now, s], left[other, r], n_wires)
            _copy(front[now, s], front[other, r], waiting)
            count[0] = 0
            state = (missing[other, r], cursor[other, r], left[other, r], ready, count)
            ran, n_front[other, r] = run_until_stalled(
                pairs, wires, state, place, distance, front[other, r], waiting, done
            )
            total[other, r] = total[now, s] + ran
        now, alive = 1 - now, kept
        level += 1
        best_total[level] = total[now, 0]
        if level >= 3 and n_front[now, 0] > 0:
            before = best_total[level - 3]
            if best_total[level] - before < min(least_gain, (m_total - past.size - before) // 2):
                level -= 3
                break
    # Replay the best line of SWAPs.
    n_swaps = min(level, max_swaps)
    events = np.empty((m_total + n_swaps, 3), np.int32)
    replay = new_progress(wires)
    _skip_past(past, wires, replay)
    n_events, waiting = 0, 0
    for k in range(n_swaps + 1):
        ran, waiting = run_until_stalled(pairs, wires, replay, layout, distance, trial_front, waiting, done)
        for i in range(ran):
            m = done[i]
            events[n_events, 0] = m
            events[n_events, 1] = layout[pairs[m, 0]] if pairs[m, 0] >= 0 else -1
            events[n_events, 2] = layout[pairs[m, 1]] if pairs[m, 0] >= 0 else -1
            n_events += 1
        if k < n_swaps:
            a, b = swaps[now, 0, k, 0], swaps[now, 0, k, 1]
            for w in range(n):
                if layout[w] == a:
                    layout[w] = b
                elif layout[w] == b:
                    layout[w] = a
            events[n_events, 0], events[n_events, 1], events[n_events, 2] = -1, a, b
            n_events += 1
    return events[:n_events].copy(), n_swaps, waiting == 0


@jit
def _copy(source: IntArray, sink: IntArray, count: int) -> None:
    for k in range(count):
        sink[k] = source[k]


@jit
def _skip_past(past: IntArray, wires: Wires, progress: Progress) -> None:
    ready, count = progress[3], progress[4]
    gone = np.zeros(progress[0].size, np.bool_)
    for k in range(past.size):
        gone[past[k]] = True
        complete(past[k], wires, progress)
    height = 0
    for k in range(count[0]):
        if not gone[ready[k]]:
            ready[height] = ready[k]
            height += 1
    count[0] = height


@jit
def _keep(
    score: NDArray[np.int64],
    name: NDArray[np.int64],
    maker: IntArray,
    kept: int,
    value: int,
    label: int,
    s: int,
    a: int,
    b: int,
) -> int:
    """Insert a candidate into the sorted beam unless the same layout is there already; return the beam's new size."""
    for r in range(kept):
        if name[r] == label and score[r] == value:
            return kept
    width = score.size
    if kept == width:
        if value <= score[width - 1]:
            return kept
        kept -= 1
    r = kept
    while r > 0 and score[r - 1] < value:
        score[r], name[r] = score[r - 1], name[r - 1]
        maker[r, 0], maker[r, 1], maker[r, 2] = maker[r - 1, 0], maker[r - 1, 1], maker[r - 1, 2]
        r -= 1
    score[r], name[r] = value, label
    maker[r, 0], maker[r, 1], maker[r, 2] = s, a, b
    return kept + 1
