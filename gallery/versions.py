"""Which of a photo's versions stands for it, and what made one, in words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from colorizer.engine.adjustments import Adjustments, from_json
from colorizer.models import Colorization, Variant
from gallery.play_times import play_time
from jobs.models import Job

# From these render factors on colors are called so; 20 is the usual one.
FINE: Final = 26
USUAL: Final = 15


def shown_of(versions: Iterable[Colorization]) -> Colorization | None:
    """The newest while it is being made, else the kept one, else the newest that succeeded, else the newest."""
    whole = [version for version in versions if not version.is_trial]
    newest_first = sorted(whole, key=lambda version: version.created_at, reverse=True)
    newest = next(iter(newest_first), None)
    if newest is None or not newest.job.is_finished:
        return newest
    succeeded = [each for each in newest_first if each.job.state == Job.State.SUCCEEDED]
    kept = [each for each in succeeded if each.is_kept]
    return next(iter(kept or succeeded), newest)


def detail_in_words(render_factor: int) -> str:
    """How fine the colors are, for people: the number says it only to those who know the engine."""
    if render_factor >= FINE:
        return _("fine color")
    return _("medium color") if render_factor >= USUAL else _("broad color")


def made_in_words(version: Colorization) -> str:
    """Such as "Stable, medium color, 3 hints"."""
    detail = detail_in_words(version.used_render_factor or version.render_factor)
    style = version.get_variant_display()
    return reduce(_joined, [detail, *guided_in_words(version)], style)


def guided_in_words(version: Colorization) -> list[str]:
    """Such as "3 hints" and "colors of another photo"; nothing where the network was left to itself."""
    guided = version.guided
    words = []
    if guided and guided.hints:
        number = len(guided.hints)
        words.append(ngettext("%(number)d hint", "%(number)d hints", number) % {"number": number})
    if guided and guided.has_reference:
        words.append(_reference_in_words(guided.reference_seconds))
    return words


def _reference_in_words(seconds: float | None) -> str:
    if seconds is None:
        return _("colors of another photo")
    moment = {"moment": play_time(seconds)}
    return _("colors of another photo for the scene at %(moment)s") % moment


def adjusted_in_words(version: Colorization) -> str:
    """Such as "warmer, less intense, part left gray"; "" while its picture is as the network made it."""
    adjustment = version.adjusted
    if adjustment is None or not adjustment.is_in_the_files:
        return ""
    words = changes_in_words(from_json(adjustment.choices))
    return reduce(_joined, words) if words else ""


def _joined(some: str, more: str) -> str:
    return _("%(some)s, %(more)s") % {"some": some, "more": more}


def changes_in_words(adjustments: Adjustments) -> list[str]:
    """Each in a word or two: how much, the sliders tell."""
    less_and_more = (
        (adjustments.warmth, _("cooler"), _("warmer")),
        (adjustments.tint, _("greener"), _("more magenta")),
        (adjustments.intensity, _("less intense"), _("more intense")),
        (adjustments.saturation, _("vivid colors calmer"), _("pale colors stronger")),
    )
    words = [less if number < 0 else more for number, less, more in less_and_more if number]
    if adjustments.levels is not None:
        words.append(_("print restored"))
    if any(not stroke.erases for stroke in adjustments.gray):
        words.append(_("part left gray"))
    return words


def untried(versions: Iterable[Colorization]) -> str:
    """The variant to offer next: one that the photo does not have, the vivid one first."""
    tried = {each.variant for each in versions if each.job.state != Job.State.FAILED}
    return next((v for v in (Variant.ARTISTIC, Variant.STABLE) if v not in tried), Variant.STABLE)
