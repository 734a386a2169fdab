"""Options of a compile, checked once at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError, nearest

__all__ = ["OBJECTIVES", "Options", "make_options", "time_limit_of"]

OBJECTIVES = ("two_qubit_gates", "depth", "makespan", "esp", "swaps")
FinalLayout = Literal["any", "same"] | tuple[int, ...]


@frozen(kw_only=True)
class Options:
    """How to compile.

    Attributes:
        seed: Of every random choice.
        effort: 0 quick, 1 default, 2 and 3 try more.
        objective: One of OBJECTIVES.
        inputs: `unknown`, or `zero` when every qubit starts in 0.
        outputs: `all`, or `measured` when only measured bits matter.
        ancillas: Whether idle qubits of the machine, which start in 0, may serve and return to 0. Not used together
            with a given initial layout or a final layout by name.
        initial_layout: Physical qubit of each logical qubit, or None.
        final_layout: `any`, `same` (each logical qubit ends where it began), or a physical qubit for each.
        allowed_qubits: Physical qubits that may be used, or None for all.
        max_error: Operator norm by which the compiled circuit may differ from the given one, rounding apart, where that
            saves two-qubit gates; 0 for none.
        time_limit: Seconds after which searches stop with what they have, or None. With a limit, the circuit depends on
            how fast the computer is; without one, the seed alone decides.
    """

    seed: int = 0
    effort: int = 1
    objective: str = "two_qubit_gates"
    inputs: str = "unknown"
    outputs: str = "all"
    ancillas: bool = False
    initial_layout: tuple[int, ...] | None = None
    final_layout: FinalLayout = "any"
    allowed_qubits: tuple[int, ...] | None = None
    max_error: float = 0.0
    time_limit: float | None = field(default=None)


def _one_of(value: str, choices: Sequence[str], where: str) -> str:
    if value not in choices:
        raise InputError(f"is {value!r}", where=where, hint=nearest(str(value), choices))
    return value


def _qubits(value: Any, n_physical: int, where: str) -> tuple[int, ...]:
    try:
        out = tuple(int(q) for q in np.asarray(value, dtype=np.int64).reshape(-1))
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"is {value!r}", where=where, hint="give physical qubit indices") from None
    for q in out:
        if not 0 <= q < n_physical:
            raise InputError(f"holds {q}", where=where, hint=f"the machine's qubits are 0 to {n_physical - 1}")
    if len(set(out)) != len(out):
        raise InputError(f"is {list(out)}", where=where, hint="name each qubit once")
    return out


def time_limit_of(given: Mapping[str, Any]) -> float | None:
    """Return the time limit among options, in seconds, or None.

    Raises:
        InputError: It is no number above 0.
    """
    limit = given.get("time_limit")
    if limit is None:
        return None
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not (limit > 0 and np.isfinite(limit)):
        raise InputError(f"is {limit!r}", where="time limit", hint="use a number of seconds above 0")
    return float(limit)


def make_options(*, n_logical: int, n_physical: int, **given: Any) -> Options:
    """Return checked options for a circuit of `n_logical` qubits on a machine of `n_physical`.

    Raises:
        InputError: An option has a wrong value; names the option.
    """
    allowed = {a.name for a in Options.__attrs_attrs__}
    for name in given:
        if name not in allowed:
            raise InputError(f"{name!r} is no option", where="compile", hint=nearest(name, allowed))
    seed, effort = given.get("seed", 0), given.get("effort", 1)
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise InputError(f"is {seed!r}", where="seed", hint="use an integer from 0")
    if effort not in (0, 1, 2, 3):
        raise InputError(f"is {effort!r}", where="effort", hint="use 0, 1, 2 or 3")
    _one_of(given.get("objective", "two_qubit_gates"), OBJECTIVES, "objective")
    _one_of(given.get("inputs", "unknown"), ("unknown", "zero"), "inputs")
    _one_of(given.get("outputs", "all"), ("all", "measured"), "outputs")
    if not isinstance(given.get("ancillas", False), bool):
        raise InputError(f"is {given['ancillas']!r}", where="ancillas", hint="use True or False")
    error = given.get("max_error", 0.0)
    if not isinstance(error, int | float) or isinstance(error, bool) or not 0 <= error < 1:
        raise InputError(f"is {error!r}", where="max_error", hint="use a number from 0 to below 1, such as 1e-3")
    time_limit_of(given)
    if given.get("initial_layout") is not None:
        given["initial_layout"] = _qubits(given["initial_layout"], n_physical, "initial_layout")
        if len(given["initial_layout"]) < n_logical:
            raise InputError(
                f"names {len(given['initial_layout'])} qubits",
                where="initial_layout",
                hint=f"the circuit has {n_logical}: give one physical qubit for each",
            )
    if given.get("allowed_qubits") is not None:
        given["allowed_qubits"] = _qubits(given["allowed_qubits"], n_physical, "allowed_qubits")
        if len(given["allowed_qubits"]) < n_logical:
            raise InputError(
                f"names {len(given['allowed_qubits'])} qubits",
                where="allowed_qubits",
                hint=f"the circuit needs at least {n_logical}",
            )
    final = given.get("final_layout", "any")
    if isinstance(final, str):
        _one_of(final, ("any", "same"), "final_layout")
    else:
        given["final_layout"] = _qubits(final, n_physical, "final_layout")
        if len(given["final_layout"]) != n_logical:
            raise InputError(
                f"names {len(given['final_layout'])} qubits", where="final_layout", hint=f"give {n_logical}"
            )
    given["seed"] = int(seed)
    given["max_error"] = float(error)
    return Options(**given)
