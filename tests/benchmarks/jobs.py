"""Pairs of a circuit and a device: given as files, or made here from seeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.benchmarks.devices import devices_of, shipped_devices
from tests.benchmarks.families import FAMILIES, circuit
from tests.benchmarks.known import qubikos, queko

__all__ = ["Job", "all_jobs", "given_jobs", "own_jobs"]

ROUTE_FAMILIES = ("queko", "qubikos")
#: Sizes of the circuits with a known optimum: depths, and (swaps, filler gates a section).
QUEKO_DEPTHS = {False: (5,), True: (5, 15, 45)}
QUBIKOS_SIZES = {False: ((5, 60),), True: ((5, 60), (10, 200))}
#: Devices of the quick run, with the widest circuit for each: Google's own gates are slow in the peers.
QUICK = {"sycamore54": 54, "heron156": 156, "sycamore54:sqrtiswap": 10, "sycamore54:syc": 10}


@frozen(kw_only=True)
class Job:
    """One pair.

    Attributes:
        device_name: Of `device`.
        name: Of the circuit.
        family: Its family.
        qasm: The circuit, OpenQASM 2.
        device: Graph, native gate and noise model, as in `devices.py`.
        route_only: Layout and routing only, swaps are counted.
        optimum: Least number of swaps where it is known.
    """

    device_name: str
    name: str
    family: str
    qasm: str
    device: dict[str, Any]
    route_only: bool = False
    optimum: int | None = None

    @property
    def gates(self) -> int:
        """Statements of the circuit without its three lines of head."""
        return self.qasm.count("\n") - 3


def given_jobs(folder: Path) -> list[Job]:
    """Return the pairs of circuits given as files with a `manifest.json`."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    devices = devices_of(folder)
    return [
        Job(
            device_name=device,
            name=name,
            family=entry["family"],
            qasm=(folder / "circuits" / f"{name}.qasm").read_text("utf-8"),
            device={k: v for k, v in devices[device].items() if k != "grid"},
            route_only=entry["family"] in ROUTE_FAMILIES,
            optimum=(entry.get("opt") or {}).get("swaps", 0) if entry["family"] in ROUTE_FAMILIES else None,
        )
        for name, entry in sorted(manifest.items())
        for device in entry["devices"]
    ]


def own_jobs(seeds: list[int], full: bool) -> list[Job]:
    """Return pairs of circuits made here; the seed is in the circuit's name."""
    jobs = []
    devices = shipped_devices()
    for family, (_, quick, all_sizes) in FAMILIES.items():
        for n, second in all_sizes if full else quick:
            for seed in seeds:
                text = circuit(family, n, second, seed)
                width = int(text.split("qreg q[")[1].split("]")[0])
                for name, device in devices.items():
                    widest = device["n"] if full and ":" not in name else QUICK.get(name, 0)
                    if width <= widest:
                        full_name = f"{family}_n{n}_{second}_s{seed}"
                        jobs.append(Job(device_name=name, name=full_name, family=family, qasm=text, device=device))
    for name, device in devices.items():
        if ":" in name or device["edges"] == "all_to_all":
            continue
        edges = [(int(a), int(b)) for a, b in device["edges"]]
        for seed in seeds:
            made = [(f"queko_{name}_d{d}", "queko", 0, queko(device["n"], edges, d, seed)) for d in QUEKO_DEPTHS[full]]
            made += [
                (f"qubikos_{name}_k{k}_{g}", "qubikos", k, qubikos(device["n"], edges, k, g, seed))
                for k, g in QUBIKOS_SIZES[full]
            ]
            jobs += [
                Job(
                    device_name=name,
                    name=f"{title}_s{seed}",
                    family=family,
                    qasm=text,
                    device=device,
                    route_only=True,
                    optimum=optimum,
                )
                for title, family, optimum, text in made
            ]
    return jobs


def all_jobs(given: Path, *, own: bool, circuit_seeds: list[int], full: bool) -> list[Job]:
    """Return given pairs, where their folder is there, and pairs made here."""
    jobs = given_jobs(given) if given.is_dir() else []
    if own or not jobs:
        jobs += own_jobs(circuit_seeds, full)
    return jobs
