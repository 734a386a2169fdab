"""How many native two-qubit gates a Weyl class costs: region tests on coordinates in the canonical chamber.

Every function reads `coords[m,3]` = (a, b, c), pi/4 >= a >= b >= |c|, and returns `int8[m]`. Walls count as inside
within `REACH`, far above the accuracy of the coordinates and far below what a tolerance of 1e-10 on the unitary would
notice.

Sources. CZ, CX, ECR, iSWAP: Shende, Bullock, Markov 2004 (two gates reach exactly c = 0; iSWAP is CZ times SWAP up to
locals, so pairs reach the same plane). sqrt-iSWAP: Huang et al. 2021, a >= b + |c|. ZZ interactions of any angle: one
per non-zero coordinate. Sycamore: SYC is SWAP times exp(i 5pi/24 ZZ) up to locals, so n of them are SWAP^n times n ZZ
interactions of fixed angle, whose reach is a polytope (Peterson, Crooks, Smith 2020; Peterson, Bishop, Javadi-Abhari
2021).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit
from qcompile.kernels.kak import canonical_coordinates

__all__ = [
    "REACH",
    "mirrored",
    "n_cz",
    "n_iswap",
    "n_rzz",
    "n_sqrt_iswap",
    "n_syc",
]

FloatArray = npt.NDArray[np.float64]
Int8Array = npt.NDArray[np.int8]

#: Tolerance on coordinates when a region is tested.
REACH = 1e-12
#: Strength of the ZZ interaction inside SYC = FSim(pi/2, pi/6), SWAP taken out.
SYC_STRENGTH = 5.0 * math.pi / 24.0


@jit
def n_cz(coords: FloatArray) -> Int8Array:
    """Return the least number of CZ (CX, ECR, or ZZ rotations by pi/2) for each class: 0 to 3."""
    out = np.zeros(coords.shape[0], np.int8)
    for k in range(coords.shape[0]):
        a, b, c = coords[k, 0], coords[k, 1], abs(coords[k, 2])
        if c > REACH:
            out[k] = 3
        elif b > REACH or (a > REACH and abs(a - 0.25 * math.pi) > REACH):
            out[k] = 2
        elif a > REACH:
            out[k] = 1
    return out


@jit
def n_iswap(coords: FloatArray) -> Int8Array:
    """Return the least number of iSWAP for each class: 0 to 3."""
    out = np.zeros(coords.shape[0], np.int8)
    for k in range(coords.shape[0]):
        a, b, c = coords[k, 0], coords[k, 1], abs(coords[k, 2])
        if c > REACH:
            out[k] = 3
        elif abs(a - 0.25 * math.pi) <= REACH and abs(b - 0.25 * math.pi) <= REACH:
            out[k] = 1
        elif a > REACH:
            out[k] = 2
    return out


@jit
def n_sqrt_iswap(coords: FloatArray) -> Int8Array:
    """Return the least number of sqrt-iSWAP for each class: 0 to 3."""
    out = np.zeros(coords.shape[0], np.int8)
    for k in range(coords.shape[0]):
        a, b, c = coords[k, 0], coords[k, 1], abs(coords[k, 2])
        if a <= REACH:
            out[k] = 0
        elif abs(a - 0.125 * math.pi) <= REACH and abs(b - 0.125 * math.pi) <= REACH and c <= REACH:
            out[k] = 1
        elif a >= b + c - REACH:
            out[k] = 2
        else:
            out[k] = 3
    return out


@jit
def n_rzz(coords: FloatArray) -> Int8Array:
    """Return the least number of ZZ (or XX) rotations of free angle for each class: 0 to 3."""
    out = np.zeros(coords.shape[0], np.int8)
    for k in range(coords.shape[0]):
        for i in range(3):
            if abs(coords[k, i]) > REACH:
                out[k] += 1
    return out


@jit
def n_syc(coords: FloatArray) -> Int8Array:
    """Return the least number of Sycamore gates for each class: 0 to 4 (4 only for weak interactions on all three
    axes: a + b + |c| < pi/8).
    """
    out = np.zeros(coords.shape[0], np.int8)
    for k in range(coords.shape[0]):
        a, b, c = coords[k, 0], coords[k, 1], abs(coords[k, 2])
        quarter = 0.25 * math.pi
        if a <= REACH:
            out[k] = 0
        elif abs(a - quarter) <= REACH and abs(b - quarter) <= REACH and abs(c - math.pi / 24.0) <= REACH:
            out[k] = 1
        elif c <= REACH and a + b <= 2.0 * SYC_STRENGTH + REACH:
            out[k] = 2
        elif a + b + c >= 0.125 * math.pi - REACH:
            out[k] = 3
        else:
            out[k] = 4
    return out


@jit
def mirrored(coords: FloatArray) -> FloatArray:
    """Return the canonical coordinates of SWAP times each class."""
    out = coords + 0.25 * math.pi
    for k in range(out.shape[0]):
        canonical_coordinates(out[k])
    return out
