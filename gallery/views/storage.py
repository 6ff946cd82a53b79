"""How much is kept for somebody, and where to make room."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from filestore import services as filestore
from filestore.uploads import reserved_for
from gallery import storage
from gallery.trash.contents import Trash
from gallery.views.requests import MemberRequest


@login_required
@require_safe
def storage_page(request: MemberRequest) -> HttpResponse:
    used, quota = filestore.usage_of(request.user), filestore.quota_of(request.user)
    reserved = reserved_for(request.user)
    context = {
        "bytes_used": used,
        "quota_bytes": quota,
        "bytes_free": None if quota is None else max(quota - used - reserved, 0),
        "kinds": storage.kinds(request.user, quota),
        "bytes_reserved": reserved,
        "trash_bytes": Trash.of(request.user).total_bytes(),
        "albums": storage.largest_albums(request.user),
    }
    return render(request, "settings/storage.html", context)
