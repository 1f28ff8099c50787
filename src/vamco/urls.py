"""The addresses of the program: all of them are drawn in `web/`."""

from django.urls import include, path

urlpatterns = [path("", include("vamco.web.urls"))]
