"""What the commands do: call the API, show progress, print, write."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qcompile.errors import InputError

__all__ = [
    "check_folder",
    "compile_demo",
    "compile_path",
    "estimate_path",
    "explain_path",
    "show_equations",
    "verify_folder",
]

Json = dict[str, Any]


@contextmanager
def _progress(quiet: bool, what: str) -> Iterator[Any]:
    """Yield a callback (name, done, total): a bar on a terminal, one line a step elsewhere, nothing when quiet."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        seen: set[tuple[str, int]] = set()

        def line(name: str, done: int, total: int) -> None:
            if (name, done) not in seen:
                seen.add((name, done))
                print(f"{what}: {name} ({done}/{total})", file=sys.stderr, flush=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)

        def update(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what}: {name}", completed=done, total=total)

        yield update


def _is_model(path: Path) -> bool:
    """Return whether a file holds a model spec and not a circuit, by content; what cannot be read is no model."""
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16).decode("utf-8", errors="replace")
    except OSError:
        return False
    if head.lstrip()[:1] == "{":
        return '"cirq_type"' not in head
    if re.search(r"^\s*(OPENQASM|include|qreg|qubit)\b", head, re.MULTILINE):
        return False
    looks_like_one = re.search(r"^[A-Za-z_][\w-]*\s*:", head, re.MULTILINE) is not None
    return looks_like_one or path.suffix.lower() in (".yaml", ".yml")


def compile_path(
    path: Path,
    *,
    target: str | None,
    out: Path | None,
    seed: int | None,
    quiet: bool,
    options: Json,
    show: bool,
) -> tuple[Json, dict[str, bool]]:
    """Compile a file; write the folder; print the report. Returns the result and whether all verified and held."""
    is_model = _is_model(path)
    from qcompile.api.document import compile_to_result
    from qcompile.api.folder import require_writable, write_folder

    source: Any
    if is_model:
        from qcompile.spec import load_model

        source = load_model(path)
        if target is None and source.noisy is not None:
            target = source.noisy.target
    else:
        from qcompile.tape.files import load_circuit

        source = load_circuit(path)
        options = {k: v for k, v in options.items() if k != "no_simplify"}
    if target is None:
        raise InputError("is missing", where="--target", hint="name a machine; `qcompile targets` lists them")
    folder = out if out is not None else Path("out") / path.stem
    require_writable(folder)
    with _progress(quiet, "compile") as progress:
        result, files = compile_to_result(
            source, name=path.stem, target=target, seed=seed, progress=progress, **options
        )
    write_folder(folder, files)
    if show:
        _print_result(result)
        print(f"\nwritten to {folder}")
    return result, {"verified": result["verified"], "limits": result["verdict"]["ok"] is not False}


def compile_demo(*, out: Path, target: str, quiet: bool) -> tuple[Json, dict[str, bool]]:
    """Compile the shipped spec nano."""
    from qcompile.api.document import compile_to_result
    from qcompile.api.folder import require_writable, write_folder
    from qcompile.spec import load_model, preset_text

    require_writable(out)
    with _progress(quiet, "compile") as progress:
        result, files = compile_to_result(
            load_model(preset_text("nano")), name="nano", target=target, seed=None, progress=progress
        )
    write_folder(out, files)
    _print_result(result)
    print(f"\nwritten to {out}")
    return result, {"verified": result["verified"], "limits": result["verdict"]["ok"] is not False}


def _print_result(result: Json) -> None:
    from qcompile.report.console import print_sections
    from qcompile.report.result import sections_of_result

    print_sections(sections_of_result(result))


def check_folder(folder: Path, *, show: bool) -> tuple[Json, bool]:
    """Judge written circuits again. Returns the verdict and whether no limit fails."""
    from qcompile.api.recheck import judge_again

    verdict = judge_again(folder)
    if show:
        from qcompile.report.console import print_sections
        from qcompile.report.result import sections_of_verdict

        print_sections(sections_of_verdict(verdict))
        for line in verdict["limits"]:
            if line["status"] == "unknown":
                print(f"warning: {line['name']} is unknown: {line.get('note', '')}", file=sys.stderr)
    return verdict, verdict["ok"] is not False


def verify_folder(folder: Path, *, show: bool, quiet: bool) -> tuple[Json, bool]:
    """Compare written circuits with the theory again. Returns certificates and whether all hold."""
    from qcompile.api.recheck import certify_again

    with _progress(quiet, "verify") as progress:
        result = certify_again(folder, progress=progress)
    if show:
        from qcompile.report.console import print_sections
        from qcompile.report.result import section_of_verification

        print_sections([section_of_verification(result["circuits"])])
    return result, bool(result["verified"])


def estimate_path(
    path: Path,
    *,
    hardware: str | None,
    model: str | None,
    error_budget: float | None,
    show: bool,
    quiet: bool,
) -> Json:
    """Price a file."""
    is_model = _is_model(path)
    from qcompile.api.bill import bill_of

    source: Any
    if is_model:
        from qcompile.spec import load_model

        source = load_model(path)
    else:
        from qcompile.tape.files import load_circuit

        source = load_circuit(path)
    with _progress(quiet, "estimate") as progress:
        bill = bill_of(
            source, name=path.stem, hardware=hardware, model=model, error_budget=error_budget, progress=progress
        )
    if show:
        from qcompile.report.console import print_sections
        from qcompile.report.result import sections_of_estimate

        print_sections(sections_of_estimate(bill))
    return bill


def explain_path(path: Path, *, no_simplify: tuple[str, ...], show: bool) -> Json:
    """Show the program and what the structural rules do to it."""
    from qcompile.api.document import rewrites_json
    from qcompile.api.simplified import simplify
    from qcompile.ir.diagnostics import remarks
    from qcompile.spec import load_model, lower_spec

    program = lower_spec(load_model(path))
    simplified, trace = simplify(program, without=no_simplify)
    result: Json = {
        "program": program.tree(),
        "rewrites": rewrites_json(trace),
        "simplified": simplified.tree(),
        "remarks": [str(one) for one in remarks(program)],
    }
    if show:
        from qcompile.report.console import print_sections
        from qcompile.report.result import section_of_rewrites

        print(result["program"])
        print_sections([section_of_rewrites(result["rewrites"])])
        print()
        print(result["simplified"])
        for remark in result["remarks"]:
            print(f"  remark: {remark}")
    return result


def show_equations(number: int | None, *, show: bool) -> tuple[list[Json], bool]:
    """Print the paper's equations and run their checks."""
    from qcompile.api.equations import check_equations

    rows = check_equations(number)
    if show:
        from qcompile.report.console import print_sections
        from qcompile.report.equations import sections_of_equations

        print_sections(sections_of_equations(rows))
    return rows, all(row["outcome"] != "fail" for row in rows)
