"""Named lattices: `grid(8,8)`, `line(20)`, `ring(12)`, `all_to_all(16)`, `heavy_hex(3)`, each with an optional gate.

The text is matched, never evaluated. `grid(3,4):ecr` takes another native gate than cz.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qcompile.errors import InputError
from qcompile.target.couplings import target_from_couplings
from qcompile.target.target import Target

__all__ = ["LATTICES", "lattice_target"]

Edges = list[tuple[int, int]]
Places = list[tuple[int, int]]

_CALL = re.compile(r"\s*([a-z_]+)\s*\(\s*([0-9]+(?:\s*,\s*[0-9]+)*)?\s*\)\s*(?::\s*([a-z]+)\s*)?")
#: Widest lattice that a name may ask for; distances take n^2 integers.
_MAX_QUBITS = 4096


def _line(n: int) -> tuple[Edges, Places]:
    return [(q, q + 1) for q in range(n - 1)], [(0, q) for q in range(n)]


def _grid(rows: int, columns: int) -> tuple[Edges, Places]:
    places = [(r, c) for r in range(rows) for c in range(columns)]
    return _adjacent(places), places


def _heavy_hex(d: int) -> tuple[Edges, Places]:
    """Heavy-hexagon code of odd distance d: Chamberland et al. 2020, (5 d^2 - 2 d - 1) / 2 qubits.

    Rows of 2 d - 1 qubits, data on even and flags on odd columns; between two rows a bridge over every second flag, and
    one over the data qubit at the edge, on alternating sides.
    """
    if d % 2 == 0:
        raise InputError(f"is heavy_hex({d})", where="target", hint="use an odd distance, such as heavy_hex(3)")
    width = 2 * d - 1
    places = [(2 * r, c) for r in range(d) for c in range(width)]
    for gap in range(d - 1):
        columns = [*range(1, width - 1, 4), width - 1] if gap % 2 == 0 else [0, *range(3, width, 4)]
        places += [(2 * gap + 1, c) for c in columns]
    places.sort()
    return _adjacent(places), places


def _adjacent(places: Places) -> Edges:
    index = {place: q for q, place in enumerate(places)}
    ahead = ((place, (place[0] + dr, place[1] + dc)) for place in places for dr, dc in ((0, 1), (1, 0)))
    return [(index[a], index[b]) for a, b in ahead if b in index]


def _n_heavy_hex(d: int) -> int:
    return (5 * d * d - 2 * d - 1) // 2


#: Name -> (number of arguments, number of qubits).
LATTICES: dict[str, tuple[int, Callable[..., int]]] = {
    "line": (1, lambda n: n),
    "ring": (1, lambda n: n),
    "grid": (2, lambda r, c: r * c),
    "all_to_all": (1, lambda n: n),
    "heavy_hex": (1, _n_heavy_hex),
}


def lattice_target(text: str) -> Target | None:
    """Return the target that a lattice name stands for, or None when the text is no lattice name.

    Raises:
        InputError: The lattice has the wrong number of arguments, no qubits, or too many.

    >>> lattice_target("ring(12)").n_edges
    12
    """
    match = _CALL.fullmatch(text)
    if match is None and (form := re.match(r"\s*([a-z_]+)\s*\(", text)) is not None and form[1] in LATTICES:
        example = f"{form[1]}({', '.join('45'[: LATTICES[form[1]][0]])})"
        raise InputError(
            "is no form of a machine",
            where=f"target {text}",
            hint=f"write whole numbers from 1, such as {example}; a native gate may follow, as in {example}:ecr",
        )
    if match is None or match[1] not in LATTICES:
        return None
    kind, native = match[1], match[3] or "cz"
    sizes = tuple(int(part) for part in (match[2] or "").split(",") if part.strip())
    n_sizes, count = LATTICES[kind]
    if len(sizes) != n_sizes:
        raise InputError(
            f"has {len(sizes)} sizes",
            where=f"target {text}",
            hint=f"give {n_sizes}, such as {kind}(3{',3' * (n_sizes - 1)})",
        )
    smallest = 3 if kind == "ring" else 1
    if min(sizes) < smallest or count(*sizes) > _MAX_QUBITS:
        raise InputError(
            f"has {count(*sizes)} qubits",
            where=f"target {text}",
            hint=f"use sizes from {smallest} and at most {_MAX_QUBITS} qubits",
        )
    name = text.replace(" ", "")
    if kind == "all_to_all":
        return target_from_couplings(sizes[0], "all_to_all", native, name=name)
    if kind == "ring":
        n = sizes[0]
        return target_from_couplings(n, [(q, (q + 1) % n) for q in range(n)], native, name=name)
    if kind == "line":
        edges, places = _line(sizes[0])
    elif kind == "grid":
        edges, places = _grid(*sizes)
    else:
        edges, places = _heavy_hex(sizes[0])
    return target_from_couplings(len(places), edges, native, grid=places, name=name)
