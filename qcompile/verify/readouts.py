"""Whether a compiled readout gives the distribution that the theory says."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError
from qcompile.ir.outcomes import outcome_distribution as readout_distribution
from qcompile.ir.readout import Readout
from qcompile.tape import Tape
from qcompile.verify.certificate import Certificate, Effort, Replay, Step, Subject
from qcompile.verify.certify import certify, replay
from qcompile.verify.compare import total_variation
from qcompile.verify.outcomes import outcome_distribution
from qcompile.verify.simulate import active_qubits

__all__ = ["certify_readout", "tape_distribution"]

Floats = NDArray[np.float64]


def tape_distribution(readout: Readout, tape: Tape, *, effort: Effort | None = None) -> Floats | None:
    """Return the distribution of a readout's outcomes on a numeric tape that starts in all zeros.

    Args:
        readout: Which bits and which classical map; its key and bit order are those of the tape's measurement.
        tape: Logical or physical tape that measures `readout.key`.

    Returns:
        What `qcompile.ir.outcomes.outcome_distribution` returns, or None when too many qubits are active.

    Raises:
        InputError: The tape does not measure the readout's bits.
    """
    effort = effort or Effort()
    if active_qubits(tape).size > effort.state_qubits:
        return None
    outcomes = outcome_distribution(tape)
    bits = tuple((readout.key, k) for k in range(len(readout.measured)))
    if not set(bits) <= set(outcomes.bits):
        raise InputError(f"does not measure {len(bits)} bits of {readout.key!r}", where="circuit")
    return readout_distribution(readout, outcomes.marginal(bits))


def certify_readout(
    wanted: Readout,
    tape: Tape,
    *,
    made: Readout | None = None,
    tolerance: float = 1e-9,
    seed: int = 0,
    points: int = 2,
    steps: tuple[Step, ...] = (),
    dropped_bound: float = 0.0,
    effort: Effort | None = None,
    subject: Subject | None = None,
) -> Certificate:
    """Return the certificate of a compiled readout against the meaning computed by linear algebra alone.

    Args:
        wanted: The readout as the spec means it.
        tape: The physical tape, with its measurement.
        made: The readout as it was realised, where a rule chose another circuit or map; `wanted` when left out.
        tolerance: Largest accepted total variation distance.
        seed: Of the parameter points.
        points: How many random parameter points are tried when the readout has free parameters.
        steps: Rewrites with witnesses, replayed.
        dropped_bound: Operator-norm bound on what passes dropped; added to the tolerance.
        effort: How much work the check may do.
        subject: The synthesized readout and what it was compiled into, for widths that linear algebra does not reach:
            these two are then compared by `certify`, and the meaning of the synthesized circuit is not.
    """
    from qcompile.verify.reference import reference_distribution

    made = made or wanted
    names = wanted.parameters
    rng = np.random.default_rng(seed)
    done = replay(steps, contract=wanted.contract)
    limit = tolerance + 2 * dropped_bound  # outcomes move by at most twice the operator norm
    distances: list[float] = []
    too_wide = active_qubits(tape).size > (effort or Effort()).exact_qubits + 2 or wanted.block.width > 14
    if too_wide and subject is not None:
        return _against_logical(subject, tolerance, seed, effort)
    for _ in range(0 if too_wide else points if names else 1):
        values = dict(zip(names, rng.uniform(-3.0, 3.0, len(names)).tolist(), strict=True))
        bound = wanted.bind(values) if names else wanted
        numeric = tape.bind({n: values[n] for n in tape.parameters}) if tape.parameters else tape
        found = tape_distribution(made, numeric, effort=effort)
        assert found is not None
        distances.append(total_variation(reference_distribution(bound), found))
    distance = max(distances) if distances else None
    ok = done.ok is not False and (distance <= limit if distance is not None else done.ok is True)
    blind: tuple[str, ...] = ("phases and states after the measurement", "noise of the machine")
    if names and distances:
        blind = (f"differences that vanish at {len(distances)} random parameter points", *blind)
    return Certificate(
        contract=wanted.contract,
        method="exact distribution of outcomes against linear algebra" if distances else "witnesses only",
        distance=distance,
        tolerance=limit,
        ok=bool(ok),
        proof=bool(distances) and not names,
        cannot_see=blind if distances else ("what witnesses do not cover",),
        n_active=int(active_qubits(tape).size),
        dropped_bound=dropped_bound,
        replay=done if steps else Replay(),
        points=len(distances) if names else 0,
        seed=seed,
    )


def _against_logical(subject: Subject, tolerance: float, seed: int, effort: Effort | None) -> Certificate:
    found = certify(subject, tolerance=tolerance, seed=seed, effort=effort)
    return attrs.evolve(
        found, proof=False, cannot_see=("whether synthesis kept the meaning of the readout", *found.cannot_see)
    )
