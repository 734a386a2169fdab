"""The one way a kernel is compiled: cached on disk, free of the interpreter lock, the same bits everywhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numba

__all__ = ["jit"]

F = TypeVar("F", bound=Callable[..., object])


@cache
def _sources() -> str:
    """Return the SHA-256 of every kernel's source."""
    sha = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


def jit(function: F) -> F:
    """Compile `function` in nopython mode; with NUMBA_DISABLE_JIT=1 it stays plain Python."""
    kernel = numba.njit(cache=True, nogil=True, fastmath=False, parallel=False)(function)
    # numba keys its cache by the function's own file, but compiled code holds its callees too: a caller would keep the
    # old code of a callee that changed in another file.
    index = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if index is not None and hasattr(index, "_source_stamp"):
        index._source_stamp = (index._source_stamp, _sources())
    return cast(F, kernel)


def is_compiled() -> bool:
    """Return whether kernels run compiled in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") != "1"
