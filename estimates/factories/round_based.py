"""15-to-1 distillation in rounds, as in Beverland et al.: the cheapest design for a wanted output error.

A design is, per round, one of two units and a code distance (1: on physical qubits, first round only). Rounds run one
after another on the same qubits. Each round has enough units that all states arrive with 99 % probability.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from estimates.codes import Code
from estimates.figures import Quality
from estimates.hardware import FtHardware

__all__ = ["RoundBasedFactory", "cheapest_round_based"]

_SOURCE = "Beverland et al., arXiv:2211.07629, appendix C; unit costs of the Azure Quantum resource estimator"
_SHORTFALL = 0.01  # appendix C: a run may come out short of states with 1 %, shared by the rounds
_INPUTS = 15
# (name, physical qubits, physical gate times, logical patches, logical steps) of the two units
_UNITS = (("RM prep", 31, 24, 31, 11), ("space efficient", 12, 45, 20, 13))


@frozen(kw_only=True)
class RoundBasedFactory:
    """A round-based T factory. It makes one state per run.

    Attributes:
        units: Names of the units, first round first.
        distances: Code distance per round, 1 for physical qubits.
        copies: Units per round.
        qubits: Physical qubits, the largest round's.
        duration_ns: Time of one run, all rounds one after another.
        state_error: Error of the state that comes out.
    """

    units: tuple[str, ...]
    distances: tuple[int, ...]
    copies: tuple[int, ...]
    qubits: int
    duration_ns: int
    state_error: float
    quality: Quality = Quality.MODEL
    source: str = _SOURCE

    @property
    def name(self) -> str:
        """Name with units and distances."""
        return " -> ".join(f"{n}x {u} d={d}" for n, u, d in zip(self.copies, self.units, self.distances, strict=True))


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@frozen
class _Designs:
    """All designs of one number of rounds, as columns; arrays are [design, round]."""

    units: Ints
    distances: Ints
    fail: Floats
    qubits: Ints
    duration_ns: Ints
    error: Floats


def cheapest_round_based(
    hardware: FtHardware, code: Code, *, error: float, max_distance: int, max_duration_ns: int | None = None
) -> RoundBasedFactory | None:
    """Return the design with the least qubits x time among those within `error`, None if there is none.

    Args:
        max_distance: Largest code distance of a round (the data's: a factory need not be better protected).
        max_duration_ns: Leave out designs that take longer per run.
    """
    if error > hardware.t_error:
        return _pass_through(hardware, code, max_distance, max_duration_ns)
    best: tuple[float, int] | None = None
    found: RoundBasedFactory | None = None
    for n_rounds in (1, 2, 3, 4):
        if n_rounds == 4 and found is not None:
            break
        designs = _designs(hardware, code, n_rounds)
        keep = (designs.error <= error) & (designs.distances[:, -1] <= max_distance)
        total_ns = designs.duration_ns.sum(axis=1)
        if max_duration_ns is not None:
            keep &= total_ns <= max_duration_ns
        rows = np.flatnonzero(keep)
        if rows.size == 0:
            continue
        least = _INPUTS ** np.arange(n_rounds - 1, -1, -1)
        bound = (designs.qubits[rows] * least).max(axis=1) * total_ns[rows].astype(np.float64)
        for i in np.argsort(bound, kind="stable"):
            if best is not None and bound[i] > best[0]:
                break
            row = int(rows[i])
            copies = _copies(designs.fail[row])
            qubits = int(max(c * int(q) for c, q in zip(copies, designs.qubits[row], strict=True)))
            volume = (float(qubits) * int(total_ns[row]), int(total_ns[row]))
            if best is None or volume < best:
                best = volume
                found = RoundBasedFactory(
                    units=tuple(_UNITS[u][0] for u in designs.units[row]),
                    distances=tuple(int(d) for d in designs.distances[row]),
                    copies=copies,
                    qubits=qubits,
                    duration_ns=int(total_ns[row]),
                    state_error=float(designs.error[row]),
                )
    return found


def _pass_through(hardware: FtHardware, code: Code, distance: int, max_ns: int | None) -> RoundBasedFactory | None:
    """Return the factory that uses physical T states as they are: one patch, one step."""
    duration = step_ns(hardware, distance)
    if max_ns is not None and duration > max_ns:
        return None
    return RoundBasedFactory(
        units=("inject",),
        distances=(distance,),
        copies=(1,),
        qubits=code.physical_qubits(distance),
        duration_ns=duration,
        state_error=hardware.t_error,
    )


def step_ns(hardware: FtHardware, distance: int) -> int:
    """Return one logical step (d cycles) in whole nanoseconds."""
    return round(hardware.cycle_s * 1e9 * distance)


@lru_cache(maxsize=32)
def _designs(hardware: FtHardware, code: Code, n_rounds: int) -> _Designs:
    distances = [1, *range(3, 51, 2)]
    clifford = {d: code.logical_error(d, hardware.p) for d in distances}
    usable = {d for d in distances if clifford[d] <= 0.1 * hardware.t_error}
    first = usable - {1} | ({1} if hardware.p <= 0.1 * hardware.t_error else set())
    chains: list[tuple[int, ...]] = [(d,) for d in sorted(first)]
    for _ in range(n_rounds - 1):
        # Distances never fall from round to round: a later round guards better states.
        chains = [(*c, d) for c in chains for d in sorted(usable) if d >= c[-1]]
    picks = list(product(range(len(_UNITS)), repeat=n_rounds))
    d = np.repeat(np.array(chains, dtype=np.int64).reshape(-1, n_rounds), len(picks), axis=0)
    u = np.tile(np.array(picks, dtype=np.int64), (len(chains), 1))
    physical = (d == 1) & (np.arange(n_rounds) == 0)
    spec = np.array([row[1:] for row in _UNITS], dtype=np.int64)[u]
    patch = np.array([code.physical_qubits(x) if x in usable or x > 1 else 1 for x in range(52)], dtype=np.int64)
    step = np.array([step_ns(hardware, x) for x in range(52)], dtype=np.int64)
    error_of = np.array([code.logical_error(x, hardware.p) for x in range(52)])
    qubits = np.where(physical, spec[..., 0], spec[..., 2] * patch[d])
    duration = np.where(physical, spec[..., 1] * round(hardware.t_gate_s * 1e9), spec[..., 3] * step[d])
    c = np.where(physical, hardware.p, error_of[d])
    fail = np.empty(d.shape)
    state = np.full(d.shape[0], hardware.t_error)
    good = np.ones(d.shape[0], dtype=bool)
    for r in range(n_rounds):
        fail[:, r] = 15.0 * state + 356.0 * c[:, r]
        out = 35.0 * state**3 + 7.1 * c[:, r]
        good &= (fail[:, r] > 0) & (fail[:, r] < 1) & (out <= state)
        state = out
    return _Designs(u[good], d[good], fail[good], qubits[good], duration[good], state[good])


def _copies(fail: Floats) -> tuple[int, ...]:
    """Return units per round: enough that each round fills the next one, up to the allowed shortfall."""
    allowed = _SHORTFALL / fail.size
    needed, out = 1, list[int]()
    for q in fail[::-1]:
        n = _units_for(needed, float(q), allowed)
        out.append(n)
        needed = n * _INPUTS
    return tuple(reversed(out))


@lru_cache(maxsize=65536)
def _units_for(needed: int, fail: float, allowed: float) -> int:
    """Return the smallest n with P(fewer than `needed` of n units succeed) < `allowed`."""
    high = 1
    while _short(needed, needed + high, fail) >= allowed:
        high *= 2
    low = 0 if high == 1 else high // 2  # spare units: `high` is enough, `low - 1` and fewer are not known to be
    while low < high:
        middle = (low + high) // 2
        if _short(needed, needed + middle, fail) < allowed:
            high = middle
        else:
            low = middle + 1
    return needed + high


def _short(needed: int, n: int, fail: float) -> float:
    """Return P(fewer than `needed` of `n` units succeed), each failing with probability `fail`."""
    log_keep, log_fail, top = math.log1p(-fail), math.log(fail), math.lgamma(n + 1)
    enough = 0.0
    for j in range(n - needed + 1):
        enough += math.exp(top - math.lgamma(j + 1) - math.lgamma(n - j + 1) + j * log_fail + (n - j) * log_keep)
    return 1.0 - enough
