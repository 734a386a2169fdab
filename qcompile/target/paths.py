"""How long a simple path of a coupling graph can be at most: a proof that a longer ladder needs swaps (S15)."""

from __future__ import annotations

import numpy as np

from qcompile.target.target import Target

__all__ = ["path_cap"]


def path_cap(target: Target) -> int:
    """Return an upper bound on the qubits of a simple path, over all components of a machine.

    Proof: a path alternates between the two colours of a bipartite component, so it holds at most one qubit more of one
    colour than of the other; and of qubits with one link only the two ends can be on it.
    """
    n = target.n_qubits
    usable = np.flatnonzero(np.asarray(target.enabled))
    if target.all_to_all:
        return int(usable.size)
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for a, b in np.asarray(target.edges).tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    colour = [-1] * n
    best = 0
    for start in usable.tolist():
        if colour[start] >= 0:
            continue
        colour[start] = 0
        members, is_bipartite = [start], True
        for qubit in members:  # grows while it is walked: breadth first
            for other in neighbours[qubit]:
                if colour[other] < 0:
                    colour[other] = 1 - colour[qubit]
                    members.append(other)
                elif colour[other] == colour[qubit]:
                    is_bipartite = False
        cap = len(members)
        if is_bipartite:
            ones = sum(colour[q] for q in members)
            cap = min(cap, 2 * min(ones, len(members) - ones) + 1)
        leaves = sum(len(neighbours[q]) == 1 for q in members)
        best = max(best, min(cap, len(members) - max(0, leaves - 2)))
    return best
