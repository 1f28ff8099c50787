"""The reader's own page: who they are, what they may do, and how the pages look to them."""

from typing import Final

from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from vamco.accounts.action import action
from vamco.accounts.models import Person
from vamco.vocabulary.messages import LANGUAGES
from vamco.web.callers import SignedRequest
from vamco.web.shell.doors import THEME_COOKIE, THEMES

_A_YEAR: Final = 365 * 24 * 3600


def account(request: SignedRequest) -> HttpResponse:
    """The person's name, roles and scopes."""
    assert isinstance(request.user, Person)  # noqa: S101  the gate lets only people in
    grants = request.user.grants.select_related("agency").order_by("role")
    return render(request, "account/account.html", {"grants": grants})


class ChangePassword(PasswordChangeView):
    """The person's new password; the change is written in the audit log."""

    template_name = "account/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep the new password."""
        name = self.request.user.get_username()
        with action(self.request.actor, "password", f"person:{name}"):  # type: ignore[attr-defined]
            return super().form_valid(form)


@require_POST
def choose_language(request: SignedRequest) -> HttpResponse:
    """Remember the language, and go back to the page."""
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, request.POST.get("language", ""), LANGUAGES)


@require_POST
def choose_theme(request: SignedRequest) -> HttpResponse:
    """Remember light or dark, and go back to the page."""
    return _remember(request, THEME_COOKIE, request.POST.get("theme", ""), THEMES)


def _remember(request: SignedRequest, cookie: str, value: str, allowed: tuple[str, ...]) -> HttpResponse:
    response = redirect(_way_back(request))
    if value in allowed:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(cookie, value, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def _way_back(request: SignedRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
