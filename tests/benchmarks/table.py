"""Tables of a comparison: per pair and per family, as ratios to the best peer, wins and losses alike."""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from attrs import define, field

from tests.benchmarks.earlier import EARLIER

__all__ = ["Pair", "clipped", "geometric_mean", "read_pairs", "write_tables"]

OWN = "qcompile"
DROPPED = "qcompile-drop"
NUMBERS = ("n2", "d2", "n_swaps", "cpu_s", "wall_s", "from_cirq_s", "to_cirq_s", "peak_rss_mb", "log10esp")
#: Families whose inputs were written with knowledge of the block: reachable targets, no generic inputs.
TWINS = ("htest_smart", "htest_fan", "ae_diag", "ae_smart", "qft_line")

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
        earlier: Peers whose counts come from an earlier run on the same circuit and device.
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
    earlier: set[str] = field(factory=set)

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
    measured = {(r["device"], r["circuit"], r["compiler"]) for r in rows if r["seed"] != EARLIER and not r["error"]}
    for row in rows:
        if row["seed"] == EARLIER and (row["device"], row["circuit"], row["compiler"]) in measured:
            continue
        key, compiler = (row["device"], row["circuit"]), row["compiler"]
        optimum = int(row["optimum"]) if row["optimum"] else None
        pair = pairs.setdefault(key, Pair(*key, row["family"], int(row["gates"]), optimum))
        if row["error"]:
            pair.errors[compiler] = row["error"]
            continue
        if row["seed"] == EARLIER:
            pair.earlier.add(compiler)
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


def _show(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]


def _groups(pairs: list[Pair], by: str) -> list[str]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for p in pairs:
        if p.ratio("n2") is not None:
            groups[getattr(p, by)].append(p)
    rows = []
    for name, members in [*sorted(groups.items()), ("all", [p for g in groups.values() for p in g])]:
        n2 = [p.ratio("n2") or 0.0 for p in members]
        d2 = [p.ratio("d2") or 0.0 for p in members]
        rows.append(
            [
                name,
                str(len(members)),
                _show(geometric_mean((p.ratio("n2") for p in members), clip=True)),
                _show(geometric_mean((p.ratio("d2") for p in members), clip=True)),
                f"{sum(r < 0.9995 for r in n2)} / {sum(0.9995 <= r <= 1.0005 for r in n2)} / "
                f"{sum(r > 1.0005 for r in n2)}",
                f"{sum(r < 0.9995 for r in d2)} / {sum(0.9995 <= r <= 1.0005 for r in d2)} / "
                f"{sum(r > 1.0005 for r in d2)}",
                _show(max(n2, default=None), 2),
                _show(geometric_mean(p.cpu_ratio("qiskit-o3") for p in members), 2),
                _show(geometric_mean(p.cpu_ratio("qiskit-o2") for p in members), 2),
            ]
        )
    head = [by, "pairs", "n2", "d2", "n2 win / tie / loss", "d2 win / tie / loss", "worst n2", "CPU / o3", "CPU / o2"]
    return _table(head, rows)


def _known(pairs: list[Pair]) -> list[str]:
    rows = [
        [
            p.family,
            p.circuit,
            p.device,
            str(p.optimum),
            _count(p.ours("n_swaps")),
            _count(p.found.get("qiskit-o3", {}).get("n_swaps")),
            _count(p.found.get("tket", {}).get("n_swaps")),
            _show(p.ours("cpu_s")),
            _show(p.found.get("qiskit-o3", {}).get("cpu_s")),
            "+".join(sorted(p.verified)),
        ]
        for p in pairs
        if p.optimum is not None
    ]
    return _table(
        ["family", "circuit", "device", "least", "ours", "qiskit-o3", "tket", "CPU s", "CPU s o3", "verified"], rows
    )


def _tolerance(pairs: list[Pair]) -> list[str]:
    rows = []
    for p in pairs:
        for peer in sorted(p.approximates):
            if peer.startswith(OWN):
                continue
            cells = [p.found.get(c, {}) for c in (peer, DROPPED, f"{peer}-exact", OWN)]
            rows.append([p.circuit, p.device, peer, *(f"{_count(c.get('n2'))} / {_count(c.get('d2'))}" for c in cells)])
    return _table(
        ["circuit", "device", "peer", "peer, small angles dropped", "ours, same dropped", "peer exact", "ours exact"],
        rows,
    )


def _every(pairs: list[Pair]) -> list[str]:
    rows = []
    for p in pairs:
        if p.optimum is not None:
            continue
        best_n2, best_d2 = p.best("n2"), p.best("d2")
        n2, d2 = p.ratio("n2"), p.ratio("d2")
        verdict = "" if n2 is None else "win" if n2 < 0.9995 else "loss" if n2 > 1.0005 else "tie"
        ours = p.found.get(OWN, {})
        rows.append(
            [
                p.family,
                p.circuit,
                p.device,
                _count(ours.get("n2")) or p.errors.get(OWN, "not run")[:60],
                _count(ours.get("d2")),
                "" if best_n2 is None else f"{best_n2[1]:g} {best_n2[0]}",
                "" if best_d2 is None else f"{best_d2[1]:g} {best_d2[0]}",
                _show(n2),
                _show(d2),
                verdict,
                _show(ours.get("cpu_s")),
                _show(p.cpu_ratio("qiskit-o3"), 2),
                _show(p.cpu_ratio("qiskit-o2"), 2),
                _show(ours.get("from_cirq_s")),
                _show(ours.get("to_cirq_s")),
                _show(ours.get("peak_rss_mb"), 0),
                "+".join(sorted(p.verified)),
            ]
        )
    head = ["family", "circuit", "device", "n2", "d2", "best n2", "best d2", "n2 ratio", "d2 ratio", "n2 is"]
    head += ["CPU s", "CPU / o3", "CPU / o2", "from Cirq s", "to Cirq s", "peak MB", "verified"]
    return _table(head, rows)


def _summary(pairs: list[Pair]) -> list[str]:
    peers = sorted({c for p in pairs for c in p.found if not c.startswith(OWN)})
    counts = {c: sum(c in p.found for p in pairs) for c in peers}
    how: dict[str, int] = defaultdict(int)
    for p in pairs:
        for v in p.verified:
            how[v] += 1
    failed = [f"{p.circuit} on {p.device} ({p.errors[OWN][:80]})" for p in pairs if OWN in p.errors]
    return [
        f"Pairs: {len(pairs)}. Peers, with the pairs they were run on: "
        + ", ".join(f"{c} {counts[c]}" for c in peers)
        + ".",
        "",
        f"Of these, {sum(len(p.earlier) for p in pairs)} cells hold counts of an earlier run of the same peer version "
        "on the same circuit and device (seed `earlier` in rows.csv, no times); all others were measured here.",
        "",
        "Checks of our answers, by pair: " + ", ".join(f"{k} {n}" for k, n in sorted(how.items())) + ".",
        "",
        "Our failures: " + ("; ".join(failed) or "none") + ".",
        "",
    ]


def write_tables(rows: Path, folder: Path) -> None:
    """Write `results.md` and its plots from `rows.csv`, and from `scaling.csv` where it is there."""
    from tests.benchmarks.plots import write_plots

    pairs = read_pairs(rows)
    plain = [p for p in pairs if p.family not in TWINS and p.optimum is None]
    google = [p for p in plain if ":" in p.device]
    twins = [p for p in pairs if p.family in TWINS]
    lines = [
        "# Comparison with peers",
        "",
        "Written by `tests/benchmarks/table.py`; definitions and how to run it in [README.md](README.md). Medians",
        "over seeds. A ratio is ours over the best peer of that pair and that figure; below 1 is a win. Means are",
        "geometric, ratios of n2 and d2 clipped to [0.5, 2]; CPU ratios and `worst n2` are not clipped.",
        "",
        *_summary(pairs),
        "## By family",
        "",
        *_groups(plain, "family"),
        "![ratios by family](ratios.svg)",
        "",
        "## By device",
        "",
        *_groups(plain, "device"),
        "Google's own gates by family (the peer is Qiskit's routing followed by Cirq's retargeting):",
        "",
        *_groups(google, "family"),
        "![CPU seconds](cpu.svg)",
        "",
        "## Known optimum: layout and routing only, swaps",
        "",
        *_known(pairs),
        "## Equal tolerance",
        "",
        "Qiskit's presets take two-qubit rotations of pi/2^15 and less for the identity and have no switch for it. The",
        "ratios above use Qiskit with that one pass taken out (`-exact`). Here n2 / d2 of both, and ours on the",
        "circuit without those rotations.",
        "",
        *_tolerance(pairs),
        "## Circuits written with knowledge of the block",
        "",
        "The same unitaries as `htest`, `ae` and `qft`, already rewritten by hand; what peers and we make of them.",
        "",
        *_groups(twins, "family"),
    ]
    scaling = folder / "scaling.csv"
    if scaling.exists():
        with scaling.open() as file:
            points = list(csv.DictReader(file))
        head = ["qubits", "gates", "device", "CPU s", "wall s", "peak MB", "n2", "note"]
        keys = ("qubits", "gates", "device", "cpu_s", "wall_s", "peak_rss_mb", "n2", "error")
        lines += ["## Growth with the number of gates", "", *_table(head, ([p[k] for k in keys] for p in points))]
        lines += ["![growth](scaling.svg)", ""]
    lines += ["## Every pair", "", *_every(pairs)]
    (folder / "results.md").write_text("\n".join(lines), "utf-8")
    write_plots(pairs, folder)


def main() -> None:
    """Write the tables again from rows that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    folder = parser.parse_args().out
    write_tables(folder / "rows.csv", folder)


if __name__ == "__main__":
    main()
