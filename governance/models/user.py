"""Accounts. What an account may do comes from staff lists, never from the account itself."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from governance.actors import reference


class EmailUserManager(UserManager):
    """Accounts are known by e-mail address; there is no user name."""

    def _create_user(self, email: str, password: str | None, **extra: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **extra)  # type: ignore[assignment]
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        extra.setdefault("is_staff", False)
        extra.setdefault("is_superuser", False)
        return self._create_user(email, password, **extra)

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self._create_user(email, password, **(extra | {"is_staff": True, "is_superuser": True}))


class User(AbstractUser):
    """A person who can sign in: staff, patient, carer or learner."""

    username = None  # type: ignore[assignment]
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)

    sessions_end_before = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Sessions that began earlier are over"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = EmailUserManager()

    def __str__(self) -> str:
        return f"user {reference(self.public_id)}"

    @property
    def display_name(self) -> str:
        """The name colleagues see on a page; never for logs, subjects or URLs."""
        return self.get_full_name() or self.email
