"""The commands and their options. Heavy packages load inside the commands that need them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from qcompile.errors import InputError

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Compile quantum models of language and circuits for real machines: verified, judged and priced.",
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Seed = Annotated[int | None, typer.Option(help="Seed of every random choice; default: the spec's, else 0.")]
TargetName = Annotated[
    str | None,
    typer.Option("--target", "-t", help="Machine: a shipped name, a profile file, or a form like grid(4,5)."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
NoSimplify = Annotated[
    list[str] | None, typer.Option("--no-simplify", help="Switch a structural rule off; repeatable, or `all`.")
]


def _emit(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1, sort_keys=True, allow_nan=False) + "\n")


def _version(show: bool) -> None:
    if show:
        from qcompile.versions import package_version

        typer.echo(f"qcompile {package_version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


@app.command()
def init(preset: Annotated[str, typer.Argument(help="Name of a shipped spec.")] = "nano") -> None:
    """Print a shipped model spec, to be edited."""
    from qcompile.spec import preset_text

    typer.echo(preset_text(preset), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a model spec."""
    from qcompile.spec import schema as json_schema

    _emit(json_schema())


@app.command()
def targets(
    name: Annotated[str | None, typer.Argument(help="One machine, shown in full.")] = None,
    as_json: Json = False,
) -> None:
    """List the machines, or show one."""
    from qcompile.report.targets import show_target, show_targets, target_summary, targets_summary

    if name is None:
        rows = targets_summary()
        _emit(rows) if as_json else show_targets(rows)
    else:
        summary = target_summary(name)
        _emit(summary) if as_json else show_target(summary)


@app.command("compile")
def compile_(
    path: Annotated[Path, typer.Argument(help="A model spec (YAML, JSON), OpenQASM 2 or 3, or Cirq JSON.")],
    target: TargetName = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for circuits, schedules, result.json and report.md; default out/NAME."),
    ] = None,
    seed: Seed = None,
    effort: Annotated[int, typer.Option(help="How hard to try, 0 to 3.")] = 1,
    objective: Annotated[
        str | None, typer.Option(help="two_qubit_gates, depth, makespan, esp or swaps; default: the spec's.")
    ] = None,
    inputs: Annotated[
        str | None, typer.Option(help="What a circuit may assume of its inputs: unknown (default) or zero.")
    ] = None,
    outputs: Annotated[
        str | None, typer.Option(help="What a circuit has to keep of its outputs: all (default) or measured.")
    ] = None,
    ancillas: Annotated[
        bool, typer.Option("--ancillas", help="Let idle qubits, which start in 0, help and return to 0.")
    ] = False,
    final_layout: Annotated[str, typer.Option(help="any, or same: end where it began.")] = "any",
    max_error: Annotated[
        float | None,
        typer.Option(help="Operator norm by which the circuit may differ where that saves gates; default 0."),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds after which search stops; the result says so.")
    ] = None,
    no_simplify: NoSimplify = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a limit of the spec fails.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compile, verify, judge and price a model or a circuit."""
    from qcompile.cli.actions import compile_path

    result, ok = compile_path(
        path,
        target=target,
        out=out,
        seed=seed,
        quiet=quiet,
        options={
            "effort": effort,
            "final_layout": final_layout,
            "no_simplify": tuple(no_simplify or ()),
            **{
                name: value
                for name, value in (
                    ("objective", objective),
                    ("inputs", inputs),
                    ("outputs", outputs),
                    ("ancillas", ancillas or None),
                    ("max_error", max_error),
                    ("time_limit", time_limit),
                )
                if value is not None
            },
        },
        show=not as_json,
    )
    if as_json:
        _emit(result)
    if not ok["verified"] or (strict and not ok["limits"]):
        raise typer.Exit(1)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("out/nano"),
    target: Annotated[str, typer.Option("--target", "-t", help="Machine.")] = "google_willow_105",
    quiet: Quiet = False,
) -> None:
    """Compile the shipped model nano, from spec to bill."""
    from qcompile.cli.actions import compile_demo

    _, ok = compile_demo(out=out, target=target, quiet=quiet)
    if not ok["verified"]:
        raise typer.Exit(1)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder written by compile.")],
    as_json: Json = False,
) -> None:
    """Judge compiled circuits again against their limits; exit 1 when one fails."""
    from qcompile.cli.actions import check_folder

    verdict, ok = check_folder(folder, show=not as_json)
    if as_json:
        _emit(verdict)
    if not ok:
        raise typer.Exit(1)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder written by compile.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare the written circuits with the theory again; exit 1 when one differs."""
    from qcompile.cli.actions import verify_folder

    certificates, ok = verify_folder(folder, show=not as_json, quiet=quiet)
    if as_json:
        _emit(certificates)
    if not ok:
        raise typer.Exit(1)


@app.command()
def estimate(
    path: Annotated[Path, typer.Argument(help="A model spec or a circuit.")],
    hardware: Annotated[str | None, typer.Option(help="Error-correction assumptions, such as gate_ns_e3.")] = None,
    model: Annotated[str | None, typer.Option(help="best, gidney_fowler or beverland.")] = None,
    error_budget: Annotated[float | None, typer.Option(help="Allowed failure probability of one execution.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Price a model or a circuit on an error-corrected machine."""
    from qcompile.cli.actions import estimate_path

    result = estimate_path(
        path, hardware=hardware, model=model, error_budget=error_budget, show=not as_json, quiet=quiet
    )
    if as_json:
        _emit(result)


@app.command()
def explain(
    path: Annotated[Path, typer.Argument(help="A model spec.")],
    no_simplify: NoSimplify = None,
    as_json: Json = False,
) -> None:
    """Print the program as a tree with formulas, then each rewrite and what it saved."""
    from qcompile.cli.actions import explain_path

    result = explain_path(path, no_simplify=tuple(no_simplify or ()), show=not as_json)
    if as_json:
        _emit(result)


@app.command()
def equations(
    number: Annotated[int | None, typer.Argument(help="One equation of the paper.")] = None,
    as_json: Json = False,
) -> None:
    """Print the paper's equations: where each lives, its check, and the outcome of running that check now."""
    from qcompile.cli.actions import show_equations

    rows, ok = show_equations(number, show=not as_json)
    if as_json:
        _emit(rows)
    if not ok:
        raise typer.Exit(1)


def require_target(name: str | None) -> str:
    """Return the name, or say that one is needed."""
    if name is None:
        raise InputError("is missing", where="--target", hint="name a machine; `qcompile targets` lists them")
    return name
