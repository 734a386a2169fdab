"""Hardware-aware compiler and resource estimator for quantum models of language.

>>> import qcompile as qc
>>> built = qc.compile(qc.tape_of("h 0; cx 0 1"), target="ring(4)")
>>> built.metrics["n2"]
1

Names load on first use, so that importing this package loads neither cirq nor qualtran.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estimates import Estimate
    from hardware_profiles import list_profiles, load_profile
    from qcompile.api import (
        Compiled,
        CompiledProgram,
        TargetGateset,
        certify,
        check,
        compile,
        estimate,
        route,
        simplify,
    )
    from qcompile.errors import InputError, QCompileError
    from qcompile.passes import Pipeline, as_cirq_transformer
    from qcompile.spec import ModelSpec, load_model, lower_spec
    from qcompile.tape import Tape, tape_of
    from qcompile.tape.files import load_circuit
    from qcompile.target import Target

_HOME = {
    "Compiled": "qcompile.api",
    "CompiledProgram": "qcompile.api",
    "Estimate": "estimates",
    "InputError": "qcompile.errors",
    "ModelSpec": "qcompile.spec",
    "Pipeline": "qcompile.passes",
    "QCompileError": "qcompile.errors",
    "Tape": "qcompile.tape",
    "Target": "qcompile.target",
    "TargetGateset": "qcompile.api",
    "as_cirq_transformer": "qcompile.passes",
    "certify": "qcompile.api",
    "check": "qcompile.api",
    "compile": "qcompile.api",
    "estimate": "qcompile.api",
    "list_profiles": "hardware_profiles",
    "load_circuit": "qcompile.tape.files",
    "load_model": "qcompile.spec",
    "load_profile": "hardware_profiles",
    "lower_spec": "qcompile.spec",
    "route": "qcompile.api",
    "simplify": "qcompile.api",
    "tape_of": "qcompile.tape",
}

__all__ = [
    "Compiled",
    "CompiledProgram",
    "Estimate",
    "InputError",
    "ModelSpec",
    "Pipeline",
    "QCompileError",
    "Tape",
    "Target",
    "TargetGateset",
    "as_cirq_transformer",
    "certify",
    "check",
    "compile",
    "estimate",
    "list_profiles",
    "load_circuit",
    "load_model",
    "load_profile",
    "lower_spec",
    "route",
    "simplify",
    "tape_of",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
