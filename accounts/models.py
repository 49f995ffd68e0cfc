"""People who sign in, their tokens, consent, and the trail of what they changed.

The ground floor: it knows nothing of facilities or bookings. What a person may
do is decided by rows of other apps that point here.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from accounts.writing.names import Named, NamedQuerySet, NameField, NameKey


class UserManager(BaseUserManager.from_queryset(NamedQuerySet)):  # type: ignore[misc]
    """Make people by phone number; the caller normalises it to +62…."""

    def create_user(self, phone: str, password: str | None = None, **fields: object) -> User:
        user = self.model(phone=phone, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(phone, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(Named, AbstractBaseUser, PermissionsMixin):
    """A person, known by phone number. Passwords are optional: walk-ins have none."""

    phone = models.CharField(max_length=16, unique=True, help_text="+62…, digits only after the plus")
    name = NameField(max_length=120)
    name_key = NameKey(of="name")
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=[("id", "Indonesia"), ("en", "English")], default="id")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, help_text="a printed demo sign-in; refused in production")
    joined_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else ""


class ApiToken(models.Model):
    """A bearer token: only its SHA-256 is kept, so a stolen database opens nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_it_is_made"
            )
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of user {self.user_id}"


class Consent(models.Model):
    """What a person agreed to, in which wording, and when (UU 27/2022 arts. 20–22)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class AuditEntry(models.Model):
    """One change of a setting or a record, appended and never edited.

    `target` is `app.model:id` as text: entries outlive what they describe.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Heartbeat(models.Model):
    """The last sign of life of a background process, by name."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
