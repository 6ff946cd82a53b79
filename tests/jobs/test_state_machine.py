"""Whatever happens in whatever order, the records of jobs stay true: a search for counter-examples."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
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

from colorizer import bells, clusters, jobs
from colorizer.models import MAX_ATTEMPTS, Colorization, Queue
from tests.factories import RESULT, make_photo

State = Colorization.State
ErrorCode = Colorization.ErrorCode
TRANSITIONS = {
    "succeed": lambda job: jobs.succeed(job, RESULT),
    "fail": lambda job: jobs.fail(job, ErrorCode.UNREADABLE, "Damaged."),
    "try again": lambda job: jobs.try_again_or_fail(job, ErrorCode.STORAGE, "Disk full."),
    "release": jobs.release,
}


class JobsMachine(RuleBasedStateMachine):
    """Keeps in `states` what each record must say, and in `runners` all that ever claimed one."""

    def __init__(self) -> None:
        super().__init__()
        Colorization.objects.all().delete()
        OrmQ.objects.all().delete()
        self.cluster = clusters.register(Queue.PHOTOS, workers=1)
        self.photos = [make_photo(), make_photo()]
        self.states: dict[UUID, str] = {}
        self.attempts: dict[UUID, int] = {}
        self.runners: list[Colorization] = []
        self.holders: dict[UUID, UUID | None] = {}

    def teardown(self) -> None:
        Colorization.objects.all().delete()
        clusters.remove(self.cluster)

    @rule(of=st.integers(0, 1), urgent=st.booleans())
    def enqueue(self, of: int, urgent: bool) -> None:
        job = Colorization.objects.create(photo=self.photos[of], render_factor=8)
        bells.ring(job.queue)
        if urgent:
            assert jobs.make_urgent(job)
        self.states[job.pk], self.attempts[job.pk] = State.QUEUED, 0

    @rule()
    def claim(self) -> None:
        job = jobs.claim_next(Queue.PHOTOS, self.cluster.pk)
        assert (job is None) == (State.QUEUED not in self.states.values())
        if job:
            assert self.states[job.pk] == State.QUEUED
            self.states[job.pk] = State.RUNNING
            self.attempts[job.pk] += 1
            self.holders[job.pk] = job.lease_token
            self.runners.append(job)

    @precondition(lambda self: self.runners)
    @rule(data=st.data(), name=st.sampled_from(sorted(TRANSITIONS)))
    def runner_ends(self, data: st.DataObject, name: str) -> None:
        """The runner may have lost its lease long ago."""
        job = data.draw(st.sampled_from(self.runners))
        is_holder = self.holders.get(job.pk) == job.lease_token
        assert TRANSITIONS[name](job) == is_holder
        if is_holder:
            self._ended(job, name)

    def _ended(self, job: Colorization, name: str) -> None:
        self.holders[job.pk] = None
        last = job.attempt == MAX_ATTEMPTS
        self.states[job.pk] = {
            "succeed": State.SUCCEEDED,
            "fail": State.FAILED,
            "try again": State.FAILED if last else State.QUEUED,
            "release": State.QUEUED,
        }[name]
        self.attempts[job.pk] -= name == "release"

    @precondition(lambda self: self.runners)
    @rule(data=st.data())
    def heartbeat(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.runners))
        is_holder = self.holders.get(job.pk) == job.lease_token
        assert jobs.is_held(job) == is_holder
        assert jobs.heartbeat(job, 50) == is_holder

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        job = self._any(data)
        is_open = self.states[job.pk] in (State.QUEUED, State.RUNNING)
        assert jobs.cancel(job) == is_open
        if is_open:
            self.states[job.pk], self.holders[job.pk] = State.CANCELLED, None

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        job = self._any(data)
        may = self.states[job.pk] in (State.FAILED, State.CANCELLED)
        assert jobs.retry(job) == may
        if may:
            self.states[job.pk], self.attempts[job.pk] = State.QUEUED, 0

    @rule(hours=st.sampled_from([-1, 1]))
    def clock_jumps_and_reaper_comes(self, hours: int) -> None:
        """Forward or back, no running job keeps its lease."""
        Colorization.objects.filter(state=State.RUNNING).update(
            lease_expires_at=F("lease_expires_at") + timedelta(hours=hours)
        )
        jobs.requeue_expired()
        for pk, state in self.states.items():
            if state == State.RUNNING:
                last = self.attempts[pk] == MAX_ATTEMPTS
                self.states[pk] = State.FAILED if last else State.QUEUED
                self.holders[pk] = None

    @rule()
    def reaper_comes(self) -> None:
        """Leases that are held stay."""
        jobs.requeue_expired()

    @rule()
    def bells_get_lost(self) -> None:
        OrmQ.objects.all().delete()
        bells.ring_missing(self.cluster)
        assert OrmQ.objects.count() == list(self.states.values()).count(State.QUEUED)

    def _any(self, data: st.DataObject) -> Colorization:
        return Colorization.objects.get(pk=data.draw(st.sampled_from(sorted(self.states))))

    @invariant()
    def records_are_as_expected(self) -> None:
        rows = Colorization.objects.values_list("pk", "state", "attempt", "lease_token")
        found = {pk: (state, attempt, token) for pk, state, attempt, token in rows}
        expected = {
            pk: (state, self.attempts[pk], self.holders.get(pk))
            for pk, state in self.states.items()
        }
        assert found == expected


@pytest.mark.django_db
def test_records_stay_true_whatever_happens_to_them() -> None:
    run_state_machine_as_test(
        JobsMachine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
