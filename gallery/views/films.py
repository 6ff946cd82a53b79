"""What the page of a film has beside that of a photo: a few seconds to try."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.rates import limited
from gallery import films
from gallery.forms import TryFilmForm
from gallery.models import Photo
from gallery.views.photos import photo_context, too_many_jobs
from gallery.views.requests import MemberRequest
from jobs.errors import TooManyJobsError


@login_required
@limited("job")
@require_POST
def try_film(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Photo.objects.editable_by(request.user).select_related("original__owner")
    photo = get_object_or_404(own, pk=pk)
    form = TryFilmForm(request.POST)
    try:
        if form.is_valid():
            films.try_film(photo, **form.cleaned_data)
            return redirect(f"{photo.get_absolute_url()}#trials")
    except ValidationError as error:
        form.add_error(None, "; ".join(error.messages))
    except TooManyJobsError as error:
        return too_many_jobs(request, pk, error)
    context = {**photo_context(request, pk), "try_form": form}
    return render(request, "gallery/photo.html", context, status=400)
