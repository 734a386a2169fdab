"""Entry point: exit code 0 for done, 1 for a failed limit or verification, 2 for wrong input, 70 for a defect."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit the process."""
    # Qualtran brings a package that reports its use over the network unless told not to.
    os.environ.setdefault("QDK_PYTHON_TELEMETRY", "none")
    from qcompile.cli.app import app
    from qcompile.errors import QCompileError

    try:
        app(prog_name="qcompile")
    except QCompileError as error:
        print(f"qcompile: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output went away: not an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("QCOMPILE_TRACEBACK"):
            raise
        what = " ".join(str(error).split())[:300]
        print(f"qcompile: internal error, {type(error).__name__}: {what}", file=sys.stderr)
        print("qcompile: set QCOMPILE_TRACEBACK=1 to see where; please report it", file=sys.stderr)
        sys.exit(70)
    except KeyboardInterrupt:
        print("qcompile: interrupted, nothing half-written", file=sys.stderr)
        sys.exit(130)
