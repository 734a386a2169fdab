"""Matrices of one- and two-qubit gates, one a row, from a table of how each code's matrix is made."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["CONTROLLED", "FIXED", "FSIM", "GPI", "GPI2", "LISTED", "PHASE", "PHXZ", "ROTATION", "U3"]
__all__ += ["matrices_of_pairs", "matrices_of_singles"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]
Int8Array = npt.NDArray[np.int8]
CodeArray = npt.NDArray[np.uint8]

#: Forms: the table's matrix; exp(-i t/2 P) about the table's P; a row of `listed`; gates with formulas of their own.
FIXED, ROTATION, LISTED, PHASE, U3, PHXZ, GPI, GPI2, CONTROLLED, FSIM = range(10)


@jit
def _turn(angle: float) -> complex:
    """Return exp(i angle)."""
    return complex(math.cos(angle), math.sin(angle))


@jit
def matrices_of_singles(
    code: CodeArray, angle: FloatArray, payload: IntArray, form: Int8Array, table: ComplexArray, listed: ComplexArray
) -> ComplexArray:
    """Return complex[m, 2, 2].

    Args:
        code: uint8[m], operation codes.
        angle: float64[m, 3], radians.
        payload: int32[m], row of `listed` for codes of form LISTED.
        form: int8[128], form of each code.
        table: complex[128, 2, 2], the matrix (FIXED) or Pauli (ROTATION) of each code.
        listed: complex[k, 2, 2].
    """
    out = np.zeros((code.size, 2, 2), np.complex128)
    root = math.sqrt(0.5)
    for k in range(code.size):
        u, kind, t = out[k], form[code[k]], angle[k, 0]
        if kind == 1:
            c, s, p = math.cos(t / 2), math.sin(t / 2), table[code[k]]
            u[0, 0], u[0, 1] = c - 1j * s * p[0, 0], -1j * s * p[0, 1]
            u[1, 0], u[1, 1] = -1j * s * p[1, 0], c - 1j * s * p[1, 1]
        elif kind == 3:
            u[0, 0], u[1, 1] = 1.0, _turn(t)
        elif kind == 4:
            c, s = math.cos(t / 2), math.sin(t / 2)
            u[0, 0], u[0, 1] = c, -_turn(angle[k, 2]) * s
            u[1, 0], u[1, 1] = _turn(angle[k, 1]) * s, _turn(angle[k, 1] + angle[k, 2]) * c
        elif kind == 5:
            z, a = angle[k, 1], angle[k, 2]
            lead = _turn(t / 2)
            even, odd = lead * math.cos(t / 2), -1j * lead * math.sin(t / 2)
            u[0, 0], u[0, 1] = even, odd * _turn(-a)
            u[1, 0], u[1, 1] = odd * _turn(z + a), even * _turn(z)
        elif kind == 6:
            u[0, 1], u[1, 0] = _turn(-t), _turn(t)
        elif kind == 7:
            u[0, 0], u[0, 1] = root, -1j * root * _turn(-t)
            u[1, 0], u[1, 1] = -1j * root * _turn(t), root
        else:
            for i in range(2):
                for j in range(2):
                    u[i, j] = listed[payload[k], i, j] if kind == 2 else table[code[k], i, j]
    return out


@jit
def matrices_of_pairs(
    code: CodeArray, angle: FloatArray, payload: IntArray, form: Int8Array, table: ComplexArray, listed: ComplexArray
) -> ComplexArray:
    """Return complex[m, 4, 4]; see `matrices_of_singles`. CONTROLLED is a rotation about the lower block of the table's
    matrix, done when the first qubit is 1.
    """
    out = np.zeros((code.size, 4, 4), np.complex128)
    for k in range(code.size):
        u, kind, t = out[k], form[code[k]], angle[k, 0]
        p = table[code[k]]
        if kind == 1 or kind == 8:
            first = 0 if kind == 1 else 2
            c, s = math.cos(t / 2), math.sin(t / 2)
            for i in range(4):
                if i < first:
                    u[i, i] = 1.0
                    continue
                for j in range(first, 4):
                    u[i, j] = -1j * s * p[i, j]
                u[i, i] += c
        elif kind == 3:
            u[0, 0], u[1, 1], u[2, 2], u[3, 3] = 1.0, 1.0, 1.0, _turn(t)
        elif kind == 9:
            u[0, 0], u[3, 3] = 1.0, _turn(-angle[k, 1])
            u[1, 1] = u[2, 2] = math.cos(t)
            u[1, 2] = u[2, 1] = complex(0.0, -math.sin(t))
        else:
            for i in range(4):
                for j in range(4):
                    u[i, j] = listed[payload[k], i, j] if kind == 2 else p[i, j]
    return out
