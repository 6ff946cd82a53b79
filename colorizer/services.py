"""What the site, the API and the staff pages ask of the colorizer."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from colorizer import packs
from colorizer.errors import NotForFilmsError, NotForTrialsError
from colorizer.guiding import UNGUIDED, Guide, of_guide, record_of
from colorizer.models import (
    WEIGHTS_NAME_LENGTH,
    Colorization,
    ColorizationQuerySet,
    CurrentWeights,
    Film,
    Guidance,
)
from colorizer.tasks import COLORIZE, COLORIZE_FILM, TRY_FILM
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.models import Job

logger = logging.getLogger(__name__)
MAX_TRIAL_SECONDS: Final = 30
CLOCK_TICK: Final = timedelta(seconds=1)
"""The database says when something was deleted, and we say when a job ended: the clocks differ by less."""


@dataclass(frozen=True)
class Part:
    """Some seconds of a film, to be tried.

    Attributes:
        start: seconds of the film before it.
        seconds: how long it is, MAX_TRIAL_SECONDS at most.
    """

    start: float
    seconds: float


def enqueue(
    source: StoredFile,
    variant: str,
    render_factor: int,
    *,
    goes_first: bool = False,
    part: Part | None = None,
    guide: Guide = UNGUIDED,
) -> Colorization:
    """Queue a colorization, or find the one that is open or would come out the same, also in the trash.

    Args:
        goes_first: before all others of the owner that wait; but not a whole film, which takes long.
        part: of a film, which is tried before the whole of it is colored.
        guide: hints and a reference, checked by `guiding` and `guided_previews`.

    Raises:
        ValidationError: names an unknown variant, a factor out of range or a part that is not there.
        GoneError: the source was deleted.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    with transaction.atomic():
        jobs.lock_owner(source.owner_id)
        jobs.require(StoredFile.objects.filter(pk=source.pk))
        if part:
            _check_part(source, part)
        queued = enqueue_some([source], variant, render_factor, part, guide)
        if queued.full:
            raise queued.full
        colorization = (queued.existing or queued.made)[source.pk]
        if goes_first and colorization.job.kind != COLORIZE_FILM.name:
            jobs.move_up(colorization.job)
    return colorization


@dataclass(frozen=True)
class Queued:
    """
    Attributes:
        existing, made: by their sources.
        full: why there is none of the other sources.
    """

    existing: Mapping[uuid.UUID, Colorization]
    made: Mapping[uuid.UUID, Colorization]
    full: TooManyJobsError | None


def _check_part(source: StoredFile, part: Part) -> None:
    film = Film.objects.filter(source=source).first()
    if film is None:
        raise ValidationError({"seconds": _("Only films have parts that can be tried.")})
    if not 0 < part.seconds <= MAX_TRIAL_SECONDS:
        text = _("A trial lasts up to %(number)d seconds.")
        raise ValidationError({"seconds": text % {"number": MAX_TRIAL_SECONDS}})
    if not 0 <= part.start < max(film.seconds, 1 / film.frame_rate):
        raise ValidationError({"start": _("The film has no such second.")})


def require_photo(source_id: uuid.UUID) -> None:
    """Raises: NotForFilmsError."""
    if Film.objects.filter(source=source_id).exists():
        raise NotForFilmsError


def enqueue_some(
    sources: Sequence[StoredFile],
    variant: str,
    render_factor: int,
    part: Part | None = None,
    guide: Guide = UNGUIDED,
) -> Queued:
    """As `enqueue`, for sources of one owner that are there, as long as there is room."""
    check_choices(variant, render_factor)
    owner = sources[0].owner
    with transaction.atomic():
        # Locked: who asks twice at the same time gets one job.
        jobs.lock_owner(owner.pk)
        existing = _existing(sources, variant, render_factor, part, guide)
        new = [source for source in sources if source.pk not in existing]
        made: list[Colorization] = []
        full = None
        for kind, some in _by_kind(new, part):
            queued, full = jobs.enqueue_some(owner, kind, len(some))
            made += Colorization.objects.bulk_create(
                Colorization(
                    owner=owner,
                    job=job,
                    source=source,
                    variant=variant,
                    render_factor=render_factor,
                    **_part_fields(part),
                )
                for job, source in zip(queued, some, strict=False)
            )
            if full:
                break
        if not guide.is_empty:
            Guidance.objects.bulk_create(record_of(version, guide) for version in made)
        _take_out_of_the_trash(existing.values())
    return Queued(existing, {each.source_id: each for each in made}, full)


def _by_kind(
    sources: Sequence[StoredFile], part: Part | None
) -> Iterable[tuple[str, list[StoredFile]]]:
    """Pictures and films: they have queues of their own."""
    films = set(Film.objects.filter(source__in=sources).values_list("source_id", flat=True))
    pictures = [source for source in sources if source.pk not in films]
    if pictures:
        yield COLORIZE.name, pictures
    if films:
        kind = TRY_FILM if part else COLORIZE_FILM
        yield kind.name, [source for source in sources if source.pk in films]


def _part_fields(part: Part | None) -> dict[str, float | None]:
    return asdict(part) if part else {"start": None, "seconds": None}


def check_choices(variant: str, render_factor: int) -> None:
    """Raise the ValidationError that `enqueue` would, before there is a source."""
    choices = Colorization(variant=variant, render_factor=render_factor)
    choices.clean_fields(exclude=["job", "source"])


def _existing(
    sources: Iterable[StoredFile],
    variant: str,
    render_factor: int,
    part: Part | None,
    guide: Guide,
) -> dict[uuid.UUID, Colorization]:
    """Those that are open, else those that would come out the same, by their sources."""
    candidates = Colorization.objects.filter(
        of_guide(guide),
        source__in=sources,
        variant=variant,
        render_factor=render_factor,
        **_part_fields(part),
    ).order_by(F("trashed_at").desc(nulls_first=True), "-created_at", "pk")
    weights = _current_weights(variant)
    same = (each for each in candidates.succeeded() if _is_of(each, weights))
    found: dict[uuid.UUID, Colorization] = {}
    for each in chain(candidates.kept().open(), same):
        found.setdefault(each.source_id, each)
    return found


def _take_out_of_the_trash(colorizations: Iterable[Colorization]) -> None:
    lying_there = [each for each in colorizations if each.trashed_at]
    restore(Colorization.objects.filter(pk__in=[each.pk for each in lying_there]))
    for each in lying_there:
        each.trashed_at = None


def is_current(colorization: Colorization) -> bool:
    """Whether the same picture would come out again."""
    if colorization.guided:
        return True  # its weights may be others than the variant's, for the sake of the hints
    return _is_of(colorization, _current_weights(colorization.variant))


def _current_weights(variant: str) -> str | None:
    return CurrentWeights.objects.filter(variant=variant).values_list("sha256", flat=True).first()


def _is_of(colorization: Colorization, weights: str | None) -> bool:
    whole = not colorization.is_less_detailed_than_asked
    return whole and weights is not None and colorization.weights_sha256 == weights


def judge(colorization: Colorization, **opinion: Any) -> None:
    """Write what its owner thinks of it: `is_kept`, of one version of a source; `rating`.

    Raises:
        GoneError: it was deleted.
        NotForTrialsError: it is to be kept, but shows some seconds of a film only.
    """
    if opinion.get("is_kept") and colorization.is_trial:
        raise NotForTrialsError
    with transaction.atomic():
        jobs.lock_owner(colorization.owner_id)
        own = Colorization.objects.kept().filter(pk=colorization.pk)
        jobs.require(own)
        if opinion.get("is_kept"):
            _keep_no_other(colorization)
        own.update(**opinion, changed_at=Now())
    colorization.refresh_from_db(fields=[*opinion, "changed_at"])


def _keep_no_other(colorization: Colorization) -> None:
    of_source = Colorization.objects.filter(source=colorization.source_id)
    of_source.filter(is_kept_when_done=True).update(is_kept_when_done=False)
    others = of_source.filter(is_kept=True).exclude(pk=colorization.pk)
    others.update(is_kept=False, changed_at=Now())


def keep(colorization: Colorization) -> None:
    """Let it stand for its source: at once when it has a result, else as soon as it has one.

    Raises:
        GoneError: it was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(colorization.owner_id)
        found = Colorization.objects.kept().filter(pk=colorization.pk)
        jobs.require(found)
        if found.filter(result__isnull=False).exists():
            judge(colorization, is_kept=True)
        else:
            wanted = Colorization.objects.filter(source=colorization.source_id)
            wanted.filter(is_kept_when_done=True).update(is_kept_when_done=False)
            found.update(is_kept_when_done=True)


def keep_if_wanted(colorization: Colorization) -> None:
    """In the transaction that writes its result."""
    if not Colorization.objects.filter(pk=colorization.pk, is_kept_when_done=True).exists():
        return
    try:
        with transaction.atomic():
            _keep_no_other(colorization)
            Colorization.objects.filter(pk=colorization.pk).update(is_kept=True, changed_at=Now())
    except IntegrityError:
        # Its owner kept another one at this moment, and holds a lock for which no worker may wait.
        logger.info("Colorization %s: another version is kept", colorization.pk)


def record_current_weights(variant: str, name: str, sha256: str) -> None:
    """Tell the web servers which weights the workers use now."""
    name = name[:WEIGHTS_NAME_LENGTH]
    if not CurrentWeights.objects.filter(variant=variant, name=name, sha256=sha256).exists():
        CurrentWeights.objects.update_or_create(
            variant=variant, defaults={"name": name, "sha256": sha256}
        )


def finished(sources: Iterable[uuid.UUID]) -> ColorizationQuerySet:
    """The versions of these sources that have a result, the oldest first."""
    versions: ColorizationQuerySet = Colorization.objects.kept().succeeded()
    return versions.filter(source__in=sources).order_by("created_at", "pk")


def cancel_all(colorizations: ColorizationQuerySet) -> int:
    """Stop those that are open; returns how many that were."""
    return jobs.cancel_all(Job.objects.filter(colorization__in=colorizations.order_by()))


def trash(colorizations: ColorizationQuerySet, moment: datetime) -> None:
    """Put those into the trash that are not there; what is being made is cancelled."""
    kept = colorizations.kept().order_by()
    with transaction.atomic():
        cancel_all(kept)
        kept.update(trashed_at=moment)


def restore(colorizations: ColorizationQuerySet) -> int:
    """Take those out of the trash; returns how many. What was being made is queued again, as far as it may be."""
    with transaction.atomic():
        _queue_again(colorizations)
        return colorizations.order_by().update(trashed_at=None, changed_at=Now())


def _queue_again(colorizations: ColorizationQuerySet) -> None:
    """Those whose deletion cancelled them, in the order in which they waited."""
    cancelled = Job.objects.filter(
        colorization__in=colorizations.order_by(),
        state=Job.State.CANCELLED,
        finished_at__gte=F("colorization__trashed_at") - CLOCK_TICK,
    )
    with suppress(TooManyJobsError):  # the others say that they were cancelled, and can be retried
        for job in cancelled.select_related("owner").order_by("queued_at", "pk"):
            jobs.retry_own(job)


def delete(colorizations: ColorizationQuerySet) -> None:
    """Delete colorizations with their jobs and files.

    A worker that runs one finds its job gone and discards what it made.
    """
    with transaction.atomic():
        # Locked: a job that succeeds meanwhile would leave files that nobody knows of.
        keys = list(colorizations.values_list("pk", flat=True))
        theirs = Q(colorization__in=keys) | Q(adjustment__colorization__in=keys)
        of_them = Job.objects.filter(
            pk__in=list(Job.objects.filter(theirs).values_list("pk", flat=True))
        )
        jobs.stop(of_them)
        locked = Colorization.objects.filter(pk__in=keys).order_by()
        made = StoredFile.objects.filter(
            Q(colorization_of_result__in=locked)
            | Q(adjustment_of_unadjusted__colorization__in=locked)
            | Q(film_segment__colorization__in=locked)
        )
        files = list(made)
        packs.delete_of(file.pk for file in files)
        locked.delete()
        jobs.delete(of_them)
        filestore.delete(files)
