"""The command line: reads options, calls `qcompile.api`, prints what `qcompile.report` renders, sets the exit code."""

from qcompile.cli.main import main

__all__ = ["main"]
