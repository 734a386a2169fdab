"""Tables of a comparison: per pair and per family, as ratios to the best peer, wins and losses alike."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["write_tables"]

OWN = "qcompile"


def _number(text: str | None) -> float | None:
    return float(text) if text not in (None, "") else None


def _medians(path: Path) -> dict[tuple[str, str, str], dict[str, dict[str, float]]]:
    """Return {(device, circuit, family): {compiler: {metric: median}}}."""
    found: dict[tuple[str, str, str], dict[str, dict[str, list[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    with path.open() as file:
        for row in csv.DictReader(file):
            for metric in ("n2", "d2", "cpu_s", "wall_s"):
                value = _number(row[metric])
                if value is not None and not row["error"]:
                    found[row["device"], row["circuit"], row["family"]][row["compiler"]][metric].append(value)
    return {
        pair: {c: {m: median(v) for m, v in metrics.items()} for c, metrics in compilers.items()}
        for pair, compilers in found.items()
    }


def _ratio(ours: float, best: float) -> float:
    if best == 0:
        return 1.0 if ours == 0 else 2.0
    return min(2.0, max(0.5, ours / best))


def _mean(ratios: list[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def write_tables(rows: Path, folder: Path) -> None:
    """Write `results.md` from `rows.csv`."""
    pairs = _medians(rows)
    lines = [
        "# Comparison with peers",
        "",
        "Medians over seeds. A ratio is ours over the best peer of that pair; below 1 is a win.",
        "",
    ]
    families: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    detail: list[list[Any]] = []
    for (device, circuit, family), compilers in sorted(pairs.items(), key=lambda item: (item[0][2], item[0])):
        ours = compilers.get(OWN)
        peers = {c: m for c, m in compilers.items() if not c.startswith(OWN) and "n2" in m}
        if ours is None or "n2" not in ours:
            detail.append([family, circuit, device, "failed", "", "", "", "", ""])
            continue
        if not peers:
            detail.append([family, circuit, device, f"{ours['n2']:.0f}", f"{ours['d2']:.0f}", "", "", "", ""])
            continue
        best = min(peers, key=lambda c: (peers[c]["n2"], peers[c]["d2"]))
        n2, d2 = _ratio(ours["n2"], peers[best]["n2"]), _ratio(ours["d2"], min(p["d2"] for p in peers.values()))
        families[family]["n2"].append(n2)
        families[family]["d2"].append(d2)
        o3 = peers.get("qiskit-o3")
        time = ours["cpu_s"] / o3["cpu_s"] if o3 and o3.get("cpu_s") else None
        if time is not None:
            families[family]["cpu"].append(time)
        shown = [f"{ours['n2']:.0f}", f"{ours['d2']:.0f}", f"{peers[best]['n2']:.0f} {best}"]
        detail.append(
            [family, circuit, device, *shown, f"{n2:.3f}", f"{d2:.3f}", "" if time is None else f"{time:.2f}"]
        )
    lines += ["| family | pairs | 2q gates | 2q depth | CPU time over qiskit-o3 |", "|---|---|---|---|---|"]
    for family, ratios in sorted(families.items()):
        cpu = f"{_mean(ratios['cpu']):.2f}" if ratios["cpu"] else ""
        lines.append(
            f"| {family} | {len(ratios['n2'])} | {_mean(ratios['n2']):.3f} | {_mean(ratios['d2']):.3f} | {cpu} |"
        )
    columns = ("family", "circuit", "device", "n2", "d2", "best peer", "n2 ratio", "d2 ratio", "CPU over o3")
    lines += ["", "## Every pair", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in detail]
    (folder / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
