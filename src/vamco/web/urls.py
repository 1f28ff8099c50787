"""Every address of the program, each named as the role matrix names it."""

from django.urls import path

from vamco.web.account import views as account
from vamco.web.home import views as home
from vamco.web.sign_in import views as sign_in
from vamco.web.units import views as units

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.ChangePassword.as_view(), name="password"),
    path("account/language/", account.choose_language, name="language"),
    path("account/theme/", account.choose_theme, name="theme"),
    path("units/", units.units, name="units"),
    path("units/<str:code>/", units.unit, name="unit"),
]
