"""Entry point: exit code 0 for done, 1 for a failed limit or verification, 2 for wrong input, 70 for a defect."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit the process."""
    # Qualtran brings a package that reports its use over the network unless told not to.
    os.environ.setdefault("QDK_PYTHON_TELEMETRY", "none")
    import typer

    from qcompile.cli.app import app
    from qcompile.errors import QCompileError

    # Typer brings the command-line errors from Click or carries its own copy of them: both by way of one it exports.
    usage_errors: Any = typer.BadParameter.__base__
    try:
        code = app(prog_name="qcompile", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except QCompileError as error:
        print(f"qcompile: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output went away: not an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except usage_errors as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
            sys.exit(2)
        command = error.ctx.command_path if error.ctx is not None else "qcompile"
        what = error.format_message().rstrip(".")
        print(f"qcompile: {what[:1].lower()}{what[1:]}; see `{command} --help`", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        print("qcompile: interrupted, nothing half-written", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        if os.environ.get("QCOMPILE_TRACEBACK"):
            raise
        what = " ".join(str(error).split())[:300]
        print(f"qcompile: internal error, {type(error).__name__}: {what}", file=sys.stderr)
        print("qcompile: set QCOMPILE_TRACEBACK=1 to see where; please report it", file=sys.stderr)
        sys.exit(70)
