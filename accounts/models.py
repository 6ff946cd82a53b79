"""A user logs in with an email address and a password.

Which addresses are proved, allauth's EmailAddress knows: no two accounts have the same proved one, which the
database holds. One that nobody proved is a key to the account that was made with it, and to nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import addresses

TAKEN = _("There is already an account with this email address.")


class UserManager(BaseUserManager["User"]):
    def holder_of(self, email: str) -> User | None:
        """Whose account this address is a key to: who proved it, or else who made an account with it."""
        address = addresses.normalize(email)
        proved = self.filter(emailaddress__email=address, emailaddress__verified=True)
        made_with_it = self.filter(email=address).exclude(emailaddress__verified=True)
        return proved.first() or made_with_it.order_by("awaits_confirmation", "-pk").first()

    def locked(self, user_id: int) -> models.QuerySet[User]:
        """Until the transaction ends, once it is read: whoever asks for the same waits."""
        # No key: rows that refer to the person are still written, also by a worker that must not wait.
        return self.select_for_update(no_key=True).filter(pk=user_id)

    def get_by_natural_key(self, username: str | None) -> User:
        user = self.holder_of(username or "")
        if user is None:
            raise self.model.DoesNotExist(f"There is no account with the address {username}.")
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("An account needs an email address.")
        user = self.model(email=addresses.normalize(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Who runs commands on the site's machine need not confirm the address.

        Raises:
            ValidationError: nobody could log in with the address, or somebody has proved it.
        """
        address = addresses.clean(email)
        proved = {"email": address, "verified": True, "primary": True}
        if self.filter(emailaddress__email=address, emailaddress__verified=True).exists():
            raise ValidationError(TAKEN, code="email_taken")
        with transaction.atomic():
            user = self.create_user(address, password, is_staff=True, is_superuser=True, **fields)
            user.emailaddress_set.create(**proved)  # type: ignore[attr-defined]  # allauth has no types
        return user


class Theme(models.TextChoices):
    AUTO = "auto", _("Like the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser, PermissionsMixin):
    deleted_text: Final = gettext_noop("The account was deleted.")

    # Not unique: an address that is not proved stands in nobody's way.
    email = models.EmailField("email address", db_index=True)
    name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May use the admin pages.")
    is_active = models.BooleanField("active", default=True, help_text="May log in.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # Signed up, has not confirmed the address yet, and so has never been logged in.
    awaits_confirmation = models.BooleanField(default=False, editable=False)
    # How often all sessions and tokens were ended: it is part of what they are checked against.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    quota_bytes = models.PositiveBigIntegerField(
        "quota",
        null=True,
        blank=True,
        help_text="How many bytes may be kept for this person. Empty: as many as for everybody.",
    )
    language = models.CharField(
        max_length=10, blank=True, help_text="Empty: the language that the browser asks for."
    )
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    mail_when_done = models.BooleanField(
        "email when done",
        default=False,
        help_text="Send an email when all photos of a batch are in color.",
    )
    deletion_due_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the account is deleted, as its owner asked for.",
    )
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_reason = models.CharField(max_length=300, blank=True, editable=False)
    suspended_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("-date_joined",)
        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_is_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(suspended_at=None) | Q(is_active=False),
                name="user_suspended_is_not_active",
            ),
            models.CheckConstraint(
                condition=Q(suspended_at=None, suspended_reason="")
                | (Q(suspended_at__isnull=False) & ~Q(suspended_reason="")),
                name="user_suspended_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Of an account that staff make; allauth has forms of its own."""
        if not self._state.adding:
            return
        self.email = addresses.clean(self.email)
        holder = User.objects.holder_of(self.email)
        if holder is not None and not holder.awaits_confirmation:
            raise ValidationError({"email": TAKEN})

    def get_session_auth_hash(self) -> str:
        """What each session and token must carry: a new password ends them, and so does `end_sessions`."""
        return f"{super().get_session_auth_hash()}.{self.sessions_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same with earlier secret keys of the site: what carries one of these is as good."""
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.sessions_ended}"

    @property
    def session_hashes(self) -> list[str]:
        """All that open the account, that of now first."""
        return [self.get_session_auth_hash(), *self.get_session_auth_fallback_hash()]

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def editable_by(self, user: User) -> ApiKeyQuerySet:
        """Those that open the account: what ended its sessions has ended the others."""
        good = Q(expires_at=None) | Q(expires_at__gt=Now())
        return self.filter(good, owner=user, session_hash__in=user.session_hashes)


class ApiKey(models.Model):
    """What a program sends instead of logging in. The key itself is kept nowhere."""

    class Scope(models.TextChoices):
        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.READ)
    # SHA-256: the key is random and long, so that guessing it needs no slowing down.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    # Of the account when the key was made, see User.get_session_auth_hash.
    session_hash = models.CharField(max_length=200, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name
