from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """From datasets to observations."""

    name = "vamco.indicators"
    label = "indicators"
    verbose_name = "Chỉ tiêu"
