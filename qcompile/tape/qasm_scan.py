"""OpenQASM text, token by token, with places that a person can find."""

from __future__ import annotations

import re

from qcompile.errors import InputError

__all__ = ["Scanner"]

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(
    r"""\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?   # a number
        |[^\W\d]\w*|\$\d+|"[^"\n]*"                             # a name, a hardware qubit, a text
        |->|==|!=|<=|>=|&&|\|\||\+\+|\*\*|\S)""",
    re.VERBOSE,
)
_OPEN, _CLOSE = "([{", ")]}"


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])  # as long as it was, so that columns stay


class Scanner:
    """A place in a text.

    Args:
        text: The whole program; comments are blanked out.
        where: Name of the file, for errors.
    """

    def __init__(self, text: str, where: str) -> None:
        self.text = _COMMENT.sub(_blank, text) if "//" in text or "/*" in text else text
        self.where, self.at = where, 0

    def next_at(self) -> int:
        """Return where the next token begins."""
        space = _SPACE.match(self.text, self.at)
        return space.end() if space else self.at

    def place(self, at: int | None = None) -> str:
        """Return file, line and column of an offset; the default is the next token."""
        if at is None:
            at = self.next_at()
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return f"{self.where}: line {line}, column {column}"

    def error(self, what: str, *, at: int | None = None, hint: str = "") -> InputError:
        """Return an error that names the place."""
        return InputError(what, where=self.place(at), hint=hint)

    def peek(self) -> str:
        """Return the next token without taking it; empty at the end."""
        match = _TOKEN.match(self.text, self.at)
        return match[1] if match else ""

    def take(self, wanted: str = "") -> str:
        """Return the next token and step over it.

        Raises:
            InputError: The text ends, or the token is not the `wanted` one.
        """
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            raise self.error("ends too early", hint=f"{wanted!r} is missing" if wanted else "")
        if wanted and match[1] != wanted:
            raise self.error(f"has {match[1]!r} where {wanted!r} is expected")
        self.at = match.end()
        return match[1]

    def next_is(self, wanted: str) -> bool:
        """Step over the next token if it is `wanted`, and return whether it was."""
        match = _TOKEN.match(self.text, self.at)
        if match is None or match[1] != wanted:
            return False
        self.at = match.end()
        return True

    def name(self, what: str = "a name") -> str:
        """Return an identifier."""
        token = self.peek()
        if not (token[:1].isalpha() or token[:1] == "_"):
            raise self.error(f"has {token!r} where {what} is expected" if token else "ends too early")
        return self.take()

    def until(self, stops: str) -> tuple[str, int]:
        """Return the text up to one of `stops` outside brackets, and where it begins; the stop is not taken.

        Raises:
            InputError: The text or a bracket around it ends first.
        """
        start = self.next_at()
        depth, at, text = 0, start, self.text
        while at < len(text):
            char = text[at]
            if depth == 0 and char in stops:
                self.at = at
                return text[start:at].rstrip(), start
            if char in _OPEN:
                depth += 1
            elif char in _CLOSE:
                depth -= 1
                if depth < 0:
                    break
            elif char == ";":
                break
            at += 1
        raise self.error(f"misses {stops[0]!r}", at=min(at, max(len(text) - 1, 0)))

    def skip_block(self) -> None:
        """Step over one statement or one block in braces."""
        if self.peek() != "{":
            while self.take() != ";":
                pass
            return
        depth = 0
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return
