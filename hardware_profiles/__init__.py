"""Hardware profiles: machines, models, requirements and assumptions as files, every number with source and date.

Importing this package loads neither pydantic nor any quantum library; the first profile does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hardware_profiles.figures import Column, Figure, Source, Table
    from hardware_profiles.library import find, list_profiles, load_profile, profile_from_data
    from hardware_profiles.rates import ErrorKind, ErrorRate
    from hardware_profiles.requirement import Criterion, check
    from hardware_profiles.schema import HardwareProfile

_HOME = {
    "Column": "figures",
    "Criterion": "requirement",
    "ErrorKind": "rates",
    "ErrorRate": "rates",
    "Figure": "figures",
    "HardwareProfile": "schema",
    "Source": "figures",
    "Table": "figures",
    "check": "requirement",
    "find": "library",
    "list_profiles": "library",
    "load_profile": "library",
    "profile_from_data": "library",
}

__all__ = [
    "Column",
    "Criterion",
    "ErrorKind",
    "ErrorRate",
    "Figure",
    "HardwareProfile",
    "Source",
    "Table",
    "check",
    "find",
    "list_profiles",
    "load_profile",
    "profile_from_data",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
