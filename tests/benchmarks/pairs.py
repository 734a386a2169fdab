"""Rows of a comparison as pairs of a circuit and a device: medians over seeds, ratios to the best peer."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from attrs import define, field

__all__ = ["DROPPED", "OWN", "Pair", "clipped", "geometric_mean", "read_pairs", "show"]

OWN = "qcompile"
DROPPED = "qcompile-drop"
NUMBERS = ("n2", "d2", "n_swaps", "cpu_s", "wall_s", "from_cirq_s", "to_cirq_s", "peak_rss_mb", "log10esp")

Metrics = dict[str, float]


@define
class Pair:
    """Medians over seeds of every compiler on one circuit and device.

    Attributes:
        device: Its name.
        circuit: Its name.
        family: Of the circuit.
        gates: Statements of the input.
        optimum: Least number of swaps, where known.
        found: Medians by compiler.
        approximates: Compilers that drop small rotations here.
        verified: How our answers were checked.
        errors: Compilers that failed, with the message.
    """

    device: str
    circuit: str
    family: str
    gates: int
    optimum: int | None
    found: dict[str, Metrics] = field(factory=dict)
    approximates: set[str] = field(factory=set)
    verified: set[str] = field(factory=set)
    errors: dict[str, str] = field(factory=dict)

    def peers(self, metric: str) -> dict[str, float]:
        """Return what peers at equal tolerance reach."""
        return {
            c: m[metric]
            for c, m in self.found.items()
            if not c.startswith(OWN) and c not in self.approximates and metric in m
        }

    def best(self, metric: str) -> tuple[str, float] | None:
        """Return the best peer and its value."""
        peers = self.peers(metric)
        name = min(peers, key=lambda c: (peers[c], c), default=None)
        return None if name is None else (name, peers[name])

    def ours(self, metric: str) -> float | None:
        """Return our value."""
        return self.found.get(OWN, {}).get(metric)

    def ratio(self, metric: str) -> float | None:
        """Return our value over the best peer's, not clipped; None where one is missing."""
        ours, best = self.ours(metric), self.best(metric)
        if ours is None or best is None:
            return None
        if best[1] == 0:
            return 1.0 if ours == 0 else math.inf
        return ours / best[1]

    def cpu_ratio(self, peer: str) -> float | None:
        """Return our CPU seconds over a peer's."""
        ours, theirs = self.ours("cpu_s"), self.found.get(peer, {}).get("cpu_s")
        return None if ours is None or not theirs else ours / theirs


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of `rows.csv`."""
    pairs: dict[tuple[str, str], Pair] = {}
    values: dict[tuple[str, str], dict[str, dict[str, list[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    with path.open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key, compiler = (row["device"], row["circuit"]), row["compiler"]
        optimum = int(row["optimum"]) if row["optimum"] else None
        pair = pairs.setdefault(key, Pair(*key, row["family"], int(row["gates"]), optimum))
        if row["error"]:
            pair.errors[compiler] = row["error"]
            continue
        if row["approximates"]:
            pair.approximates.add(compiler)
        if compiler == OWN and row["verified"]:
            pair.verified.add(row["verified"])
        for metric in NUMBERS:
            if row[metric]:
                values[key][compiler][metric].append(float(row[metric]))
    for key, compilers in values.items():
        pairs[key].found = {c: {m: median(v) for m, v in found.items()} for c, found in compilers.items()}
    return sorted(pairs.values(), key=lambda p: (p.family, p.circuit, p.device))


def clipped(ratio: float) -> float:
    """Return a ratio within [0.5, 2], so that no single pair decides a mean."""
    return min(2.0, max(0.5, ratio))


def geometric_mean(ratios: Iterable[float | None], *, clip: bool = False) -> float | None:
    """Return the geometric mean of what is known, or None."""
    known = [clipped(r) if clip else r for r in ratios if r is not None and r > 0]
    return math.exp(sum(map(math.log, known)) / len(known)) if known else None


def show(value: float | None, digits: int = 3) -> str:
    """Return a number with this many digits, nothing for None."""
    return "" if value is None else f"{value:.{digits}f}"
