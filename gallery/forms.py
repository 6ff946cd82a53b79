"""Forms of the pages. Permissions and rules are in the models and services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from colorizer.engine.imageio.formats import ACCEPTED_CONTENT_TYPES
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR, MAX_RENDER_FACTOR, MIN_RENDER_FACTOR
from colorizer.models import Colorization
from gallery.models import Album


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Django's own recipe for several files in one field."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        return [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]


class ColorizeForm(forms.ModelForm):  # type: ignore[type-arg]
    # Declared here, since the form field of the model's field begins at 0.
    render_factor = forms.IntegerField(
        min_value=MIN_RENDER_FACTOR,
        max_value=MAX_RENDER_FACTOR,
        initial=DEFAULT_RENDER_FACTOR,
        widget=forms.NumberInput(attrs={"type": "range"}),
    )

    class Meta:
        model = Colorization
        fields = ["variant", "render_factor"]
        widgets = {"variant": forms.RadioSelect}


class UploadForm(ColorizeForm):
    photos = ManyFilesField(
        label="Photos",
        # Upload validation says what is wrong with an empty file, by its name.
        allow_empty_file=True,
        widget=ManyFilesInput(attrs={"accept": ACCEPTED_CONTENT_TYPES}),
        error_messages={"required": "Choose at least one photo."},
    )


class AlbumForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Album
        fields = ["title", "description"]
        help_texts = {"description": "Where and when, and who is in the photos. Optional."}
