"""Matrix-product states: what shallow wide circuits do, at full width, with numpy alone.

Right-canonical tensors and Schmidt values are kept, and updated without dividing by the values (Hastings 2009), so that
small ones cost no digits. A CNOT ladder crosses each cut once a layer: its bond is at most 2**layers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import QCompileError
from qcompile.verify.gates import DenseGates

__all__ = ["MatrixProductState", "TooEntangled", "mps_distance"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

_CUT = 1e-15  # Schmidt values under this share of the largest are rounding
_SWAP = np.eye(4, dtype=np.complex128)[[0, 2, 1, 3]]


class TooEntangled(QCompileError):
    """A bond grew beyond the limit; the state needs another method."""


class MatrixProductState:
    """A state of `n` qubits on a line, started as a product.

    Args:
        factors: complex128[n, 2], one normalised state a qubit.
        max_bond: Largest bond that is followed.

    Attributes:
        tensors: `n` arrays [left, 2, right], right-canonical.
        values: `n` + 1 arrays of Schmidt values, `values[k]` on the bond left of site k.
        phase: Global phase in radians.
        discarded: Sum of the squared Schmidt values that were cut off.
    """

    def __init__(self, factors: Complex, *, max_bond: int = 128) -> None:
        self.tensors: list[Complex] = [np.array(f, dtype=np.complex128).reshape(1, 2, 1) for f in factors]
        self.values: list[Floats] = [np.ones(1) for _ in range(len(factors) + 1)]
        self.max_bond, self.phase, self.discarded = max_bond, 0.0, 0.0

    @property
    def n_qubits(self) -> int:
        """Number of sites."""
        return len(self.tensors)

    @property
    def bond(self) -> int:
        """Largest bond at present."""
        return max(len(v) for v in self.values)

    def apply(self, gates: DenseGates, site_of: Sequence[int] | None = None) -> None:
        """Apply gates; qubit q lives at `site_of[q]`.

        Raises:
            TooEntangled: A bond grew beyond `max_bond`, or a gate acts on more than two qubits.
        """
        site = list(range(gates.n_qubits)) if site_of is None else list(site_of)
        for qubits, matrix in gates.gates:
            if len(qubits) == 1:
                at = site[qubits[0]]
                self.tensors[at] = np.ascontiguousarray(np.einsum("ij,ajb->aib", matrix, self.tensors[at]))
            elif len(qubits) == 2:
                self._two(matrix, site[qubits[0]], site[qubits[1]])
            else:
                raise TooEntangled(f"a gate acts on {len(qubits)} qubits")
        self.phase += gates.phase

    def move(self, source: int, target: int) -> None:
        """Carry the qubit at one site to another; those between move up by one."""
        step = 1 if target > source else -1
        for at in range(source, target, step):
            self._near(_SWAP, min(at, at + step))

    def _two(self, matrix: Complex, first: int, second: int) -> None:
        if first > second:
            matrix = matrix.reshape(2, 2, 2, 2).transpose(1, 0, 3, 2).reshape(4, 4)
            first, second = second, first
        self.move(second, first + 1)
        self._near(matrix, first)
        self.move(first + 1, second)

    def _near(self, matrix: Complex, at: int) -> None:
        left, right = self.tensors[at], self.tensors[at + 1]
        a, b = left.shape[0], right.shape[2]
        pair = np.tensordot(left, right, axes=(2, 0)).transpose(1, 2, 0, 3).reshape(4, a * b)
        moved = (matrix @ pair).reshape(2, 2, a, b).transpose(2, 0, 1, 3)
        weighted = (self.values[at][:, None, None, None] * moved).reshape(2 * a, 2 * b)
        _, s, v = np.linalg.svd(weighted, full_matrices=False)
        keep = max(1, int((s > _CUT * s[0]).sum()))
        if keep > self.max_bond:
            raise TooEntangled(f"a bond needs {keep} Schmidt values; the limit is {self.max_bond}")
        self.discarded += float((s[keep:] ** 2).sum())
        right = v[:keep].reshape(keep, 2, b)
        self.tensors[at + 1] = right
        self.tensors[at] = np.tensordot(moved, right.conj(), axes=([2, 3], [1, 2]))
        self.values[at + 1] = s[:keep]

    def amplitude(self, bits: Sequence[int]) -> complex:
        """Return the amplitude of a basis state, phase included."""
        row = np.ones((1,), dtype=np.complex128)
        for tensor, bit in zip(self.tensors, bits, strict=True):
            row = row @ tensor[:, bit, :]
        return complex(row[0] * np.exp(1j * self.phase))

    def outcome(
        self, sites: Mapping[int, int | None], rng: np.random.Generator | None = None
    ) -> tuple[dict[int, int], float]:
        """Return one Z-basis outcome of some sites and its probability, the other sites left unmeasured.

        Args:
            sites: Wanted bit of each measured site; None draws it.
            rng: For drawn bits.

        Returns:
            The bit of each measured site, and the probability of all of them together.
        """
        # Right-canonical tensors: everything to the right of a site sums to the identity.
        block = np.ones((1, 1), dtype=np.complex128)
        bits: dict[int, int] = {}
        for at, tensor in enumerate(self.tensors):
            parts = [tensor[:, s, :].conj().T @ block @ tensor[:, s, :] for s in (0, 1)]
            if at not in sites:
                block = parts[0] + parts[1]
                continue
            bit = sites[at]
            if bit is None:
                weights = [max(float(np.trace(part).real), 0.0) for part in parts]
                assert rng is not None
                bit = int(rng.random() * (weights[0] + weights[1]) >= weights[0])
            bits[at], block = bit, parts[bit]
        return bits, float(np.trace(block).real)

    def overlap(self, other: MatrixProductState) -> complex:
        """Return <self|other>, phases included."""
        block = np.ones((1, 1), dtype=np.complex128)
        for a, b in zip(self.tensors, other.tensors, strict=True):
            block = np.einsum("xy,xsa,ysb->ab", block, a.conj(), b, optimize=True)
        return complex(block[0, 0] * np.exp(1j * (other.phase - self.phase)))

    def norm(self) -> float:
        """Return the norm, 1 up to rounding."""
        return float(np.sqrt(abs(self.overlap(self))))

    def marginal(self, sites: Sequence[int]) -> Floats:
        """Return the Z-basis distribution of a few sites, the first most significant, shape [2**len(sites)]."""
        wanted = {s: k for k, s in enumerate(sites)}
        # One environment for each setting of the sites met so far, left to right.
        blocks: dict[tuple[int, ...], Complex] = {(): np.ones((1, 1), dtype=np.complex128)}
        for at, tensor in enumerate(self.tensors):
            new: dict[tuple[int, ...], Complex] = {}
            for setting, block in blocks.items():
                parts = [tensor[:, s, :].conj().T @ block @ tensor[:, s, :] for s in (0, 1)]
                if at in wanted:
                    new[(*setting, 0)], new[(*setting, 1)] = parts
                else:
                    new[setting] = parts[0] + parts[1]
            blocks = new
        out = np.zeros([2] * len(sites))
        order = sorted(sites)
        for setting, block in blocks.items():
            index = [0] * len(sites)
            for s, bit in zip(order, setting, strict=True):
                index[wanted[s]] = bit
            out[tuple(index)] = float(block[0, 0].real)
        return out.reshape(-1)


def mps_distance(a: MatrixProductState, b: MatrixProductState, *, aligned: bool = False) -> float:
    """Return the norm of the difference of two states, to rounding.

    An overlap near 1 would lose half of the digits, so the difference is formed as one state with the bonds of both and
    its norm taken by orthogonalising site by site.

    Args:
        a: A state.
        b: A state of the same width.
        aligned: Take out the global phase first.
    """
    turn = b.phase - a.phase
    if aligned:
        turn -= float(np.angle(a.overlap(b)))
    rest = np.array([[1.0, -np.exp(1j * turn)]])  # row vector over (a, b)
    for x, y in zip(a.tensors, b.tensors, strict=True):
        k, dx, dy = rest.shape[0], x.shape[2], y.shape[2]
        joined = np.zeros((k, 2, dx + dy), dtype=np.complex128)
        joined[:, :, :dx] = np.tensordot(rest[:, : x.shape[0]], x, axes=(1, 0))
        joined[:, :, dx:] = np.tensordot(rest[:, x.shape[0] :], y, axes=(1, 0))
        rest = np.linalg.qr(joined.reshape(2 * k, dx + dy))[1]
    return float(np.linalg.norm(rest[:, 0] + rest[:, 1]))
