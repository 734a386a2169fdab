"""The front doors: compile, route, certify, check, estimate."""

from qcompile.api.compiled import Compiled, CompiledProgram
from qcompile.api.front import compile, route
from qcompile.api.gateset import TargetGateset
from qcompile.api.results import certify, check, estimate
from qcompile.api.simplified import simplify

__all__ = [
    "Compiled",
    "CompiledProgram",
    "TargetGateset",
    "certify",
    "check",
    "compile",
    "estimate",
    "route",
    "simplify",
]
