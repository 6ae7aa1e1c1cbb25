"""User: alone in the first migration, because Wagtail's own tables point to it."""

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower


class People(UserManager["User"]):
    """Accounts; `named` finds one as a person would write it."""

    def named(self, name: str) -> "User":
        """The open account whose sign-in name or e-mail is `name`, whatever the case. Raises User.DoesNotExist."""
        name = name.strip()
        return self.get(models.Q(username__iexact=name) | models.Q(email__iexact=name), is_active=True)


class User(AbstractUser):
    """Somebody of the town hall. Signs in by e-mail; an élu may have none. Closed, never deleted."""

    email = models.EmailField("adresse e-mail", null=True, blank=True)  # type: ignore[assignment]
    office = models.CharField("fonction", max_length=120, blank=True)
    closed_at = models.DateTimeField("compte fermé le", null=True, blank=True, editable=False)

    objects = People()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            ),
            models.UniqueConstraint(Lower("username"), name="one_account_per_sign_in_name"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def clean(self) -> None:
        super().clean()
        self.email = self.email or None  # several people may have no address

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email or None
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Accounts sign the town's history: they are closed (see kb.people.operations), never deleted."""
        raise models.ProtectedError("Un compte se ferme, il ne se supprime pas.", {self})
