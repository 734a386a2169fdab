"""Long random runs: `python -m tests.fuzz.run --cases 5000`. Interrupted runs go on where they stopped."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fuzz.cases import case, failures

__all__ = ["main", "run_case"]


def run_case(seed: int, number: int) -> dict[str, Any]:
    """Return the outcome of one case as plain JSON values; a crash is a failure."""
    one = None
    try:
        one = case(seed, number)
        outcome, found = failures(one, seed=number)
    except Exception:  # whatever is raised is a failed case, kept with its traceback
        outcome, found = "failed", [traceback.format_exc()[-1500:]]
    row: dict[str, Any] = {"case": number, "outcome": outcome, "family": one.family if one else ""}
    if outcome != "ok":
        row |= {"what": found, "input": str(one)}
    return row


def _read(path: Path, seed: int) -> dict[int, dict[str, Any]]:
    """Return what an earlier run of the same seed did; a line that was cut off is done again."""
    rows: dict[int, dict[str, Any]] = {}
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            if row.get("seed") == seed:
                rows[row["case"]] = row
    return rows


def main(argv: list[str] | None = None) -> int:
    """Run cases, write one line a case and a summary, and return 1 when one failed."""
    parser = argparse.ArgumentParser(prog="tests.fuzz.run", description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    log = given.out / "cases.jsonl"
    done = _read(log, given.seed)
    numbers = range(given.first, given.first + given.cases)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar, log.open("a") as file:
        task = bar.add_task("fuzz", total=len(numbers))
        for number in numbers:
            if number not in done:
                done[number] = {"seed": given.seed, **run_case(given.seed, number)}
                file.write(json.dumps(done[number], sort_keys=True) + "\n")
                file.flush()
            bar.advance(task)
    rows = [done[number] for number in numbers]
    summary = {
        "seed": given.seed,
        "first": given.first,
        "cases": len(rows),
        "outcomes": dict(sorted(Counter(r["outcome"] for r in rows).items())),
        "families": dict(sorted(Counter(r["family"] for r in rows).items())),
        "failed": [r for r in rows if r["outcome"] == "failed"],
    }
    (given.out / "summary.json").write_text(json.dumps(summary, indent=1, sort_keys=True) + "\n")
    print(json.dumps({k: v for k, v in summary.items() if k != "failed"}, sort_keys=True))
    for row in summary["failed"]:
        print(f"case {row['case']}: {row['what']}\n  {row['input']}")
    return 1 if summary["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
