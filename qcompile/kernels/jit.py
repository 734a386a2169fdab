"""The one way a kernel is compiled: cached on disk, free of the interpreter lock, the same bits everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar, cast

import numba

__all__ = ["jit"]

F = TypeVar("F", bound=Callable[..., object])


def jit(function: F) -> F:
    """Compile `function` in nopython mode; with NUMBA_DISABLE_JIT=1 it stays plain Python."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False, parallel=False)(function))


def is_compiled() -> bool:
    """Return whether kernels run compiled in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") != "1"
