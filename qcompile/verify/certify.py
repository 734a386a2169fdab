"""Whether a compile kept its contract: the strongest affordable comparison, and every witness replayed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from qcompile.ir.contract import Contract, ContractKind
from qcompile.tape import LayoutWitness, Op, RegionWitness, Tape
from qcompile.verify.certificate import Certificate, Effort, Finding, Replay, Step, Subject
from qcompile.verify.channel import compare_branches, compare_outcomes
from qcompile.verify.dense import Pair, compare_dense, cut_down
from qcompile.verify.simulate import without_terminal_measurements
from qcompile.verify.wide import compare_clifford, compare_products, compare_sampled_outcomes

__all__ = ["certify", "compare_numeric", "granted", "replay"]

#: Random angles keep away from the symmetric points where wrong circuits agree by chance.
_ANGLE_RANGE = (-3.0, 3.0)
#: Distance from which two maps differ in more than rounding.
_UNEQUAL = 1e-7


def certify(subject: Subject, *, tolerance: float = 1e-9, seed: int = 0, effort: Effort | None = None) -> Certificate:
    """Return the certificate of one compile.

    The physical tape, started with logical qubit k on `initial_layout[k]` and every other qubit in 0, must do what the
    logical tape does, leave logical qubit k on `final_layout[k]` and every other qubit in 0. By size: every column,
    Clifford circuits by their stabilizers, random states, matrix-product states on product inputs, witnesses alone.
    Tapes that measure or reset in between are followed through every history. Symbolic tapes are compared at seeded
    random points; where those are out of reach, at random multiples of pi/2, which are Clifford.

    Args:
        subject: What was compiled into what.
        tolerance: Largest accepted distance, in the contract's own measure; the bound on what was dropped on purpose is
            added.
        seed: Of random states and parameter points.
        effort: How much work the check may do.

    Raises:
        InputError: The measured keys of the two tapes differ.
    """
    effort = effort or Effort()
    names = subject.logical.parameters
    rng = np.random.default_rng(seed)
    findings: list[Finding] = []
    clifford_points = False
    for _ in range(effort.points if names else 1):
        found = compare_numeric(_bound(subject, rng.uniform(*_ANGLE_RANGE, len(names))), effort=effort, seed=seed)
        if found.distance is None and names:
            clifford_points = True
            found = compare_numeric(
                _bound(subject, rng.integers(-2, 3, len(names)) * np.pi / 2), effort=effort, seed=seed
            )
        findings.append(found)
        if found.distance is None:
            break
    worst = max(findings, key=lambda f: -1.0 if f.distance is None else f.distance)
    done = replay(subject.steps, subject)
    limit = tolerance + subject.dropped_bound * _scale(subject)
    distance = None if any(f.distance is None for f in findings) else worst.distance
    stated = math.fsum(s.witness.claimed for s in subject.steps if isinstance(s.witness, RegionWitness))
    within = stated <= subject.dropped_bound * (1 + 1e-9)
    ok = done.ok is not False and within and (distance <= limit if distance is not None else done.covers)
    blind = worst.cannot_see
    if names and distance is not None:
        points = "multiples of pi/2" if clifford_points else "random values"
        blind = (f"differences that vanish at {len(findings)} points with {points} of the parameters", *blind)
    return Certificate(
        contract=subject.contract,
        method=worst.method,
        distance=distance,
        tolerance=limit,
        ok=bool(ok),
        proof=done.covers and done.exact if distance is None else all(f.proof for f in findings) and not names,
        cannot_see=blind,
        n_active=worst.n_active,
        dropped_bound=subject.dropped_bound,
        replay=done,
        points=len(findings) if names else 0,
        seed=seed,
        details=worst.details,
    )


def _scale(subject: Subject) -> float:
    """Return how much larger the contract's distance can be than an operator norm."""
    if subject.contract.kind is not ContractKind.UNITARY:
        return 1.0
    return float(2.0 ** (min(subject.logical.n_qubits, 1000) / 2))


def _bound(subject: Subject, values: np.ndarray) -> Subject:
    names = subject.logical.parameters
    if not names:
        return subject
    table = dict(zip(names, (float(v) for v in values), strict=True))
    present = {name: table[name] for name in subject.physical.parameters}
    return attrs.evolve(subject, logical=subject.logical.bind(table), physical=subject.physical.bind(present))


def compare_numeric(subject: Subject, *, effort: Effort | None = None, seed: int = 0) -> Finding:
    """Return the strongest affordable comparison of two numeric tapes."""
    effort = effort or Effort()
    subject = attrs.evolve(subject, logical=subject.logical.inlined(), physical=subject.physical.inlined())
    contract, pair = subject.contract, cut_down(subject)
    nothing = Finding(method="witnesses only", distance=None, proof=False, cannot_see=("what witnesses do not cover",))
    if contract.kind is ContractKind.OUTCOMES:
        found = compare_outcomes(pair, contract, effort, seed) or compare_sampled_outcomes(pair, effort, seed)
        if found is not None:
            return found
    bare = _unitary_parts(pair)
    if bare is not None:
        # For outcomes an equal map is enough, but an unequal one proves nothing.
        exact, states = attrs.evolve(effort, state_qubits=0), attrs.evolve(effort, exact_qubits=0)
        found = (
            compare_dense(bare, _strict(contract), exact, seed)
            or compare_clifford(bare)
            or compare_dense(bare, _strict(contract), states, seed)
            or compare_products(bare, effort, seed)
            or nothing
        )
        undecided = contract.kind is ContractKind.OUTCOMES and (found.distance or 0.0) > _UNEQUAL
        return nothing if undecided else found
    if contract.kind is not ContractKind.OUTCOMES:
        return compare_branches(pair, effort, seed) or nothing
    return nothing


def _strict(contract: Contract) -> Contract:
    """Return the contract in whose measure unitary parts are compared; outcomes are kept when the isometry is."""
    if contract.kind is ContractKind.OUTCOMES:
        return attrs.evolve(contract, kind=ContractKind.ISOMETRY)
    return contract


def _unitary_parts(pair: Pair) -> Pair | None:
    """Return the pair without its last measurements, if the rest is unitary and both measure the same qubits."""
    logical, wanted = without_terminal_measurements(pair.logical)
    physical, found = without_terminal_measurements(pair.physical)
    expected = {bit: (int(pair.final[q]), flip) for bit, (q, flip) in wanted.items()}
    if expected != found or not (_is_unitary(logical) and _is_unitary(physical)):
        return None
    return attrs.evolve(pair, logical=logical, physical=physical)


def _is_unitary(tape: Tape) -> bool:
    return bool((tape.opcode < Op.MEASURE).all() and (tape.condition < 0).all())


def granted(contract: Contract, tape: Tape) -> dict[str, str]:
    """Return what a contract lets a rewrite of a tape rely on, as `inputs` and `outputs` of `validate`.

    Outcomes can stand in for outputs only where something is measured.
    """
    zero = set(contract.zero_inputs) >= set(range(tape.n_qubits))
    measured = contract.kind is ContractKind.OUTCOMES and bool((tape.inlined().opcode == Op.MEASURE).any())
    return {"inputs": "zero" if zero else "unknown", "outputs": "measured" if measured else "all"}


def replay(steps: Sequence[Step], subject: Subject | None = None, *, contract: Contract | None = None) -> Replay:
    """Return the outcome of replaying every witness, and of checking that each rewrite starts where one ended.

    With a subject, the layouts of the steps must compose to its layouts, and `covers` says whether the chain leads from
    its logical to its physical tape. Steps may use what `contract` grants, by default the subject's.
    """
    from qcompile.verify.validate import validate

    contract = contract or (subject.contract if subject is not None else Contract())
    grants = granted(contract, steps[0].before) if steps else {"inputs": "unknown", "outputs": "all"}
    last: Tape | None = None
    start: NDArray[np.int32] = np.arange(steps[0].before.n_qubits if steps else 0, dtype=np.int32)
    end = start
    exact, bound = bool(steps), 0.0
    for number, step in enumerate(steps):
        if last is not None and step.before is not last and step.before != last:
            return Replay(n_steps=number, ok=False, message=f"{step.name} does not start from the tape before it")
        outcome = validate(
            step.before,
            step.after,
            step.witness,
            inputs=grants["inputs"],
            outputs=grants["outputs"],
            ancillas=np.setdiff1d(np.arange(step.before.n_qubits), start).tolist(),
        )
        if not outcome.ok:
            return Replay(n_steps=number + 1, ok=False, message=f"{step.name}: {outcome.reason}")
        exact, bound = exact and outcome.evidence == "exact", bound + outcome.error_bound
        last = step.after
        if isinstance(step.witness, LayoutWitness):
            start, end = step.witness.initial[start], step.witness.final[end]
    if not steps or subject is None:
        return Replay(n_steps=len(steps), ok=True if steps else None, exact=exact, error_bound=bound)
    for name, found, claimed in (("initial", start, subject.initial_layout), ("final", end, subject.final_layout)):
        if not np.array_equal(found, claimed):
            return Replay(n_steps=len(steps), ok=False, message=f"the steps do not compose to the {name} layout")
    if steps[0].before not in (subject.logical, subject.logical.inlined()):
        return Replay(n_steps=len(steps), ok=True, message="the first step does not start from the given circuit")
    if steps[-1].after != subject.physical:
        return Replay(n_steps=len(steps), ok=True, message="the last step does not end at the compiled circuit")
    return Replay(n_steps=len(steps), ok=True, covers=True, exact=exact, error_bound=bound)
