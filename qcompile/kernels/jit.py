"""The one way a kernel is compiled: cached on disk, free of the interpreter lock, the same bits everywhere."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numba

__all__ = ["jit"]

F = TypeVar("F", bound=Callable[..., object])

#: How kernels import each other; any other way is refused by the test of this module.
_IMPORT = re.compile(rb"^from qcompile\.kernels\.(\w+) import", re.MULTILINE)


@cache
def _text(module: str) -> bytes:
    """Return the source of a kernel module."""
    return (Path(__file__).parent / f"{module}.py").read_bytes()


@cache
def _sources(module: str) -> str:
    """Return the SHA-256 of a kernel module's source and of all kernel modules that it imports, near or far."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [match.decode() for match in _IMPORT.findall(_text(name))]
    sha = hashlib.sha256()
    for name in sorted(found):
        sha.update(name.encode() + b"\0" + _text(name))
    return sha.hexdigest()


def jit(function: F) -> F:
    """Compile `function` in nopython mode; with NUMBA_DISABLE_JIT=1 it stays plain Python."""
    kernel = numba.njit(cache=True, nogil=True, fastmath=False, parallel=False)(function)
    # numba keys its cache by the function's own file, but compiled code holds its callees too: a caller would keep the
    # old code of a callee that changed in another file.
    index = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if index is not None and hasattr(index, "_source_stamp"):
        index._source_stamp = (index._source_stamp, _sources(function.__module__.rpartition(".")[2]))
    return cast(F, kernel)


def is_compiled() -> bool:
    """Return whether kernels run compiled in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") != "1"
