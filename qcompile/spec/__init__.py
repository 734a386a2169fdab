"""Spec files: what a user writes, read with care and lowered to a program."""

from qcompile.spec.fields import Limit
from qcompile.spec.load import PRESETS, load_model, preset_text, schema
from qcompile.spec.lower import conventions_of, lower_spec
from qcompile.spec.model import LIMITS, ModelSpec
from qcompile.spec.registers import Registers, registers_of

__all__ = [
    "LIMITS",
    "PRESETS",
    "Limit",
    "ModelSpec",
    "Registers",
    "conventions_of",
    "load_model",
    "lower_spec",
    "preset_text",
    "registers_of",
    "schema",
]
