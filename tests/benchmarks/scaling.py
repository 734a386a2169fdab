"""Growth of time and memory with the number of gates: `python -m tests.benchmarks.scaling`.

Random circuits of rotations and CNOT, as tapes, of 10^3 to 10^6 gates on 100 qubits, one process each. Sizes go up
until one takes longer than the limit; that size is in the table, without a time.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["COLUMNS", "main", "one", "random_tape"]

COLUMNS = ("qubits", "gates", "device", "cpu_s", "wall_s", "peak_rss_mb", "n2", "n_swaps", "error")
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def random_tape(n: int, gates: int, seed: int) -> Any:
    """Return a random tape: half u-like rotations, half CNOT between qubits at most four apart in a row of qubits."""
    from qcompile.tape import TapeBuilder

    rng = np.random.default_rng([seed, n, gates])
    builder = TapeBuilder(n)
    axes = ("rx", "ry", "rz")
    for kind, q, step, angle in zip(
        rng.integers(0, 6, gates).tolist(),
        rng.integers(0, n, gates).tolist(),
        rng.integers(1, 5, gates).tolist(),
        rng.uniform(-np.pi, np.pi, gates).tolist(),
        strict=True,
    ):
        if kind < 3:
            builder.add(axes[kind], q, angles=[angle])
        else:
            builder.add("cx", q, (q + step) % n)
    return builder.build()


def one(n: int, gates: int, device: str, seed: int) -> dict[str, Any]:
    """Return the figures of one compile in this process, after a small warm-up."""
    import qcompile as qc
    from tests.benchmarks.devices import shipped_devices
    from tests.benchmarks.worker import forget_peak, peak_mb, target_of, timed

    target = target_of(shipped_devices()[device])
    qc.compile(random_tape(n, 500, seed), target=target, seed=seed)
    tape = random_tape(n, gates, seed)
    forget_peak()
    built, wall, cpu = timed(lambda: qc.compile(tape, target=target, seed=seed))
    return {
        "qubits": n,
        "gates": gates,
        "device": device,
        "cpu_s": f"{cpu:.3g}",
        "wall_s": f"{wall:.3g}",
        "peak_rss_mb": f"{peak_mb():.0f}",
        "n2": built.metrics["n2"],
        "n_swaps": built.n_swaps,
    }


def main() -> None:
    """Run all sizes, or one of them when it is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--devices", nargs="+", default=["willow105", "heron156"])
    parser.add_argument("--qubits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for one process")
    parser.add_argument("--inside", action="store_true", help="compile here and print one row")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    args = parser.parse_args()
    if args.inside:
        print(json.dumps(one(args.qubits, args.sizes[0], args.devices[0], args.seed)))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "scaling.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for device in args.devices:
            for gates in args.sizes:
                command = [sys.executable, "-m", "tests.benchmarks.scaling", "--inside", "--sizes", str(gates)]
                command += ["--devices", device, "--qubits", str(args.qubits), "--seed", str(args.seed)]
                row: dict[str, Any] = {"qubits": args.qubits, "gates": gates, "device": device}
                try:
                    done = subprocess.run(command, capture_output=True, text=True, timeout=args.limit, check=False)
                    last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
                    row |= json.loads(done.stdout) if done.returncode == 0 else {"error": last[0][:150]}
                except subprocess.TimeoutExpired:
                    row["error"] = f"no answer within {args.limit:g} s"
                writer.writerow(row)
                file.flush()
                print(row, file=sys.stderr, flush=True)
                if "error" in row:
                    break


if __name__ == "__main__":
    main()
