"""Regions that borrow qubits in 0 and give them back in 0."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import RegionWitness, Tape
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.tape.simulate import apply_rows
from qcompile.verify.validate_granted import Settled
from qcompile.verify.validate_rows import flat_qubits

__all__ = ["settle_ancillas"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Widest region, ancillas not counted, compared on every basis state; widest that is compared at all, ancillas counted.
_DENSE, _WIDEST = 7, 20
_SEED = 20_031


def settle_ancillas(
    old: Tape,
    new: Tape,
    witness: RegionWitness,
    changed: Bools,
    ancillas: Sequence[int],
    names: Sequence[str],
    points: Floats,
    atol: float,
) -> Settled:
    """Return the changed regions whose new rows use ancillas, are equal where these are 0, and leave them in 0.

    A qubit counts as ancilla where it starts in 0 and no old row touches it: with every region returning it to 0, it is
    0 between any two of them.

    Args:
        old, new, witness: The claim.
        changed: bool[n_regions], regions still to be compared.
        ancillas: Qubits that start in 0.
        names, points: Parameter names and float[n_points, n_names] values at which symbolic rows are compared.
        atol: Largest distance allowed.
    """
    free = np.zeros(old.n_qubits, dtype=bool)
    free[list(ancillas)] = True
    free[flat_qubits(old)[1]] = False
    indptr, flat = flat_qubits(new)
    row_of = np.repeat(np.arange(len(new)), np.diff(indptr))
    regions: list[int] = []
    phases, error, evidence = np.zeros(len(points)), 0.0, "exact"
    for region in (int(r) for r in np.unique(witness.new[row_of[free[flat]]])):
        parts = [t.take(np.flatnonzero(ids == region)) for t, ids in ((old, witness.old), (new, witness.new))]
        if not changed[region] or any(not IS_UNITARY[t.opcode].all() or (t.condition >= 0).any() for t in parts):
            continue
        used = np.unique(np.concatenate([flat_qubits(t)[1] for t in parts]))
        n_lent = int(free[used].sum())
        if len(used) > _WIDEST:
            continue
        table = np.zeros(old.n_qubits, dtype=np.int32)
        table[np.concatenate([used[~free[used]], used[free[used]]])] = np.arange(len(used))
        parts = [t.replace(phase=0.0).relabeled(table, n_qubits=len(used)) for t in parts]
        start = _start(len(used) - n_lent, n_lent)
        gap, lead = 0.0, []
        for values in points:
            at = dict(zip(names, (float(v) for v in values), strict=True))
            a, b = (apply_rows(t.bind({n: at[n] for n in t.parameters}), start) for t in parts)
            overlap = np.vdot(b, a)
            lead.append(math.atan2(overlap.imag, overlap.real))
            gap = max(gap, float(np.linalg.norm(a - np.exp(1j * lead[-1]) * b)))
        if gap <= atol:
            regions.append(region)
            phases += lead
            error += gap
            if len(used) - n_lent > _DENSE or any(t.parameters for t in parts):
                evidence = "numerical"
    return Settled(regions, phases, error, evidence)


def _start(k: int, lent: int) -> Complex:
    """Return the basis states of k qubits, or one random state of many, with `lent` more qubits in 0 after them."""
    if k <= _DENSE:
        states: Complex = np.eye(2**k, dtype=np.complex128)
    else:
        rng = np.random.default_rng(_SEED)
        states = rng.normal(size=(2**k, 1)) + 1j * rng.normal(size=(2**k, 1))
        states /= np.linalg.norm(states)
    out = np.zeros((2**k, 2**lent, states.shape[1]), dtype=np.complex128)
    out[:, 0] = states
    return out.reshape(2 ** (k + lent), -1)
