"""What the lists have in common: records are looked at and moderated, never edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import get_deleted_objects
from django.contrib.auth import get_permission_codename
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from accounts.models import User
from colorizer.models import Adjustment, Colorization, ColorizationQuerySet
from filestore.models import StoredFile, Upload
from gallery.models import Download
from gallery.models.shares import Share
from jobs.models import Job
from moderation import decisions

M = TypeVar("M", bound=Model)
A = TypeVar("A", bound="admin.ModelAdmin[Any]")
Action: TypeAlias = Callable[[A, HttpRequest, QuerySet[Any]], HttpResponse | None]
ActionWithReason: TypeAlias = Callable[[A, HttpRequest, QuerySet[Any], str], None]
Deleted: TypeAlias = tuple[list[Any], dict[str, int], set[str], list[Any]]

MOST_AT_ONCE: Final = 200

# They go with what they are about, for which nobody needs a permission of its own.
DELETED_WITH_OTHERS = (Adjustment, Download, EmailAddress, Job, Share, StoredFile, Upload)


def staff_member(request: HttpRequest) -> User:
    """The user of a request to the admin site, which lets no anonymous user in."""
    return cast("User", request.user)


# Django's class cannot be subscripted at run time, its stubs want it to be.
class ModeratedAdmin(admin.ModelAdmin, Generic[M]):  # type: ignore[type-arg]
    """Actions stand in the list and, as buttons, on the page of each object."""

    list_per_page = 30
    show_full_result_count = False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Whoever holds Django's change permission may run the moderation actions."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def actions_for(self, obj: M) -> list[str]:
        """Names of the actions that make sense for this object in its present state."""
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if original := context["original"]:
            allowed = self.get_actions(request)
            context["object_actions"] = [
                (name, name.replace("_", " ").capitalize())
                for name in self.actions_for(original)
                if name in allowed
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    @transaction.atomic
    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """An action is carried out and logged for all objects or for none; a request has not time for any number."""
        is_for_all_pages = request.POST.get("select_across", "0") != "0"
        if is_for_all_pages and queryset.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
            text = f"Choose at most {MOST_AT_ONCE} at a time: filter the list, or go page by page."
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **kwargs)

    def colorizations_deleted_with(self, objects: Iterable[M]) -> ColorizationQuerySet:
        """Those that the services delete with the objects, and that Django does not find."""
        return Colorization.objects.none()

    def get_deleted_objects(self, objs: Sequence[M] | QuerySet[M], request: HttpRequest) -> Deleted:
        """What the page shows before it deletes, and which permissions to delete are missing."""
        listed, counts, missing, protected = super().get_deleted_objects(objs, request)
        also = get_deleted_objects(self.colorizations_deleted_with(objs), request, self.admin_site)
        counts = {name: counts.get(name, 0) + also[1].get(name, 0) for name in {*counts, *also[1]}}
        admins = map(self.admin_site.get_model_admin, DELETED_WITH_OTHERS)
        missing = (missing | also[2]) - {model_admin.opts.verbose_name for model_admin in admins}
        return [*listed, *also[0]], counts, missing, [*protected, *also[3]]

    def log_deletions(self, request: HttpRequest, queryset: Iterable[M]) -> list[LogEntry]:
        return [decisions.log_deletion(obj, staff_member(request)) for obj in queryset]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


class RecordAdmin(ModeratedAdmin[M]):
    """Records that nobody adds or edits by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class InTrashFilter(admin.SimpleListFilter):
    title = "trash"
    parameter_name = "trashed"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("yes", "In the trash"), ("no", "Not in the trash")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(trashed_at__isnull=self.value() == "no")


class HistoryInline(admin.TabularInline):  # type: ignore[type-arg]  # as above
    """Rows that tell the history of a record: whoever may see the record may see them."""

    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="One or two sentences. The owner reads them.",
    )


def asks_for_reason(title: str, note: str = "") -> Callable[[ActionWithReason[A]], Action[A]]:
    """An admin action that shows what is selected, asks why, and only then goes ahead.

    Args:
        note: who reads the reason, when it is not the owner.
    """

    def decorate(action: ActionWithReason[A]) -> Action[A]:
        @wraps(action)
        def ask(
            model_admin: A, request: HttpRequest, queryset: QuerySet[Any]
        ) -> HttpResponse | None:
            form = ReasonForm(request.POST if "reason" in request.POST else None)
            form.fields["reason"].help_text = note or form.fields["reason"].help_text
            if form.is_valid():
                action(model_admin, request, queryset, form.cleaned_data["reason"])
                return None
            context = {
                **model_admin.admin_site.each_context(request),
                "title": title,
                "form": form,
                "objects": queryset,
                "action": action.__name__,
                "checkbox_name": ACTION_CHECKBOX_NAME,
                "opts": model_admin.opts,
            }
            return TemplateResponse(request, "admin/reason.html", context)

        return ask

    return decorate
