"""Who there is: agencies, people, what each was granted, and the keys of machines."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from vamco.accounts.roles import Role


class Agency(models.Model):
    """Who answers for data or work; `code` is the slug of the province's agency register."""

    code = models.SlugField(max_length=80, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name_vi


class Person(AbstractUser):
    """Somebody who signs in."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name"]
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    at_screens_on = models.DateField(null=True, blank=True)  # the last such day, so that each counts once

    @property
    def shown_name(self) -> str:
        """The name as colleagues read it."""
        return self.get_full_name() or self.username


class Grant(models.Model):
    """A role given to a person, narrowed to an agency, an area or a service (empty means all)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40, choices=[(r.value, r.value) for r in Role])
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.CASCADE)
    area_code = models.CharField(max_length=10, blank=True)
    service = models.SlugField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "agency", "area_code", "service"], name="accounts_grant_once"
            ),
            models.UniqueConstraint(
                fields=["person", "role", "area_code", "service"],
                condition=models.Q(agency=None),  # SQLite takes nulls for distinct
                name="accounts_grant_everywhere_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"


class Token(models.Model):
    """The key of an agency's machine. Only its SHA-256 is kept; the key is shown once."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=40, choices=[(r.value, r.value) for r in Role])
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.agency} · {self.name}"


class PageUse(models.Model):
    """How often people of a role opened a kind of page on a day; nobody's name, and no moment."""

    on = models.DateField()
    page = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    opens = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "page", "role"], name="accounts_page_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.page} {self.role}"


class Attendance(models.Model):
    """How many people of a role opened a screen on a day; nobody's name."""

    on = models.DateField()
    role = models.CharField(max_length=40)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "role"], name="accounts_attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.role}"


class AuditEntry(models.Model):
    """One thing that was done. Append-only; each entry carries the hash of the one before."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="accounts_audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor} {self.action} {self.subject}"
