"""Layouts before any cleverness: which part of the machine, and at random inside it."""

from __future__ import annotations

import numpy as np

from qcompile.kernels.graphs import IntArray
from qcompile.kernels.jit import jit
from qcompile.kernels.routing_state import first_random, next_random

__all__ = ["completed_layout", "random_layout", "region_of_wires"]


@jit
def region_of_wires(part: IntArray, acted_on: IntArray, component: IntArray, usable: IntArray) -> IntArray:
    """Choose a component of the machine for each wire, or -2 for a wire that fits nowhere.

    The largest set of connected wires is placed first, into the smallest component that holds it; but everything goes
    to the largest component as long as it fits there.

    Args:
        part: `int32[n]` connected component of each wire in the interaction graph.
        acted_on: `int32[n]`, 1 for wires in use; the others get -1.
        component: `int32[n]` component of each physical qubit.
        usable: `int32[n]`, 1 for physical qubits that may be used.
    """
    n = part.size
    size = np.zeros(n, np.int32)
    room = np.zeros(n, np.int32)
    total = 0
    for w in range(n):
        if acted_on[w] == 1:
            size[part[w]] += 1
            total += 1
        if usable[w] == 1:
            room[component[w]] += 1
    largest = 0
    for c in range(n):
        if room[c] > room[largest]:
            largest = c
    home = np.full(n, -1, np.int32)
    region = np.full(n, -1, np.int32)
    order = np.argsort(-size.astype(np.int64) * n + np.arange(n))
    for k in range(n):
        p = order[k]
        if size[p] == 0:
            break
        best = -2
        for c in range(n):
            if room[c] >= size[p] and (best < 0 or room[c] < room[best]):
                best = c
        if total <= room[largest] and (k == 0 or home[order[0]] == largest):
            best = largest
        home[p] = best
        if best >= 0:
            room[best] -= size[p]
            total -= size[p]
    for w in range(n):
        if acted_on[w] == 1:
            region[w] = home[part[w]]
    return region


@jit
def random_layout(region: IntArray, component: IntArray, usable: IntArray, seed: int) -> IntArray:
    """Return a random bijection that puts every wire into its region; `int32[n]`."""
    n = region.size
    state = first_random(seed)
    order = np.arange(n).astype(np.int32)
    for k in range(n - 1, 0, -1):
        state = next_random(state)
        j = state % (k + 1)
        order[k], order[j] = order[j], order[k]
    partial = np.full(n, -1, np.int32)
    taken = np.zeros(n, np.bool_)
    for w in range(n):
        if region[w] >= 0:
            for k in range(n):
                p = order[k]
                if not taken[p] and usable[p] == 1 and component[p] == region[w]:
                    taken[p] = True
                    partial[w] = p
                    break
    return completed_layout(partial, region, component, usable, partial)


@jit
def completed_layout(
    partial: IntArray, region: IntArray, component: IntArray, usable: IntArray, hint: IntArray
) -> IntArray:
    """Return a bijection that agrees with `partial` where that is not -1.

    Wires in use without a place come first: they go where `hint` says if that is free and in their region, else
    anywhere in their region, else on any usable qubit. The others follow in their order, again by `hint` if possible:
    usable qubits first, so that logical qubits without a gate do not land on one that is switched off.
    """
    n = partial.size
    layout = partial.copy()
    taken = np.zeros(n, np.bool_)
    for w in range(n):
        if layout[w] >= 0:
            taken[layout[w]] = True
    for stage in range(6):
        for w in range(n):
            if layout[w] >= 0 or (stage < 3 and region[w] < 0):
                continue
            if stage % 3 == 0:
                p = hint[w]
                if p >= 0 and not taken[p] and usable[p] == 1 and (stage == 3 or component[p] == region[w]):
                    layout[w] = p
                    taken[p] = True
                continue
            for p in range(n):
                free = not taken[p] and (stage == 5 or usable[p] == 1)
                if free and (stage > 1 or component[p] == region[w]):
                    layout[w] = p
                    taken[p] = True
                    break
    return layout
