"""Kinds of field in a spec file: strict numbers, limits such as `>= 0.5`, angles such as `pi/4`."""

from __future__ import annotations

import math
import operator
import re
from typing import Annotated, Any, Literal

from attrs import frozen
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from qcompile.errors import InputError
from qcompile.tape.expr_text import parse_expr

__all__ = ["Angle", "Count", "Layers", "Limit", "Natural", "Number", "Positive", "Probability", "Section"]


class Section(BaseModel):
    """A frozen part of a spec; unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=False, allow_inf_nan=False)


def _whole(value: Any) -> Any:
    """Let 4e3 be the whole number it is; leave everything else to the strict check."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _angle(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        parsed = parse_expr(value, where="angle")
    except InputError as error:
        raise ValueError(f"{error.what}; {error.hint}") from None
    if not parsed.is_number:
        raise ValueError(f"holds the name {parsed.names[0]}; use numbers, pi and functions only")
    return parsed.const


Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=10**12)]
"""A whole number from 1."""
Layers = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=1, le=100_000)]
"""A number of circuit layers: each is written out, so that there is a bound."""
Natural = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0, le=10**12)]
"""A whole number from 0."""
Number = Annotated[float, Field(strict=True, ge=0)]
"""A number from 0."""
Positive = Annotated[float, Field(strict=True, gt=0)]
"""A number above 0."""
Probability = Annotated[float, Field(strict=True, gt=0, lt=1)]
"""A number between 0 and 1, ends excluded."""
Angle = Annotated[float, BeforeValidator(_angle), Field(strict=True)]
"""Radians: a number, or a formula of numbers such as pi/4."""

_LIMIT = re.compile(r"\s*(>=|<=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*")


_RELATIONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@frozen
class Limit:
    """A bound on a reported figure.

    Attributes:
        relation: One of >=, <=, >, <.
        value: The bound, in the unit that the figure's name carries.
    """

    relation: Literal[">=", "<=", ">", "<"]
    value: float

    @classmethod
    def parse(cls, text: Any) -> Limit:
        """Return the limit that a text such as `>= 0.5` states.

        Raises:
            ValueError: It states none.

        >>> Limit.parse("<= 1e6").holds(10)
        True
        """
        if isinstance(text, Limit):
            return text
        match = _LIMIT.fullmatch(text) if isinstance(text, str) else None
        if match is None or not math.isfinite(float(match[2])):
            raise ValueError("use a comparison such as '>= 0.5' or '<= 1e6'")
        relation: Any = match[1]
        return cls(relation, float(match[2]))

    def holds(self, figure: float | None) -> bool | None:
        """Return whether a figure keeps the limit, None when the figure is unknown."""
        if figure is None or math.isnan(figure):
            return None
        return bool(_RELATIONS[self.relation](figure, self.value))

    def __str__(self) -> str:
        return f"{self.relation} {self.value:g}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": "^\\s*(>=|<=|>|<)\\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\\s*$"}
