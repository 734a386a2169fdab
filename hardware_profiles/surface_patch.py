"""Whether a coupling graph holds a rotated surface-code patch, 9 data and 8 syndrome qubits, as it is."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["has_surface_code_patch"]

#: Distance 3 (Horsman et al. 2012; Tomita, Svore 2014): data qubits at odd places of a 7 x 7 lattice; a syndrome qubit
#: sits between the data qubits diagonal to it, four in the middle and two on each side's edge.
_DATA = [(r, c) for r in (1, 3, 5) for c in (1, 3, 5)]
_SYNDROME = [(2, 2), (2, 4), (4, 2), (4, 4), (0, 2), (6, 4), (2, 6), (4, 0)]
_EDGES = [
    (_DATA.index((r + dr, c + dc)), len(_DATA) + k)
    for k, (r, c) in enumerate(_SYNDROME)
    for dr in (-1, 1)
    for dc in (-1, 1)
    if (r + dr, c + dc) in _DATA
]


def has_surface_code_patch(n_qubits: int, edges: Iterable[tuple[int, int]]) -> bool:
    """Return whether the couplings contain the 17 qubits and 24 couplings of a distance-3 patch.

    A search for a subgraph, so that it holds for any layout and needs no coordinates.
    """
    neighbours: list[set[int]] = [set() for _ in range(n_qubits)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    patch: list[set[int]] = [set() for _ in range(len(_DATA) + len(_SYNDROME))]
    for a, b in _EDGES:
        patch[a].add(b)
        patch[b].add(a)
    order = _connected_order(patch)
    return _extend(order, patch, neighbours, {})


def _connected_order(patch: list[set[int]]) -> list[int]:
    """Return the patch from its middle outwards, each qubit after a neighbour, the most bound one first."""
    order = [4]
    while len(order) < len(patch):
        rest = [q for q in range(len(patch)) if q not in order]
        order.append(max(rest, key=lambda q: (len(patch[q] & set(order)), len(patch[q]), -q)))
    return order


def _extend(order: list[int], patch: list[set[int]], neighbours: list[set[int]], placed: dict[int, int]) -> bool:
    if len(placed) == len(order):
        return True
    q = order[len(placed)]
    anchors = [placed[p] for p in patch[q] if p in placed]
    choices = set.intersection(*(neighbours[p] for p in anchors)) if anchors else set(range(len(neighbours)))
    taken = set(placed.values())
    for choice in sorted(choices - taken):
        if len(neighbours[choice]) >= len(patch[q]) and _extend(order, patch, neighbours, {**placed, q: choice}):
            return True
    return False
