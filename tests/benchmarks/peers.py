"""Compare with the peers on the same circuits in one run: `python -m tests.benchmarks.peers`, or `make bench-peers`.

Each compiler is one process that stays warm. Every answer comes back as OpenQASM and is measured here by one and the same
function, so no compiler counts its own gates. Rows go to a CSV as they come; a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.devices import devices_of, shipped_devices
from tests.benchmarks.families import FAMILIES, circuit
from tests.benchmarks.table import write_tables

__all__ = ["main"]

COLUMNS = (
    "device",
    "circuit",
    "family",
    "compiler",
    "seed",
    "n2",
    "d2",
    "depth",
    "log10esp",
    "cpu_s",
    "wall_s",
    "peak_rss_mb",
    "error",
)
ROUTE_FAMILIES = ("queko", "qubikos")


class Worker:
    """A compiler process that is started again when it dies or takes too long."""

    def __init__(self, name: str, limit_s: float) -> None:
        self.name, self.limit_s = name, limit_s
        self.process: subprocess.Popen[str] | None = None

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a job; an error row when the process ends or the limit passes."""
        import select

        if self.process is None or self.process.poll() is not None:
            environment = {**os.environ, "QDK_PYTHON_TELEMETRY": "none"}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            command = [sys.executable, "-m", "tests.benchmarks.worker", self.name]
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], self.limit_s)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            self.process.wait()
            self.process = None
            return {"error": f"no answer within {self.limit_s:g} s" if not ready else "the process ended"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def measure(qasm: str, device: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of a compiled circuit; see `docs/benchmarks/README.md`."""
    from qcompile.budget import metrics
    from qcompile.tape.qasm_read import read_qasm

    found = metrics(
        read_qasm(qasm, where="answer"),
        f1=device["f1"],
        f2=device["f2"],
        t1q_s=device["t1q_ns"] * 1e-9,
        t2q_s=device["t2q_ns"] * 1e-9,
        T_s=device["T_us"] * 1e-6,
    )
    return {key: getattr(found, key) for key in ("n2", "d2", "depth", "log10esp")}


def given_jobs(folder: Path) -> list[tuple[str, str, str, str, dict[str, Any], bool]]:
    """Return (device, circuit, family, qasm, device description, route only) for circuits given as files."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    devices = devices_of(folder)
    jobs = []
    for name, entry in sorted(manifest.items()):
        text = (folder / "circuits" / f"{name}.qasm").read_text("utf-8")
        for device in entry["devices"]:
            route_only = entry["family"] in ROUTE_FAMILIES
            jobs.append((device, name, entry["family"], text, devices[device], route_only))
    return jobs


def own_jobs(seeds: list[int], full: bool) -> list[tuple[str, str, str, str, dict[str, Any], bool]]:
    """Return jobs for circuits made here; the family's seed is in the circuit's name."""
    jobs = []
    devices = shipped_devices()
    for family, (_, quick, all_sizes) in FAMILIES.items():
        for n, second in all_sizes if full else quick:
            for seed in seeds:
                text = circuit(family, n, second, seed)
                width = int(text.split("qreg q[")[1].split("]")[0])
                names = [d for d in devices if devices[d]["n"] >= width and (":" not in d or width <= 10)]
                for device in names if full else names[:2]:
                    jobs.append((device, f"{family}_n{n}_{second}_s{seed}", family, text, devices[device], False))
    return jobs


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--given", type=Path, default=Path("../shared/bench"), help="folder with given circuits, if there"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="compiler seeds")
    parser.add_argument("--circuit-seeds", type=int, nargs="+", default=[11], help="seeds of circuits made here")
    parser.add_argument("--full", action="store_true", help="all sizes on all devices")
    parser.add_argument("--only", default="", help="substring of circuit names")
    parser.add_argument("--compilers", nargs="+", default=["qcompile", "qiskit-o2", "qiskit-o3", "tket"])
    parser.add_argument("--max-gates", type=int, default=20_000, help="leave longer circuits out")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one compile")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    args = parser.parse_args()
    jobs = own_jobs(args.circuit_seeds, args.full)
    if args.given.is_dir():
        jobs += given_jobs(args.given)
    jobs = [j for j in jobs if args.only in j[1] and j[3].count("\n") <= args.max_gates]
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / "rows.csv"
    done = set()
    if path.exists():
        with path.open() as file:
            done = {(r["device"], r["circuit"], r["compiler"], r["seed"]) for r in csv.DictReader(file)}
    workers = {name: Worker(name, args.limit) for name in args.compilers}
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for k, (device, name, family, text, description, route_only) in enumerate(jobs):
            print(f"[{k + 1}/{len(jobs)}] {name} on {device}", file=sys.stderr, flush=True)
            for compiler, worker in workers.items():
                if route_only and not compiler.startswith("qcompile"):
                    continue  # the optimum is known: no peer is needed to judge these
                for seed in args.seeds:
                    if (device, name, compiler, str(seed)) in done:
                        continue
                    job = {
                        "qasm": text,
                        "device": description,
                        "seed": seed,
                        "route_only": route_only,
                        "warm": seed == args.seeds[0],
                    }
                    answer = worker.ask(job)
                    row = {"device": device, "circuit": name, "family": family, "compiler": compiler, "seed": seed}
                    if "qasm" in answer:
                        try:
                            row |= measure(answer.pop("qasm"), description)
                        except Exception as error:  # an unreadable answer is a row, not the end of the run
                            row["error"] = f"unreadable: {error}"[:200]
                    writer.writerow(row | {key: answer[key] for key in answer if key in COLUMNS})
                    file.flush()
    for worker in workers.values():
        worker.close()
    write_tables(path, args.out)


if __name__ == "__main__":
    main()
