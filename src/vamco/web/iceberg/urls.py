"""The addresses of the Iceberg door."""

from django.urls import path

from vamco.web.iceberg import views

_NAMESPACE = "v1/namespaces/<str:namespace>"

urlpatterns = [
    path("v1/config", views.config, name="iceberg-config"),
    path("v1/oauth/tokens", views.token, name="iceberg-token"),
    path("v1/namespaces", views.namespaces, name="iceberg-namespaces"),
    path(_NAMESPACE, views.namespace, name="iceberg-namespace"),
    path(f"{_NAMESPACE}/tables", views.tables_of, name="iceberg-tables"),
    path(f"{_NAMESPACE}/tables/<str:table>", views.table, name="iceberg-table"),
    path("v1/<path:path>", views.elsewhere, name="iceberg-elsewhere"),
]
