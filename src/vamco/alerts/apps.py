from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Warnings, incidents, and what was done about them."""

    name = "vamco.alerts"
    label = "alerts"
    verbose_name = "Cảnh báo"
