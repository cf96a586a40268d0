"""A user is someone who signs in, by e-mail. What they may do is said per program: programs.models.Membership."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower


def normalised_email(email: str) -> str:
    """The address as accounts are named by it: without white space around it, in lower case."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401
        """A user with this e-mail, stored in lower case; without a password nobody can sign in with one."""
        user = self.model(email=normalised_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401
        """An operator of the instance."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalised_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the operators' admin", default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=10, blank=True, help_text="code of the language chosen; none if empty")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_operator(self) -> bool:
        """Runs the instance: sees its state and its admin, whatever the program."""
        return self.is_active and self.is_staff and self.is_superuser


class Session(AbstractBaseSession):
    """What a browser is remembered by; `user` is who signed in with it, as its data says too."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
