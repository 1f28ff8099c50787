"""The addresses of the program: all of them are drawn in `web/`."""

from django.urls import include, path

urlpatterns = [path("", include("vamco.web.urls"))]
handler400 = "vamco.web.saying.bad_request"
handler403 = "vamco.web.saying.forbidden"
handler404 = "vamco.web.saying.page_not_found"
handler500 = "vamco.web.saying.server_error"
