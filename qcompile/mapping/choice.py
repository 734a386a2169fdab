"""Which of several ways with different numbers of gates and layers is kept where gates are counted."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MOST_GATES", "leanest"]

#: A way may take this times the fewest gates.
MOST_GATES = 1.5


def leanest(sizes: Sequence[tuple[float, float]]) -> int:
    """Return the index of the way with the fewest gates times layers among those within `MOST_GATES` of the fewest.

    Args:
        sizes: Two-qubit gates and layers of each way; at equal products the first way is kept.

    >>> leanest([(100, 50), (110, 30), (200, 10)])
    1
    """
    most = MOST_GATES * min(gates for gates, _ in sizes)
    return min(range(len(sizes)), key=lambda k: (sizes[k][0] > most, sizes[k][0] * sizes[k][1]))
