"""A day as people write it, in a form."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vamco.vocabulary.messages import message
from vamco.web.language import language_now
from vamco.web.parameters import iso_of


class DayField(forms.CharField):
    """22/11/2026 or an ISO day; cleaned to a date, or to None where it may be left empty and is."""

    def __init__(self, **options: Any) -> None:
        shown = {
            "class": "day",
            "inputmode": "numeric",
            "placeholder": _("dd/mm/yyyy"),
            "autocomplete": "off",
        }
        super().__init__(max_length=20, widget=forms.TextInput(attrs=shown), **options)

    def clean(self, value: Any) -> date | None:
        """The day. Raises `ValidationError` in the words that every page has for it."""
        written = super().clean(value)
        if not written:
            return None
        try:
            return date.fromisoformat(iso_of(written))
        except ValueError:
            said = message("web.bad_day", language_now(), {"value": written})
            raise ValidationError(f"{said['what']} {said['next']}") from None
