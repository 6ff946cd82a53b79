"""Runs a colorization: source file -> engine -> result, preview and thumbnail. Workers only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from django.conf import settings
from torch.nn.modules.module import register_module_forward_pre_hook

from colorizer import services
from colorizer.engine.colorizer import Colorizer, first_that_takes_hints
from colorizer.engine.errors import (
    HintError,
    HintsNotTakenError,
    UnreadablePictureError,
    UnsupportedFormatError,
    WeightsError,
)
from colorizer.engine.imageio.formats import format_of
from colorizer.engine.references import reference_of_png
from colorizer.engine.variants import Variant
from colorizer.errors import ErrorCode
from colorizer.guiding import Guide, guide_of, of_guide
from colorizer.model_cache import ModelCache
from colorizer.models import WEIGHTS_NAME_LENGTH, Colorization
from colorizer.result_files import add_result
from colorizer.weights_store.choice import Choice, choices_for_hints, choose, sha256_of
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from jobs import counters
from jobs.errors import ErrorCode as JobErrorCode
from jobs.errors import JobFailedError
from jobs.lease import Lease

MODELS = ModelCache(settings.MODEL_MEMORY_MB * 2**20)


@dataclass(frozen=True)
class Provenance:
    """What made a result, as the record keeps it."""

    weights_name: str
    weights_sha256: str
    used_render_factor: int


def run(lease: Lease) -> None:
    colorization = Colorization.objects.select_related("source__owner").get(job=lease.job)
    with errors_named(), temporary_folder() as folder, filestore.new_files() as files:
        result = folder / f"result{_result_suffix(colorization.source)}"
        provenance = _colorize(colorization, lease, result)
        stored = add_result(colorization, result, files)
        with lease.success():
            files.save()
            Colorization.objects.filter(pk=colorization.pk).update(
                result=stored, **asdict(provenance)
            )
            services.keep_if_wanted(colorization)


def _result_suffix(source: StoredFile) -> str:
    return format_of(Path(str(source.name))).result.suffix


@contextmanager
def errors_named() -> Iterator[None]:
    try:
        yield
    except (UnreadablePictureError, UnsupportedFormatError, HintError) as error:
        raise JobFailedError(ErrorCode.UNREADABLE, error.text, **error.params) from error
    except HintsNotTakenError as error:
        raise JobFailedError(ErrorCode.WEIGHTS, error.text, **error.params) from error
    except WeightsError as error:
        raise JobFailedError(
            ErrorCode.WEIGHTS, "This variant is not available right now. Try another one."
        ) from error
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise JobFailedError(
            JobErrorCode.OUT_OF_MEMORY,
            "The photo needs more memory than there is. Try a lower render factor or a smaller photo.",
        ) from error


def _colorize(colorization: Colorization, lease: Lease, result: Path) -> Provenance:
    guide = guide_of(colorization)
    choice = choice_for(colorization, guide)
    sha256 = sha256_of(choice)
    if duplicate := _duplicate(colorization, guide, sha256):
        return _copied(duplicate, result)
    return _predicted(colorization, guide, lease, choice, result)


def choice_for(colorization: Colorization, guide: Guide) -> Choice:
    """The weights of its variant, or for the sake of hints the bundled ones."""
    variant = cast("Variant", colorization.variant)
    choice = choose(variant)
    services.record_current_weights(colorization.variant, choice.path.stem, sha256_of(choice))
    if guide.is_empty:
        return choice
    return first_that_takes_hints(choices_for_hints(variant), colorizer_of)


def _duplicate(colorization: Colorization, guide: Guide, sha256: str) -> Colorization | None:
    """The same bytes, colorized before in the same way: nothing else would come out."""
    return (
        Colorization.objects.succeeded()
        .select_related("result", "adjustment__unadjusted")
        .filter(
            of_guide(guide),
            source__sha256=colorization.source.sha256,
            variant=colorization.variant,
            render_factor=colorization.render_factor,
            used_render_factor=colorization.render_factor,
            weights_sha256=sha256,
        )
        .first()
    )


def _copied(duplicate: Colorization, result: Path) -> Provenance:
    adjusted = duplicate.adjusted
    file = (adjusted and adjusted.unadjusted) or duplicate.result
    filestore.copy_to(cast("StoredFile", file), result)
    return Provenance(duplicate.weights_name, duplicate.weights_sha256, duplicate.render_factor)


def _predicted(
    colorization: Colorization, guide: Guide, lease: Lease, choice: Choice, result: Path
) -> Provenance:
    colorizer = colorizer_of(choice)
    source = result.with_name("source")
    filestore.copy_to(colorization.source, source)
    # A cancelled job stops at the next layer, not at the end of a network that takes minutes.
    with register_module_forward_pre_hook(lambda *_: lease.check()):
        outcome = colorizer.colorize_file(
            source,
            result,
            colorization.render_factor,
            on_progress=lease.report_progress,
            hints=guide.hints,
            reference=reference_of_png(guide.reference) if guide.reference else None,
        )
    return Provenance(
        colorizer.weights_name[:WEIGHTS_NAME_LENGTH],
        colorizer.weights_sha256,
        outcome.render_factor,
    )


def colorizer_of(choice: Choice) -> Colorizer:
    """With its weights, from the cache of this process."""
    loads = MODELS.loads
    colorizer = MODELS.get(choice.path, sha256_of(choice))
    if MODELS.loads > loads:
        counters.add("model_loads")
    return colorizer
