"""Distances, neighbour lists and components of a coupling graph, as read-only arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.target.native import read_only

__all__ = ["UNREACHABLE", "components", "distances", "sparse_rows"]

IntArray = NDArray[np.int32]

#: Distance of qubits without a path. A thousand of them still add up inside an int32.
UNREACHABLE = 1 << 20


def sparse_rows(n: int, edges: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return (indptr[n + 1], neighbour[2 m], edge row[2 m]) of the undirected graph; rows are in ascending order."""
    source = np.concatenate([edges[:, 0], edges[:, 1]])
    sink = np.concatenate([edges[:, 1], edges[:, 0]])
    row = np.tile(np.arange(edges.shape[0]), 2)
    order = np.lexsort((sink, source))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))])
    return read_only(indptr, np.int32), read_only(sink[order], np.int32), read_only(row[order], np.int32)


def distances(n: int, edges: IntArray) -> IntArray:
    """Return hops between every two qubits, `int32[n, n]`."""
    if edges.shape[0] == n * (n - 1) // 2:
        return read_only(1 - np.eye(n, dtype=np.int32), np.int32)
    from scipy.sparse.csgraph import shortest_path

    hops = shortest_path(_matrix(n, edges), method="D", directed=False, unweighted=True)
    return read_only(np.where(np.isinf(hops), UNREACHABLE, hops), np.int32)


def components(n: int, edges: IntArray) -> IntArray:
    """Return the component of each qubit, numbered by its lowest qubit, `int32[n]`."""
    from scipy.sparse.csgraph import connected_components

    _, labels = connected_components(_matrix(n, edges), directed=False)
    _, first = np.unique(labels, return_index=True)
    rank = np.empty(first.size, np.int32)
    rank[np.argsort(first)] = np.arange(first.size)
    return read_only(rank[labels], np.int32)


def _matrix(n: int, edges: IntArray) -> object:
    from scipy.sparse import csr_array

    return csr_array((np.ones(edges.shape[0]), (edges[:, 0], edges[:, 1])), shape=(n, n))
