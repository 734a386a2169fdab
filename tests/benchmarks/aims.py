"""What the comparison aims at, beside what it measured: computed from the rows, reached or not."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.pairs import Pair, geometric_mean, show

__all__ = ["aims", "losses"]

#: The paper's blocks given as gate lists, and the largest ratio to the best peer that each family aims at.
PAPER = {"htest": 0.82, "swaptest": 0.90, "stateprep": 0.90, "qft": 0.90}
AT_BOUND = ("hea", "hrzh")
GENERIC = ("bv", "ghz", "heis", "mqt", "pauli", "qaoa", "qv", "toffoli")
#: A ladder of this many qubits is longer than every path of the 105-qubit grid.
LONGER_THAN_A_PATH = ("hea_n100", "willow105")
MET_WITHIN = 5e-4  # ratios are shown with three digits

Row = tuple[str, str, bool | None]


def _worst(pairs: Iterable[Pair], metric: str) -> tuple[float, str]:
    found = [(p.ratio(metric), f"{p.circuit} on {p.device}") for p in pairs]
    return max(((r, name) for r, name in found if r is not None), default=(0.0, "none"))


def _mean(name: str, pairs: list[Pair], most: float) -> Row:
    value = geometric_mean((p.ratio("n2") for p in pairs), clip=True)
    return f"{name}: n2 at most {most:.2f}", f"{show(value)} over {len(pairs)} pairs", _at_most(value, most)


def _at_most(value: float | None, most: float) -> bool | None:
    return None if value is None else value <= most + MET_WITHIN


def _largest(name: str, pairs: list[Pair], metric: str, most: float) -> Row:
    value, where = _worst(pairs, metric)
    return f"{name}: no pair above {most:.2f} in {metric}", f"{value:.3f} ({where})", _at_most(value, most)


def _ladder(pairs: list[Pair]) -> list[Row]:
    circuit, device = LONGER_THAN_A_PATH
    rows: list[Row] = []
    for p in pairs:
        ours = p.ours("n2")
        if p.circuit.startswith(circuit) and p.device == device and ours is not None:
            layers = int(p.circuit.split("_L")[1]) if "_L" in p.circuit else int(p.circuit.split("_")[2])
            bound = layers * 99
            text = f"{ours:g}, {ours / bound - 1:+.1%} over {bound}"
            rows.append((f"{p.circuit} on {device}: within 15 % of L(n-1)", text, ours <= 1.15 * bound))
    return rows


def _optimum(pairs: list[Pair]) -> list[Row]:
    known = [p for p in pairs if p.optimum is not None and p.ours("n_swaps") is not None]
    queko = [p for p in known if p.optimum == 0]
    some = [(p.ours("n_swaps") or 0.0, p.optimum or 1, p) for p in known if p.optimum]
    most = max((s / k for s, k, _ in some), default=None)
    total = sum(p.ours("n_swaps") or 0 for p in queko)
    where = max(some, key=lambda x: x[0] / x[1])[2] if some else None
    name = f" ({where.circuit} on {where.device})" if where else ""
    return [
        ("QUEKO: no swap on any device", f"{total:g} swaps over {len(queko)} circuits", total == 0 if queko else None),
        (
            "QUBIKOS-style: at most 3 times the least swaps",
            f"{show(most, 2)} times at worst{name}, {len(some)} circuits",
            _at_most(most, 3.0),
        ),
    ]


def _cpu(pairs: list[Pair]) -> list[Row]:
    rows: list[Row] = []
    by_device: dict[str, list[Pair]] = defaultdict(list)
    for p in pairs:
        by_device[p.device].append(p)
    for device, members in sorted(by_device.items()):
        o3 = geometric_mean(p.cpu_ratio("qiskit-o3") for p in members)
        o2 = geometric_mean(p.cpu_ratio("qiskit-o2") for p in members)
        if o3 is not None:
            text = f"{show(o3, 2)} of level 3, {show(o2, 2)} of level 2"
            rows.append((f"CPU on {device}: at most Qiskit level 3's", text, _at_most(o3, 1.0)))
    long = [(p.cpu_ratio("qiskit-o3"), p) for p in pairs if (p.ours("cpu_s") or 0) > 0.2]
    over = [(r, p) for r, p in long if r is not None and r > 2]
    worst = max(over, key=lambda x: x[0], default=None)
    text = f"{len(over)} pairs" + (f", worst {worst[0]:.1f} ({worst[1].circuit} on {worst[1].device})" if worst else "")
    return [*rows, ("CPU: no pair over 0.2 s above 2 times Qiskit level 3", text, not over)]


def _size(scaling: Path) -> list[Row]:
    if not scaling.exists():
        return []
    with scaling.open() as file:
        points = [p for p in csv.DictReader(file) if p["gates"] == "100000" and p["cpu_s"]]
    return [
        (
            f"100 qubits and 100 000 gates on {p['device']}: under 10 s and 1 GiB",
            f"{p['wall_s']} s, {p['peak_rss_mb']} MB",
            float(p["wall_s"]) < 10 and float(p["peak_rss_mb"]) < 1024,
        )
        for p in points
    ]


def aims(pairs: list[Pair], plain: list[Pair], scaling: Path) -> list[Row]:
    """Return (aim, what was measured, whether it was reached; None where nothing was measured)."""
    of = {f: [p for p in plain if p.family == f and p.ratio("n2") is not None] for f in {p.family for p in plain}}
    generic = [p for f in GENERIC for p in of.get(f, [])]
    google = [p for p in plain if ":" in p.device and p.ratio("n2") is not None]
    bound = [p for f in AT_BOUND for p in of.get(f, []) if not p.circuit.startswith(LONGER_THAN_A_PATH[0])]
    return [
        _largest("hea, hrzh where a line embeds", bound, "n2", 1.0),
        *_ladder(pairs),
        *(_mean(f, of.get(f, []), most) for f, most in PAPER.items()),
        *([_mean("ae", of["ae"], 0.90)] if "ae" in of else []),
        *(_mean(f, of.get(f, []), 0.95) for f in GENERIC if f in of),
        _mean("generic families together", generic, 0.95),
        _largest("generic families", generic, "n2", 1.05),
        _largest("generic families", generic, "d2", 1.0),
        _mean("sqrt-iSWAP and SYC", google, 0.90),
        *_optimum(pairs),
        *_cpu(plain),
        *_size(scaling),
    ]


def losses(pairs: list[Pair]) -> list[tuple[str, ...]]:
    """Return every pair that loses in gates or depth, with both figures."""
    rows = []
    for p in pairs:
        n2, d2 = p.ratio("n2"), p.ratio("d2")
        if n2 is None or d2 is None or (n2 <= 1 + MET_WITHIN and d2 <= 1 + MET_WITHIN):
            continue
        best_n2, best_d2 = p.best("n2"), p.best("d2")
        assert best_n2 is not None
        assert best_d2 is not None
        rows.append(
            (
                p.circuit,
                p.device,
                f"{p.ours('n2'):g} / {p.ours('d2'):g}",
                f"{best_n2[1]:g} {best_n2[0]}",
                f"{best_d2[1]:g} {best_d2[0]}",
                show(n2),
                show(d2),
            )
        )
    return rows
