"""Signing in and out."""

from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from vamco.accounts.action import action
from vamco.web.callers import SignedRequest
from vamco.web.sign_in.attempts import record_success
from vamco.web.sign_in.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; leads on to the page that was asked for."""

    template_name = "sign_in/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let the person in, and write so."""
        record_success(form.get_user().get_username(), self.request.META.get("REMOTE_ADDR", ""))
        return super().form_valid(form)


@require_POST
def sign_out(request: SignedRequest) -> HttpResponse:
    """End the session."""
    if request.actor.signed_in:
        with action(request.actor, "sign-out", f"person:{request.actor.name}"):
            logout(request)
    return redirect("sign-in")
