"""What goes wrong because of what the user gave: one class, one clear message, exit code 2."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["InputError", "QCompileError", "nearest"]


#: More names than this are not all listed in a message.
_MOST_LISTED, _FEW_LISTED = 24, 6


class QCompileError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(QCompileError):
    """Input that cannot be used: a spec, profile, circuit, option or path.

    Args:
        what: What is wrong, in one sentence fragment, with the offending value.
        where: File and field (`model.yaml: ansatz.layers`), or the argument's name; left out when there is none.
        hint: What to do about it.

    >>> str(InputError("is -3", where="model.yaml: ansatz.layers", hint="use an integer from 1"))
    'model.yaml: ansatz.layers is -3; use an integer from 1'
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(f"{where} {what}".strip() + (f"; {hint}" if hint else ""))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.where, self.hint))

    def inside(self, where: str) -> InputError:
        """Return the same error with a file or outer field put before its place."""
        return type(self)(self.what, where=f"{where}: {self.where}" if self.where else f"{where}:", hint=self.hint)


def _rebuild(cls: type[InputError], what: str, where: str, hint: str) -> InputError:
    return cls(what, where=where, hint=hint)


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return a hint that names the closest of `choices`; when none is close all of a few, or the likeliest of many.

    >>> nearest("wilow", ["willow", "boston"])
    'did you mean willow?'
    """
    known = sorted(choices)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    if len(known) > _MOST_LISTED:
        likely = difflib.get_close_matches(name, known, n=_FEW_LISTED, cutoff=0.0)
        return f"use one of {len(known)} names, such as " + ", ".join(sorted(likely))
    return "use one of " + ", ".join(known) if known else "there are none"
