"""Plots of a comparison, as small SVG files that are the same bytes for the same rows."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.benchmarks.pairs import Pair

__all__ = ["write_plots"]

BLUE, ORANGE, GREY = "#2b6ca3", "#d97a26", "#888888"


def _save(figure: Any, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
    # Matplotlib ends some lines with a space.
    path.write_text("\n".join(line.rstrip() for line in path.read_text("utf-8").splitlines()) + "\n", "utf-8")


def _ratios(pairs: list[Pair], folder: Path) -> None:
    import matplotlib.pyplot as plt

    from tests.benchmarks.pairs import clipped, geometric_mean
    from tests.benchmarks.table import TWINS

    families: dict[str, list[Pair]] = defaultdict(list)
    for p in pairs:
        if p.ratio("n2") is not None and p.family not in TWINS:
            families[p.family].append(p)
    if not families:
        return
    names = sorted(families, reverse=True)
    figure, axes = plt.subplots(figsize=(7, 0.42 * len(names) + 1))
    for metric, shift, colour in (("n2", 0.15, BLUE), ("d2", -0.15, ORANGE)):
        for k, name in enumerate(names):
            ratios = [clipped(r) for p in families[name] if (r := p.ratio(metric)) is not None]
            axes.plot(ratios, [k + shift] * len(ratios), ".", color=colour, alpha=0.35, ms=5)
            mean = geometric_mean(ratios)
            if mean is not None:
                axes.plot([mean], [k + shift], "D", color=colour, ms=5, label=metric if k == 0 else None)
    axes.axvline(1.0, color=GREY, lw=1)
    axes.set_xscale("log", base=2)
    axes.set_xticks([0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0], ["0.5", "0.7", "0.85", "1", "1.2", "1.5", "2"])
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("ours over the best peer (dots: pairs, diamonds: geometric means)")
    axes.legend(loc="lower right")
    _save(figure, folder / "ratios.svg")


def _cpu(pairs: list[Pair], folder: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5))
    limits = []
    for peer, colour in (("qiskit-o3", BLUE), ("qiskit-o2", ORANGE)):
        points = [
            (p.found[peer]["cpu_s"], ours)
            for p in pairs
            if (ours := p.ours("cpu_s")) and p.found.get(peer, {}).get("cpu_s")
        ]
        if points:
            axes.loglog(*zip(*points, strict=True), ".", color=colour, alpha=0.6, label=peer)
            limits += [v for point in points for v in point]
    if limits:
        axes.plot([min(limits), max(limits)], [min(limits), max(limits)], color=GREY, lw=1)
        axes.set_xlabel("CPU s of the peer")
        axes.set_ylabel("CPU s, ours")
        axes.legend()
        _save(figure, folder / "cpu.svg")
    else:
        plt.close(figure)


def _scaling(folder: Path) -> None:
    import matplotlib.pyplot as plt

    with (folder / "scaling.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["cpu_s"]]
    figure, left = plt.subplots(figsize=(6, 4))
    right = left.twinx()
    for device, marker in zip(sorted({r["device"] for r in rows}), "os^v", strict=False):
        mine = sorted((r for r in rows if r["device"] == device), key=lambda r: int(r["gates"]))
        gates = [int(r["gates"]) for r in mine]
        left.loglog(gates, [float(r["cpu_s"]) for r in mine], marker + "-", color=BLUE, label=device)
        right.loglog(gates, [float(r["peak_rss_mb"]) for r in mine], marker + "--", color=ORANGE)
    left.set_xlabel("gates")
    left.set_ylabel("CPU s", color=BLUE)
    right.set_ylabel("peak memory, MB", color=ORANGE)
    left.legend()
    _save(figure, folder / "scaling.svg")


def write_plots(pairs: list[Pair], folder: Path) -> None:
    """Write `ratios.svg`, `cpu.svg` and, where `scaling.csv` is there, `scaling.svg`."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "qcompile"
    _ratios(pairs, folder)
    _cpu(pairs, folder)
    if (folder / "scaling.csv").exists():
        _scaling(folder)
