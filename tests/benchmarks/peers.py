"""Compare with the peers on the same circuits in one run: `python -m tests.benchmarks.peers`, or `make bench-peers`.

Each compiler is one process that stays warm, and one compiles at a time. Every answer comes back as OpenQASM and is
measured here by one and the same function, so no compiler counts its own gates. Rows go to `out/benchmarks` as they
come; a run that was interrupted goes on where it stopped, and `--refresh qcompile` makes one compiler's rows anew.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.jobs import Job, all_jobs
from tests.benchmarks.tolerance import without_tiny_rotations

__all__ = ["COLUMNS", "Worker", "main", "measure", "run"]

COLUMNS = (
    "device",
    "circuit",
    "family",
    "gates",
    "optimum",
    "compiler",
    "seed",
    "n2",
    "d2",
    "depth",
    "log10esp",
    "n_swaps",
    "cpu_s",
    "wall_s",
    "from_cirq_s",
    "to_cirq_s",
    "peak_rss_mb",
    "verified",
    "verify_note",
    "approximates",
    "error",
)
DEFAULT = ("qiskit-o2", "qiskit-o3", "qcompile", "tket", "tket-pauli", "cirq")
#: After a compile of this many seconds the other seeds of the pair are left out.
ONE_SEED_S = 3.0
#: Peers without a random choice need one seed.
NO_SEED = ("tket", "tket-pauli", "cirq")
#: tket's synthesis of Pauli gadgets takes minutes where a circuit is not made of them.
PAULI = ("pauli", "heis")


class Worker:
    """A compiler process that is started again when it dies or takes too long."""

    def __init__(self, name: str, limit_s: float) -> None:
        self.name, self.limit_s = name, limit_s
        self.process: subprocess.Popen[str] | None = None

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a job; an error row when the process ends or the limit passes."""
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
            self.close()
            return {"error": f"no answer within {self.limit_s:g} s" if not ready else "the process ended"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
            self.process = None


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
    return {
        "n2": found.n2,
        "d2": found.d2,
        "depth": found.depth,
        "log10esp": f"{found.log10esp:.5g}",
    }


def _variants(job: Job, names: list[str], tket_gates: int, cirq_gates: int) -> list[tuple[str, str, str, bool]]:
    """Return (row's compiler, worker, circuit, whether it approximates) for one pair."""
    dropped = None if job.route_only else without_tiny_rotations(job.qasm)
    native = job.device["native_two_qubit"]
    out = []
    for name in names:
        plain = native in ("cz", "rzz", "rxx", "ecr")
        if name == "tket" and (job.gates > tket_gates or not plain):
            continue
        if name == "tket-pauli" and (job.gates > tket_gates or not plain or job.family not in PAULI or job.route_only):
            continue
        if name == "cirq" and (job.gates > cirq_gates or native not in ("cz", "sqrtiswap", "syc") or job.route_only):
            continue
        qiskit = name.startswith("qiskit")
        if job.route_only and name == "qiskit-o2":
            continue
        out.append((name, name, job.qasm, qiskit and dropped is not None))
        if dropped is not None and qiskit:
            out.append((f"{name}-exact", f"{name}-exact", job.qasm, False))
        if dropped is not None and name == "qcompile":
            out.append(("qcompile-drop", name, dropped, True))
    return out


def _rows(
    job: Job, variant: tuple[str, str, str, bool], workers: dict[str, Worker], seeds: list[int], done: set[Any]
) -> list[dict[str, Any]]:
    """Return the rows of one compiler on one pair that are not there yet."""
    name, worker, text, approximates = variant
    rows: list[dict[str, Any]] = []
    for seed in seeds[:1] if name in NO_SEED else seeds:
        if (job.device_name, job.name, name, str(seed)) in done:
            continue
        answer = workers[worker].ask(
            {
                "qasm": text,
                "device": job.device,
                "seed": seed,
                "route_only": job.route_only,
                "warm": seed == seeds[0],
                "verify": True,
                "cirq": seed == seeds[0],
            }
        )
        row: dict[str, Any] = {
            "device": job.device_name,
            "circuit": job.name,
            "family": job.family,
            "gates": job.gates,
            "optimum": job.optimum,
            "compiler": name,
            "seed": seed,
            "approximates": "yes" if approximates else "",
        }
        if "qasm" in answer:
            text_back = answer.pop("qasm")
            try:
                # Routed circuits keep their gates, wide ones included: only swaps are counted.
                row |= {} if job.route_only else measure(text_back, job.device)
            except Exception as error:  # an unreadable answer is a row, not the end of the run
                row["error"] = f"unreadable: {error}"[:200]
        shown = {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in answer.items() if k in COLUMNS}
        rows.append(row | shown)
        if answer.get("wall_s", ONE_SEED_S) >= ONE_SEED_S:
            break
    return rows


def _keep(path: Path, refresh: list[str], only: str) -> set[tuple[str, str, str, str]]:
    """Drop the rows to be made anew; return the keys of the others. Pairs that were cut to one seed count as done."""
    if not path.exists():
        return set()
    with path.open() as file:
        rows = list(csv.DictReader(file))
    kept = [r for r in rows if not (r["compiler"] in refresh and only in r["circuit"])]
    if len(kept) < len(rows):
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    keys = {(r["device"], r["circuit"], r["compiler"], r["seed"]) for r in kept}
    for r in kept:
        if r["error"] or (r["wall_s"] and float(r["wall_s"]) >= ONE_SEED_S):
            keys |= {(r["device"], r["circuit"], r["compiler"], str(seed)) for seed in range(100)}
    return keys


def run(
    jobs: list[Job],
    path: Path,
    *,
    compilers: list[str],
    seeds: list[int],
    limit_s: float = 120.0,
    refresh: list[str] | None = None,
    only: str = "",
    tket_gates: int = 1200,
    cirq_gates: int = 400,
) -> None:
    """Run what is missing of a comparison and add its rows to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done = _keep(path, refresh or [], only)
    fresh = not path.exists()
    workers: dict[str, Worker] = {}
    try:
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            if fresh:
                writer.writeheader()
            for k, job in enumerate(jobs):
                for variant in _variants(job, compilers, tket_gates, cirq_gates):
                    workers.setdefault(variant[1], Worker(variant[1], limit_s))
                    rows = _rows(job, variant, workers, seeds, done)
                    writer.writerows(rows)
                    file.flush()
                    for row in rows[:1]:
                        note = row.get("error") or f"{row.get('n2', row.get('n_swaps'))} in {row['cpu_s']} s"
                        print(
                            f"[{k + 1}/{len(jobs)}] {job.name} on {job.device_name}: {row['compiler']} {note}",
                            file=sys.stderr,
                            flush=True,
                        )
    finally:
        for worker in workers.values():
            worker.close()


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--given", type=Path, default=Path("../shared/bench"), help="folder with given circuits, if any"
    )
    parser.add_argument("--no-own", action="store_true", help="leave the circuits out that are made here")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="compiler seeds")
    parser.add_argument("--circuit-seeds", type=int, nargs="+", default=[11], help="seeds of circuits made here")
    parser.add_argument("--full", action="store_true", help="all sizes on all devices")
    parser.add_argument("--only", default="", help="substring of circuit names")
    parser.add_argument("--compilers", nargs="*", default=list(DEFAULT))
    parser.add_argument("--max-gates", type=int, default=20_000, help="leave longer circuits out")
    parser.add_argument("--tket-gates", type=int, default=1200, help="the same for tket, which is slow")
    parser.add_argument("--cirq-gates", type=int, default=400, help="the same for cirq, which is slow")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one compile, its warm-up and its check")
    parser.add_argument("--refresh", nargs="+", default=[], help="compilers whose rows are made anew")
    parser.add_argument("--work", type=Path, default=Path("out/benchmarks"), help="where rows are kept as they come")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="where rows and tables go at the end")
    args = parser.parse_args()
    from tests.benchmarks.table import write_tables

    jobs = all_jobs(args.given, own=not args.no_own, circuit_seeds=args.circuit_seeds, full=args.full)
    jobs = sorted((j for j in jobs if args.only in j.name and j.gates <= args.max_gates), key=lambda j: j.gates)
    path = args.work / "rows.csv"
    args.work.mkdir(parents=True, exist_ok=True)
    if args.refresh and not path.exists():
        shutil.copy(args.out / "rows.csv", path)
    run(
        jobs,
        path,
        compilers=args.compilers,
        seeds=args.seeds,
        limit_s=args.limit,
        refresh=args.refresh,
        only=args.only,
        tket_gates=args.tket_gates,
        cirq_gates=args.cirq_gates,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, args.out / "rows.csv")
    write_tables(args.out / "rows.csv", args.out)


if __name__ == "__main__":
    main()
