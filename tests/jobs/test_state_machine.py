"""Whatever happens in whatever order, the records of jobs stay true: a search for counter-examples."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from jobs import broker, clusters, counters, services, transitions
from jobs.errors import ErrorCode, JobLostError
from jobs.lease import Lease
from jobs.models import MAX_ATTEMPTS, Attempt, Counter, Job, JobEvent, Queue
from tests.factories import make_user
from tests.jobs.factories import DAMAGED
from tests.jobs.kinds import QUICK

State = Job.State
Outcome = Attempt.Outcome
Event = tuple[str, int | None]

MOST_JOBS = 5  # few, so that much happens to each
RESULTS = "test_machine_results"
ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
# What a state may be followed by.
LEGAL: dict[str | None, set[Job.State]] = {
    None: {State.QUEUED},
    State.QUEUED: {State.RUNNING, State.CANCELLED},
    State.RUNNING: {State.QUEUED, State.SUCCEEDED, State.FAILED, State.CANCELLED},
    State.FAILED: {State.QUEUED},
    State.CANCELLED: {State.QUEUED},
    State.SUCCEEDED: set(),
}
OUTCOMES = {
    "succeed": Outcome.SUCCEEDED,
    "fail": Outcome.FAILED,
    "retry or fail": Outcome.FAILED,
    "release": Outcome.RETURNED,
}


def succeed(job: Job) -> bool:
    """With a result of its own, which is there exactly when the job has succeeded."""
    try:
        with Lease(job).success():
            counters.add(RESULTS)
    except JobLostError:
        return False
    return True


def interrupted_success(job: Job) -> None:
    with Lease(job).success():
        counters.add(RESULTS)
        raise OSError("The disk is full.")


TRANSITIONS = {
    "succeed": succeed,
    "fail": lambda job: transitions.fail(job, *DAMAGED),
    "retry or fail": lambda job: transitions.retry_or_fail(job, ErrorCode.STORAGE, "Disk full."),
    "release": transitions.release,
}


class JobsMachine(RuleBasedStateMachine):
    """Keeps in `states` what each record must say, and in `runners` all that ever claimed one."""

    def __init__(self) -> None:
        super().__init__()
        Job.objects.all().delete()
        OrmQ.objects.all().delete()
        Counter.objects.all().delete()
        self.cluster = clusters.register(Queue.PHOTOS, workers=1)
        self.owners = [make_user(), make_user()]
        self.states: dict[UUID, str] = {}
        self.attempts: dict[UUID, int] = {}
        self.runners: list[Job] = []
        self.holders: dict[UUID, UUID | None] = {}
        self.outcomes: dict[UUID, list[str]] = defaultdict(list)
        self.events: dict[UUID, list[Event]] = defaultdict(list)
        self.ended: dict[str, int] = defaultdict(int)
        self.results = self.losses = 0
        self.queued_at = timezone.now() - timedelta(days=1)
        for of in (0, 1, 1):
            self._enqueue(of, urgent=False)

    def teardown(self) -> None:
        Job.objects.all().delete()
        clusters.remove(self.cluster)

    @precondition(lambda self: len(self.states) < MOST_JOBS)
    @rule(of=st.integers(0, 1), urgent=st.booleans(), by_hand=st.booleans())
    def enqueue(self, of: int, urgent: bool, by_hand: bool) -> None:
        self._enqueue(of, urgent=urgent, by_hand=by_hand)

    def _enqueue(self, of: int, *, urgent: bool, by_hand: bool = False) -> None:
        job = services.enqueue(self.owners[of], QUICK, goes_first=by_hand)
        if urgent:
            assert services.make_urgent(job)
        self.attempts[job.pk] = 0
        self._went(job.pk, State.QUEUED, None)

    @rule(workers=st.integers(1, 3))
    def claim(self, workers: int) -> None:
        for _ in range(workers):
            self._claim()

    def _claim(self) -> None:
        job = transitions.claim_next(Queue.PHOTOS, self.cluster.pk)
        assert (job is None) == (State.QUEUED not in self.states.values())
        if job:
            assert self.states[job.pk] == State.QUEUED
            self.attempts[job.pk] += 1
            self.holders[job.pk] = job.lease_token
            self.runners.append(job)
            self.outcomes[job.pk].append("")
            self._went(job.pk, State.RUNNING, len(self.outcomes[job.pk]))

    @precondition(lambda self: self.runners)
    @rule(data=st.data(), name=st.sampled_from(sorted(TRANSITIONS)))
    def runner_ends(self, data: st.DataObject, name: str) -> None:
        """The runner may have lost its lease long ago."""
        job = data.draw(st.sampled_from(self.runners))
        is_holder = self.holders.get(job.pk) == job.lease_token
        assert TRANSITIONS[name](job) == is_holder
        if is_holder:
            self.results += name == "succeed"
            last = job.attempts_made == MAX_ATTEMPTS
            state = {
                "succeed": State.SUCCEEDED,
                "fail": State.FAILED,
                "retry or fail": State.FAILED if last else State.QUEUED,
                "release": State.QUEUED,
            }[name]
            self.attempts[job.pk] -= name == "release"
            self._attempt_ended(job.pk, OUTCOMES[name], state)

    @precondition(lambda self: self.runners)
    @rule(data=st.data())
    def runner_goes_on(self, data: st.DataObject) -> None:
        """What it cannot write takes the success back, and it is the runner still."""
        job = data.draw(st.sampled_from(self.runners))
        is_holder = self.holders.get(job.pk) == job.lease_token
        with pytest.raises(OSError if is_holder else JobLostError):
            interrupted_success(job)
        assert transitions.is_held(job) == is_holder
        assert transitions.renew(job, 50) == is_holder

    @precondition(lambda self: self._late_runners())
    @rule(data=st.data())
    def late_runner_comes(self, data: st.DataObject) -> None:
        """Another one runs the job by now, and is not disturbed."""
        job = data.draw(st.sampled_from(self._late_runners()))
        for transition in TRANSITIONS.values():
            assert not transition(job)

    def _late_runners(self) -> list[Job]:
        holders = self.holders
        return [job for job in self.runners if holders.get(job.pk) not in (None, job.lease_token)]

    @precondition(lambda self: self.states)
    @rule(data=st.data(), name=st.sampled_from(["cancel", "retry", "cancel all", "delete"]))
    def person_acts(self, data: st.DataObject, name: str) -> None:
        job = self._any(data)
        if name == "cancel":
            self._cancel(job)
        elif name == "retry":
            self._retry(job)
        elif name == "cancel all":
            self._cancel_all(job.owner)
        else:
            self._delete(job.pk)

    def _cancel(self, job: Job) -> None:
        is_open = self.states[job.pk] in (State.QUEUED, State.RUNNING)
        assert services.cancel(job) == is_open
        if is_open:
            self._cancelled(job.pk)

    def _cancel_all(self, owner: User) -> None:
        jobs = Job.objects.filter(owner=owner)
        found = set(jobs.values_list("pk", flat=True))
        are_open = [pk for pk in found if self.states[pk] in (State.QUEUED, State.RUNNING)]
        assert services.cancel_all(jobs) == len(are_open)
        for pk in are_open:
            self._cancelled(pk)

    def _retry(self, job: Job) -> None:
        may = self.states[job.pk] in (State.FAILED, State.CANCELLED)
        assert services.retry(job) == may
        if may:
            self.attempts[job.pk] = 0
            self._went(job.pk, State.QUEUED, None)

    def _delete(self, pk: UUID) -> None:
        """Its runners find it gone; its history goes with it, what was counted stays. One that is open ends first."""
        services.delete(Job.objects.filter(pk=pk))
        if self.states[pk] in (State.QUEUED, State.RUNNING):
            self._cancelled(pk)
        for kept in (self.states, self.attempts, self.holders, self.outcomes, self.events):
            kept.pop(pk, None)

    @rule(hours=st.sampled_from([-1, 1]))
    def clock_jumps_and_reaper_comes(self, hours: int) -> None:
        """Forward or back, no running job keeps its lease."""
        Job.objects.filter(state=State.RUNNING).update(
            lease_expires_at=F("lease_expires_at") + timedelta(hours=hours)
        )
        transitions.requeue_expired()
        for pk, state in list(self.states.items()):
            if state == State.RUNNING:
                last = self.attempts[pk] == MAX_ATTEMPTS
                self.losses += 1
                self._attempt_ended(pk, Outcome.LOST, State.FAILED if last else State.QUEUED)

    @rule()
    def cluster_is_stopped(self) -> None:
        transitions.release_jobs_of(self.cluster.pk)
        for pk, state in list(self.states.items()):
            if state == State.RUNNING:
                self.attempts[pk] -= 1
                self._attempt_ended(pk, Outcome.RETURNED, State.QUEUED)

    @rule()
    def supervisor_comes(self) -> None:
        """Leases that are held stay; messages that got lost are sent again."""
        OrmQ.objects.all().delete()
        transitions.requeue_expired()
        broker.resend_missing(self.cluster)
        counters.merge()
        assert OrmQ.objects.count() == list(self.states.values()).count(State.QUEUED)

    def _any(self, data: st.DataObject) -> Job:
        return Job.objects.get(pk=data.draw(st.sampled_from(list(self.states))))

    def _cancelled(self, pk: UUID) -> None:
        if self.states[pk] == State.RUNNING:
            self._attempt_ended(pk, Outcome.CANCELLED, State.CANCELLED)
        else:
            self._went(pk, State.CANCELLED, None)

    def _attempt_ended(self, pk: UUID, outcome: str, state: str) -> None:
        self.outcomes[pk][-1] = outcome
        self.holders[pk] = None
        self._went(pk, state, len(self.outcomes[pk]))

    def _went(self, pk: UUID, state: str, attempt: int | None) -> None:
        self.states[pk] = state
        if state == State.QUEUED and attempt is None:
            # One after the other, also for a clock that counts milliseconds: the search repeats itself.
            self.queued_at += timedelta(seconds=1)
            Job.objects.filter(pk=pk).update(queued_at=self.queued_at)
        self.events[pk].append((state, attempt))
        self.ended[state] += state in ENDED

    @invariant()
    def records_are_as_expected(self) -> None:
        rows = Job.objects.values_list("pk", "state", "attempts_made", "lease_token")
        found = {pk: (state, attempt, token) for pk, state, attempt, token in rows}
        expected = {
            pk: (state, self.attempts[pk], self.holders.get(pk))
            for pk, state in self.states.items()
        }
        assert found == expected

    @invariant()
    def attempts_tell_each_try_with_its_end(self) -> None:
        found = defaultdict(list)
        for pk, number, outcome in Attempt.objects.values_list("job", "number", "outcome"):
            found[pk].append(outcome)
            assert number == len(found[pk])
        assert found == {pk: outcomes for pk, outcomes in self.outcomes.items() if outcomes}

    @invariant()
    def events_tell_each_change_in_a_legal_order(self) -> None:
        found: dict[UUID, list[Event]] = defaultdict(list)
        for pk, state, attempt in JobEvent.objects.values_list("job", "state", "attempt"):
            before = found[pk][-1][0] if found[pk] else None
            assert state in LEGAL[before]
            found[pk].append((state, attempt))
        assert found == self.events
        assert {pk: events[-1][0] for pk, events in found.items()} == self.states

    @invariant()
    def each_end_awaits_a_notice_and_nothing_else_does(self) -> None:
        ends = JobEvent.objects.filter(state__in=ENDED)
        assert set(JobEvent.objects.filter(awaits_notice=True)) == set(ends)

    @invariant()
    def counters_tell_all_that_ever_ended(self) -> None:
        """Deleted jobs as well, so no figure ever falls."""
        found: dict[str, float] = defaultdict(int)
        for labels, number in counters.read("jobs_ended"):
            found[labels["state"]] += number
        assert found == {state: number for state, number in self.ended.items() if number}
        timed = counters.read_histograms("job_seconds")
        assert sum(row.buckets["+Inf"] for row in timed) == self.ended[State.SUCCEEDED]

    @invariant()
    def results_are_those_of_the_jobs_that_succeeded(self) -> None:
        assert sum(number for _, number in counters.read(RESULTS)) == self.results
        assert sum(number for _, number in counters.read("lease_losses")) == self.losses


@pytest.mark.django_db
def test_records_stay_true_whatever_happens_to_them() -> None:
    run_state_machine_as_test(
        JobsMachine, settings=settings(max_examples=25, stateful_step_count=40, deadline=None)
    )
