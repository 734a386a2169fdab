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

__all__ = ["MatrixProductState", "TooEntangled", "mps_distance", "svd_of"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

Gate = tuple[tuple[int, ...], Complex]
_PRODUCT = 1e-14  # second operator Schmidt value of a pair of one-qubit gates
_CUT = 1e-15  # Schmidt values under this share of the largest are rounding
_SWAP = np.eye(4, dtype=np.complex128)[[0, 2, 1, 3]]


class TooEntangled(QCompileError):
    """A bond grew beyond the limit; the state needs another method."""


class MatrixProductState:
    """A state of `n` qubits on a line, started as a product.

    Args:
        factors: complex128[n, 2], one normalised state a qubit.
        max_bond: Largest bond that is followed.
        max_steps: Most updates of a pair of neighbours.

    Attributes:
        tensors: `n` arrays [left, 2, right], right-canonical.
        values: `n` + 1 arrays of Schmidt values, `values[k]` on the bond left of site k.
        phase: Global phase in radians.
        discarded: Sum of the squared Schmidt values that were cut off.
    """

    def __init__(self, factors: Complex, *, max_bond: int = 128, max_steps: int = 1_000_000) -> None:
        self.tensors: list[Complex] = [np.array(f, dtype=np.complex128).reshape(1, 2, 1) for f in factors]
        self.values: list[Floats] = [np.ones(1) for _ in range(len(factors) + 1)]
        self.max_bond, self.phase, self.discarded = max_bond, 0.0, 0.0
        self.steps_left = max_steps

    @property
    def n_qubits(self) -> int:
        """Number of sites."""
        return len(self.tensors)

    @property
    def bond(self) -> int:
        """Largest bond at present."""
        return max(len(v) for v in self.values)

    def apply(self, gates: DenseGates, site_of: Sequence[int] | None = None) -> list[int]:
        """Apply gates; qubit q lives at `site_of[q]`.

        Gates that follow each other on one pair are multiplied. A product that is nearer to a product of one-qubit
        gates once a SWAP is taken out (a routed tape is full of them) exchanges the names of its sites instead. Qubits
        that are far apart are brought together and back, but one that meets many others walks on from each to the next.

        Returns:
            Where each qubit lives at the end.

        Raises:
            TooEntangled: A bond grew beyond `max_bond`, the work beyond `max_steps`, or a gate acts on more than two
                qubits.
        """
        site = list(range(gates.n_qubits)) if site_of is None else list(site_of)
        todo = _merged(gates.gates)
        left = [0] * gates.n_qubits
        for qubits, _, _ in todo:
            for q in qubits if len(qubits) == 2 else ():
                left[q] += 1
        for qubits, matrix, exchanged in todo:
            if len(qubits) == 1:
                self._one(matrix, site[qubits[0]])
            elif len(qubits) == 2:
                a, b = qubits
                hub, other = (a, b) if left[a] >= left[b] else (b, a)
                if left[hub] > 2 * left[other] + 2:
                    self._walk(hub, site[other], site)
                left[a], left[b] = left[a] - 1, left[b] - 1
                self._two(matrix, site[a], site[b])
                if exchanged:
                    site[qubits[0]], site[qubits[1]] = site[qubits[1]], site[qubits[0]]
            else:
                raise TooEntangled(f"a gate acts on {len(qubits)} qubits")
        self.phase += gates.phase
        return site

    def move(self, source: int, target: int) -> None:
        """Carry the qubit at one site to another; those between move up by one."""
        step = 1 if target > source else -1
        for at in range(source, target, step):
            self._near(_SWAP, min(at, at + step))

    def _one(self, matrix: Complex, at: int) -> None:
        self.tensors[at] = np.ascontiguousarray(np.einsum("ij,ajb->aib", matrix, self.tensors[at]))

    def _walk(self, qubit: int, to: int, site: list[int]) -> None:
        """Carry a qubit to the neighbour of site `to` on its side and leave it there."""
        at = site[qubit]
        end = to - 1 if at < to else to + 1
        self.move(at, end)
        low, high, step = (at + 1, end, -1) if at < end else (end, at - 1, 1)
        site[:] = [s + step if low <= s <= high else s for s in site]
        site[qubit] = end

    def _two(self, matrix: Complex, first: int, second: int) -> None:
        if first > second:
            matrix = matrix.reshape(2, 2, 2, 2).transpose(1, 0, 3, 2).reshape(4, 4)
            first, second = second, first
        left, s, right = np.linalg.svd(matrix.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4))
        if s[1] < _PRODUCT:
            self._one(s[0] * left[:, 0].reshape(2, 2), first)
            self._one(right[0].reshape(2, 2), second)
            return
        self.move(second, first + 1)
        self._near(matrix, first)
        self.move(first + 1, second)

    def _near(self, matrix: Complex, at: int) -> None:
        self.steps_left -= 1
        if self.steps_left < 0:
            raise TooEntangled("the gates reach too far along the line")
        left, right = self.tensors[at], self.tensors[at + 1]
        a, b = left.shape[0], right.shape[2]
        pair = np.tensordot(left, right, axes=(2, 0)).transpose(1, 2, 0, 3).reshape(4, a * b)
        moved = (matrix @ pair).reshape(2, 2, a, b).transpose(2, 0, 1, 3)
        weighted = (self.values[at][:, None, None, None] * moved).reshape(2 * a, 2 * b)
        s, v = svd_of(weighted)
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


def _merged(gates: Sequence[Gate]) -> list[tuple[tuple[int, ...], Complex, bool]]:
    """Return gates with runs on one pair multiplied, and a SWAP taken out of those it makes less entangling.

    A gate with the last item True stands for SWAP times its matrix.
    """
    out: list[Gate] = []
    last: dict[int, int] = {}
    for qubits, matrix in gates:
        at = last.get(qubits[0], -1)
        if len(qubits) == 2 and at >= 0 and at == last.get(qubits[1], -1) and set(out[at][0]) == set(qubits):
            before = out[at][1]
            if out[at][0] != qubits:
                before = before.reshape(2, 2, 2, 2).transpose(1, 0, 3, 2).reshape(4, 4)
            out[at] = (qubits, matrix @ before)
            continue
        last.update(dict.fromkeys(qubits, len(out)))
        out.append((qubits, matrix))
    return [(q, _SWAP @ m, True) if len(q) == 2 and _rank(_SWAP @ m) < _rank(m) else (q, m, False) for q, m in out]


def svd_of(matrix: Complex) -> tuple[Floats, Complex]:
    """Return singular values and right vectors; LAPACK's quick routine now and then fails, its slow one does not."""
    try:
        _, values, right = np.linalg.svd(matrix, full_matrices=False)
    except np.linalg.LinAlgError:
        from scipy.linalg import svd

        _, values, right = svd(matrix, full_matrices=False, lapack_driver="gesvd")
    return values, right


def _rank(matrix: Complex) -> int:
    """Return the operator Schmidt rank of a two-qubit gate."""
    values = np.linalg.svd(matrix.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4), compute_uv=False)
    return int((values > 1e-12 * values[0]).sum())


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
