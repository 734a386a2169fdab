"""Versions of this package and of what it computes with, read from installed metadata without importing anything."""

from __future__ import annotations

import sys
from importlib import metadata

__all__ = ["package_version", "versions"]

_COMPUTE = ("cirq-core", "numba", "numpy", "qualtran", "scipy", "sympy")


def package_version() -> str:
    """Return the version of qcompile."""
    return metadata.version("qcompile")


def versions() -> dict[str, str]:
    """Return the versions on which a result depends, by distribution."""
    out = {"python": ".".join(map(str, sys.version_info[:3])), "qcompile": package_version()}
    for name in _COMPUTE:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "not installed"
    return out
