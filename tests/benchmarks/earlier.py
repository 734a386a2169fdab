"""Counts of peers that were measured before, for pairs this run did not reach: marked, and without times."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.benchmarks.jobs import Job
from tests.benchmarks.peers import COLUMNS
from tests.benchmarks.tolerance import without_tiny_rotations

__all__ = ["EARLIER", "add_earlier"]

#: Stands in the column `seed`.
EARLIER = "earlier"
_NAMES = {
    "qiskit-o2": "qiskit-o2",
    "qiskit-o3": "qiskit-o3",
    "tket": "tket",
    "cirq": "cirq",
    "qiskit3+cirq": "qiskit-o3",
}


def add_earlier(peers: Path, jobs: list[Job], rows: Path) -> int:
    """Add counts from `peers` (columns device, circuit, peer, mode, n2_median, d2_median) where `rows` has none.

    Only counts are taken, which do not depend on the machine; nothing is taken where a peer approximates by default.
    """
    with rows.open() as file:
        there = {(r["device"], r["circuit"], r["compiler"]) for r in csv.DictReader(file) if not r["error"]}
    by_pair = {(j.device_name, j.name): j for j in jobs if not j.route_only and without_tiny_rotations(j.qasm) is None}
    added = 0
    with peers.open() as source, rows.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        for r in csv.DictReader(source):
            job, name = by_pair.get((r["device"], r["circuit"])), _NAMES.get(r["peer"])
            if job is None or name is None or r["mode"] != "full" or (r["device"], r["circuit"], name) in there:
                continue
            row = {"device": r["device"], "circuit": r["circuit"], "family": job.family, "gates": job.gates}
            counts = {"n2": r["n2_median"], "d2": r["d2_median"]}
            writer.writerow(row | counts | {"compiler": name, "seed": EARLIER})
            added += 1
    return added
