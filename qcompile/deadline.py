"""The user's time limit: the only clock that a compile may look at.

Searches ask `out_of_time` between rounds, once they hold an answer. Without a limit nothing is ever asked, and the same
seed gives the same circuit; with one, how far a search comes depends on the machine it runs on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Deadline", "deadline", "has_deadline", "out_of_time", "was_cut_short"]


class Deadline:
    """A moment after which searches stop.

    Attributes:
        end_s: On the clock of `time.monotonic`.
        was_met: Whether a search was stopped by it.
    """

    def __init__(self, seconds: float) -> None:
        self.end_s = time.monotonic() + seconds
        self.was_met = False


_NOW: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Let searches in the body stop after so many seconds; None sets no limit, and a limit around it stays."""
    if seconds is None:
        yield
        return
    token = _NOW.set(Deadline(seconds))
    try:
        yield
    finally:
        _NOW.reset(token)


def has_deadline() -> bool:
    """Return whether there is a limit."""
    return _NOW.get() is not None


def out_of_time() -> bool:
    """Return whether the limit has passed; a search that asks must stop then."""
    now = _NOW.get()
    if now is None or time.monotonic() < now.end_s:
        return False
    now.was_met = True
    return True


def was_cut_short() -> bool:
    """Return whether the limit stopped a search since it was set."""
    now = _NOW.get()
    return now is not None and now.was_met
