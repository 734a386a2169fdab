"""Machines in memory: `Target` and its views. See `qcompile.target.views` for Cirq and `.noise` for noise models."""

from __future__ import annotations

from qcompile.target.native import NativeGate
from qcompile.target.target import UNREACHABLE, Target

__all__ = ["UNREACHABLE", "NativeGate", "Target"]
