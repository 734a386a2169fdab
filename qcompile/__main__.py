"""`python -m qcompile` is the command line."""

from qcompile.cli import main

main()
