"""What photos are called, and when they were taken, for whoever looks at the page."""

from __future__ import annotations

from django import template
from django.template.context import Context

from filestore.models import StoredFile
from gallery import dates, embedding
from gallery.models import Photo

register = template.Library()


@register.simple_tag(takes_context=True)
def photo_name(context: Context, photo: Photo) -> str:
    return photo.name_for(context["request"].user)


@register.filter
def date_taken(photo: Photo) -> str:
    taken = dates.of_photo(photo)
    return dates.words(taken) if taken else ""


@register.filter
def takes_details(file: StoredFile) -> bool:
    return embedding.takes_details(file)
