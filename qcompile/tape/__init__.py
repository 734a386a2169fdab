"""Circuits as columns: the form in which everything between a program and a machine is computed."""

from qcompile.tape.builder import TapeBuilder, tape_of
from qcompile.tape.expr import Angle, Expr, evaluate_exprs
from qcompile.tape.expr_text import parse_expr
from qcompile.tape.files import load_circuit
from qcompile.tape.opcodes import SPECS, Op
from qcompile.tape.qasm_read import read_qasm
from qcompile.tape.qasm_write import write_qasm
from qcompile.tape.records import Call, Condition, Measurement, Opaque
from qcompile.tape.simulate import tape_state, tape_unitary
from qcompile.tape.tape import Tape
from qcompile.tape.witness import LayoutWitness, RegionWitness, Rewrite, Witness

__all__ = [
    "SPECS",
    "Angle",
    "Call",
    "Condition",
    "Expr",
    "LayoutWitness",
    "Measurement",
    "Op",
    "Opaque",
    "RegionWitness",
    "Rewrite",
    "Tape",
    "TapeBuilder",
    "Witness",
    "evaluate_exprs",
    "load_circuit",
    "parse_expr",
    "read_qasm",
    "tape_of",
    "tape_state",
    "tape_unitary",
    "write_qasm",
]
