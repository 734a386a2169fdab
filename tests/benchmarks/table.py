"""Tables of a comparison: per pair and per family, as ratios to the best peer, wins and losses alike."""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.aims import aims, losses
from tests.benchmarks.pairs import DROPPED, OWN, Pair, geometric_mean, read_pairs, show

__all__ = ["write_tables"]

#: Families whose inputs were written with knowledge of the block: reachable targets, no generic inputs.
TWINS = ("htest_smart", "htest_fan", "ae_diag", "ae_smart", "qft_line")


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
                show(geometric_mean((p.ratio("n2") for p in members), clip=True)),
                show(geometric_mean((p.ratio("d2") for p in members), clip=True)),
                f"{sum(r < 0.9995 for r in n2)} / {sum(0.9995 <= r <= 1.0005 for r in n2)} / "
                f"{sum(r > 1.0005 for r in n2)}",
                f"{sum(r < 0.9995 for r in d2)} / {sum(0.9995 <= r <= 1.0005 for r in d2)} / "
                f"{sum(r > 1.0005 for r in d2)}",
                show(max(n2, default=None), 2),
                show(max(d2, default=None), 2),
                show(geometric_mean(p.cpu_ratio("qiskit-o3") for p in members), 2),
                show(geometric_mean(p.cpu_ratio("qiskit-o2") for p in members), 2),
            ]
        )
    head = [by, "pairs", "n2", "d2", "n2 win / tie / loss", "d2 win / tie / loss", "worst n2", "worst d2"]
    head += ["CPU / o3", "CPU / o2"]
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
            show(p.ours("cpu_s")),
            show(p.found.get("qiskit-o3", {}).get("cpu_s")),
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
                show(n2),
                show(d2),
                verdict,
                show(ours.get("cpu_s")),
                show(p.cpu_ratio("qiskit-o3"), 2),
                show(p.cpu_ratio("qiskit-o2"), 2),
                show(ours.get("from_cirq_s")),
                show(ours.get("to_cirq_s")),
                show(ours.get("peak_rss_mb"), 0),
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
        "Checks of our answers, by pair: " + ", ".join(f"{k} {n}" for k, n in sorted(how.items())) + ".",
        "",
        "Our failures: " + ("; ".join(failed) or "none") + ".",
        "",
    ]


def write_tables(rows: Path, folder: Path) -> None:
    """Write `results.md` and its plots from `rows.csv`, and from `scaling.csv` where it is there."""
    from tests.benchmarks.plots import write_plots

    pairs = read_pairs(rows)
    scaling = folder / "scaling.csv"
    plain = [p for p in pairs if p.family not in TWINS and p.optimum is None]
    google = [p for p in plain if ":" in p.device]
    twins = [p for p in pairs if p.family in TWINS]
    lines = [
        "# Comparison with peers",
        "",
        "Written by `tests/benchmarks/table.py`; definitions and how to run it in [README.md](README.md). Medians",
        "over seeds. A ratio is ours over the best peer of that pair and that figure; below 1 is a win. Means are",
        "geometric, ratios of n2 and d2 clipped to [0.5, 2]; CPU ratios and the columns `worst` are not clipped.",
        "",
        *_summary(pairs),
        "## Aims",
        "",
        *_table(
            ["aim", "measured", "reached"],
            ([a, m, {True: "yes", False: "no", None: "unknown"}[r]] for a, m, r in aims(pairs, plain, scaling)),
        ),
        "## By family",
        "",
        *_groups(plain, "family"),
        "![ratios by family](ratios.svg)",
        "",
        "Pairs that lose in gates or in depth:",
        "",
        *_table(
            ["circuit", "device", "n2 / d2", "best n2", "best d2", "n2 ratio", "d2 ratio"], map(list, losses(plain))
        ),
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
