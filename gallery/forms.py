"""Forms of the pages. Permissions and rules are in the models and services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.engine.imageio.formats import ACCEPTED_CONTENT_TYPES
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR, MAX_RENDER_FACTOR, MIN_RENDER_FACTOR
from colorizer.engine.video.containers import ACCEPTED_FILM_TYPES
from colorizer.models import HIGHEST_RATING, LOWEST_RATING, Colorization
from gallery import services
from gallery.archives import Choices
from gallery.films import FILM_VARIANTS, PHOTO_VARIANTS
from gallery.models import Album, Archive, Download, Section


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
        label=_("Render factor"),
        widget=forms.NumberInput(attrs={"type": "range"}),
    )

    class Meta:
        model = Colorization
        fields = ["variant", "render_factor"]
        labels = {"variant": _("Variant")}
        widgets = {"variant": forms.RadioSelect}

    @property
    def offered(self) -> list[BoundWidget]:
        """The variants that a page shows; others are taken, too, as from a version that is there."""
        return self._radios(PHOTO_VARIANTS)

    def _radios(self, variants: Sequence[str]) -> list[BoundWidget]:
        radios = {radio.data["value"]: radio for radio in self["variant"]}
        return [radios[variant] for variant in variants]


class ColorizeFilmForm(ColorizeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("variant", FILM_VARIANTS[0])

    @property
    def offered(self) -> list[BoundWidget]:
        return self._radios(FILM_VARIANTS)


class TryFilmForm(forms.Form):
    start = forms.FloatField(min_value=0, label=_("From second"))
    render_factor = forms.IntegerField(
        min_value=MIN_RENDER_FACTOR, max_value=MAX_RENDER_FACTOR, required=False
    )

    def clean_render_factor(self) -> int:
        return self.cleaned_data["render_factor"] or DEFAULT_RENDER_FACTOR


class OpinionForm(forms.Form):
    """What the owner thinks of a version. A field that is not sent stays as it is; an empty rating takes it back."""

    is_kept = forms.NullBooleanField(required=False)
    rating = forms.IntegerField(min_value=LOWEST_RATING, max_value=HIGHEST_RATING, required=False)

    def clean_is_kept(self) -> bool | None:
        """Neither yes nor no is nothing that could be kept."""
        is_kept: bool | None = self.cleaned_data["is_kept"]
        if is_kept is None and "is_kept" in self.data:
            raise forms.ValidationError(_("The request cannot be read."))
        return is_kept

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name in self.data}


class UploadForm(ColorizeForm):
    photos = ManyFilesField(
        label=_("Photos"),
        # Upload validation says what is wrong with an empty file, by its name.
        allow_empty_file=True,
        widget=ManyFilesInput(attrs={"accept": f"{ACCEPTED_CONTENT_TYPES},{ACCEPTED_FILM_TYPES}"}),
        error_messages={"required": _("Choose at least one photo.")},
    )


class UploadChoicesForm(ColorizeForm):
    """What the dialog asks once for all files of an upload. The API checks what is sent."""

    album = forms.ModelChoiceField(Album.objects.none(), label=_("Album"))
    title = forms.CharField(label=_("Title of the new album"), max_length=120)

    def __init__(self, owner: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Album.objects.editable_by(owner)
        self.fields["album"].queryset = own  # type: ignore[attr-defined]
        has_default = own.filter(title__in=services.default_titles()).exists()
        self.fields["album"].empty_label = (  # type: ignore[attr-defined]
            None if has_default else _(services.DEFAULT_ALBUM_TITLE)
        )


class DownloadForm(forms.Form):
    """A version in another form."""

    form = forms.ChoiceField(choices=Download.Form.choices)
    side = forms.TypedChoiceField(choices=Download.Side.choices, coerce=int, initial=0)
    has_mark = forms.BooleanField(required=False)


class KeysField(forms.Field):
    """Keys, each in a field of its own or many in one: no request may have a thousand fields."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Sequence[str] | None) -> set[uuid.UUID]:
        keys = [key for text in value or [] for key in text.split(",") if key]
        try:
            return set(map(uuid.UUID, keys))
        except ValueError as error:
            raise forms.ValidationError(_("That is no photo.")) from error


class SelectionForm(forms.Form):
    """Photos that were selected, by their keys, or all of an album."""

    photos = KeysField(required=False)
    all_of = forms.ModelChoiceField(Album.objects.none(), required=False)

    def __init__(self, owner: User, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["all_of"].queryset = Album.objects.editable_by(owner)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["all_of"] and not cleaned["photos"]:
            raise forms.ValidationError(_("Select at least one photo."))
        return cleaned


def kind_and_key(text: str) -> tuple[str, uuid.UUID]:
    kind, _, key = text.partition(":")
    return kind, uuid.UUID(key)


class TrashForm(forms.Form):
    """Things in the trash that were selected, by kind and key, such as photo:0a1b..."""

    things = forms.TypedMultipleChoiceField(coerce=kind_and_key)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        # Whatever a key says: the view looks for things that have it.
        chosen = [(key, key) for key in data.getlist("things")]
        self.fields["things"].choices = chosen  # type: ignore[attr-defined]

    def clean_things(self) -> dict[str, set[uuid.UUID]]:
        keys: dict[str, set[uuid.UUID]] = {}
        for kind, key in self.cleaned_data["things"]:
            keys.setdefault(kind, set()).add(key)
        return keys


class MoveForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where photos are moved: an album of their owner, or a new one."""

    album = forms.ModelChoiceField(
        Album.objects.none(), label=_("Album"), required=False, empty_label=_("A new album")
    )

    class Meta:
        model = Album
        fields = ["title"]
        labels = {"title": _("Title of the new album")}

    field_order = ["album", "title"]

    def __init__(self, owner: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["album"].queryset = Album.objects.editable_by(owner)  # type: ignore[attr-defined]
        self.fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["album"] and not cleaned["title"]:
            self.add_error("title", _("Choose an album, or write the title of a new one."))
        return cleaned


class CopyForm(MoveForm):
    """Where photos are copied, and how many of them are there by now: many take several requests.

    With scripts, these are sent by the page that follows.
    """

    copied = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    by_script = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Section
        fields = ["title"]
        labels = {"title": _("Title")}


class ChooseSectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where photos of an album are put: a section, a new one, or none."""

    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("Section"), required=False, empty_label=_("No section")
    )

    class Meta:
        model = Section
        fields = ["title"]
        labels = {"title": _("Or the title of a new section")}

    field_order = ["section", "title"]

    def __init__(self, album: Album, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = album.sections.all()  # type: ignore[attr-defined]
        self.fields["title"].required = False


class PhotoOrderForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Album
        fields = ["photo_order"]
        labels = {"photo_order": _("Order of photos")}


class ArchiveForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a zip file holds. A form without choices means everything, as the files are."""

    class Meta:
        model = Archive
        fields = ["holds", "with_details"]
        labels = {"holds": _("What to download")}
        widgets = {"holds": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holds"].required = False
        self.fields["holds"].choices = Archive.Holds.choices  # type: ignore[attr-defined]

    @property
    def choices(self) -> Choices:
        return Choices(
            self.cleaned_data["holds"] or Archive.Holds.BOTH, self.cleaned_data["with_details"]
        )

    def choices_with_sizes(self, sizes: Mapping[str, int]) -> list[tuple[BoundWidget, int]]:
        return [(radio, sizes[str(radio.data["value"])]) for radio in self["holds"]]


class AlbumForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Album
        fields = ["title", "description", "shows_details"]
        labels = {
            "title": _("Title"),
            "description": _("Description"),
            "shows_details": _("Show details of the photos when the album is public"),
        }
        help_texts = {
            "description": _("Where and when, and who is in the photos. Optional."),
            "shows_details": _(
                "Anyone can then read their titles, captions, dates, places, tags and the names of "
                "the people in them. File names are never shown."
            ),
        }


class EditAlbumForm(AlbumForm):
    """Whatever can be changed on one page. A chosen cover can be given up here."""

    newest_as_cover = forms.BooleanField(
        label=_("Show the newest colored photo as the cover again"), required=False
    )

    class Meta(AlbumForm.Meta):
        fields = ["title", "description", "photo_order", "shows_details"]
        labels = AlbumForm.Meta.labels | PhotoOrderForm.Meta.labels

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo_order"].required = False
        if not self.instance.cover_id:
            del self.fields["newest_as_cover"]

    def clean_photo_order(self) -> str:
        """Sent without a value, it stays as it is: no album is without an order."""
        order: str = self.cleaned_data["photo_order"] or self.instance.photo_order
        return order

    def changes(self) -> dict[str, Any]:
        """The fields of the album that were sent."""
        # A check box that is off is not sent.
        sent = {*self.data, "shows_details"}
        fields = {name: value for name, value in self.cleaned_data.items() if name in sent}
        return {**fields, "cover": None} if fields.pop("newest_as_cover", False) else fields
