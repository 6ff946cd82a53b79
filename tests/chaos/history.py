"""Whether the attempts, events and counters tell of each job what can have happened to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jobs import counters, transitions
from jobs.models import MAX_ATTEMPTS, Attempt, Job, JobEvent

State = Job.State
Outcome = Attempt.Outcome

NEXT_STATES: dict[str, set[Job.State]] = {
    State.QUEUED: {State.RUNNING, State.CANCELLED},
    State.RUNNING: {State.QUEUED, State.SUCCEEDED, State.FAILED, State.CANCELLED},
    State.SUCCEEDED: set(),
    State.FAILED: {State.QUEUED},
    State.CANCELLED: {State.QUEUED},
}
OUTCOMES: dict[str, set[Attempt.Outcome]] = {
    State.QUEUED: {Outcome.FAILED, Outcome.LOST, Outcome.RETURNED},
    State.SUCCEEDED: {Outcome.SUCCEEDED},
    State.FAILED: {Outcome.FAILED, Outcome.LOST},
    State.CANCELLED: {Outcome.CANCELLED},
}
"""Of an attempt, by the state of its job after it."""


def illegal_histories() -> list[str]:
    """A line for each thing that cannot have happened."""
    jobs = Job.objects.prefetch_related("attempts", "events")
    return [f"job {job.pk}: {fault}" for job in jobs for fault in _faults(job)]


def _faults(job: Job) -> Iterator[str]:
    events, attempts = list(job.events.all()), list(job.attempts.all())
    yield from _faults_of_states(job, events)
    yield from _faults_of_numbers(events, attempts)
    yield from _faults_of_outcomes(events, attempts)
    made = _attempts_made(events, attempts)
    if made != job.attempts_made or made > MAX_ATTEMPTS:
        yield f"its history has {made} attempts that count, the job {job.attempts_made}"


def _faults_of_states(job: Job, events: Sequence[JobEvent]) -> Iterator[str]:
    states = [event.state for event in events]
    if states[:1] != [State.QUEUED]:
        yield f"its events begin with {states[:1]}"
    if states[-1:] != [job.state]:
        yield f"it is {job.state}, its events end with {states[-1:]}"
    for before, after in pairwise(states):
        if after not in NEXT_STATES[before]:
            yield f"it was {after} after it was {before}"


def _faults_of_numbers(events: Sequence[JobEvent], attempts: Sequence[Attempt]) -> Iterator[str]:
    numbers = [attempt.number for attempt in attempts]
    if numbers != list(range(1, len(attempts) + 1)):
        yield f"its attempts have the numbers {numbers}"
    begun = [event.attempt for event in events if event.state == State.RUNNING]
    if begun != numbers:
        yield f"its events say that the attempts {begun} began, there are {numbers}"


def _faults_of_outcomes(events: Sequence[JobEvent], attempts: Sequence[Attempt]) -> Iterator[str]:
    """Each attempt is ended by the event after the one that began it, and by no other."""
    outcomes = {attempt.number: attempt.outcome for attempt in attempts}
    for before, after in pairwise(events):
        ran = before.attempt if before.state == State.RUNNING else None
        if after.state != State.RUNNING and after.attempt != ran:
            yield f"{after.state} names attempt {after.attempt}, before it ran {ran}"
        if ran and (outcome := outcomes.get(ran)) not in OUTCOMES.get(after.state, ()):
            yield f"{after.state} after an attempt that {outcome}"


def _attempts_made(events: Sequence[JobEvent], attempts: Sequence[Attempt]) -> int:
    """Since a person last queued the job; what the workers gave back does not count."""
    returned = {attempt.number for attempt in attempts if attempt.outcome == Outcome.RETURNED}
    made = 0
    for event in events:
        if event.state == State.QUEUED and event.attempt is None:
            made = 0
        elif event.state == State.RUNNING and event.attempt not in returned:
            made += 1
    return made


def wrong_counters() -> list[str]:
    """A line for each figure that says something else than the histories."""
    events = JobEvent.objects.filter(state__in=transitions.ENDED).order_by()
    happened = Counter(
        f"{kind} {state}" for kind, state in events.values_list("job__kind", "state")
    )
    happened["lost"] = Attempt.objects.filter(outcome=Outcome.LOST).count()
    counted: Counter[str] = Counter()
    for labels, value in counters.read("jobs_ended"):
        counted[f"{labels['kind']} {labels['state']}"] += int(value)
    counted["lost"] = sum(int(value) for _, value in counters.read("lease_losses"))
    return [
        f"{figure}: counted {counted[figure]}, happened {happened[figure]}"
        for figure in sorted({*happened, *counted})
        if counted[figure] != happened[figure]
    ]


class CounterWatch:
    """Reads all figures each time that it is told to.

    Attributes:
        falls: a line for each time that one was less than before.
    """

    NAMES = ("jobs_ended", "lease_losses", "model_loads", "job_seconds_bucket", "job_seconds_sum")

    def __init__(self) -> None:
        self.falls: list[str] = []
        self._last: dict[str, float] = {}

    def look(self) -> None:
        for name in self.NAMES:
            for labels, value in counters.read(name):
                self._compare(f"{name}{sorted(labels.items())}", value)

    def _compare(self, figure: str, value: float) -> None:
        # Sums of seconds may differ in their last digits when they are added up in another order.
        if value < self._last.get(figure, 0) - 1e-6:
            self.falls.append(f"{figure}: {value} after {self._last[figure]}")
        self._last[figure] = value
