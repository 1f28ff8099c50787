from django.apps import AppConfig


class NotifyingConfig(AppConfig):
    """The outbox: who was told what, by which channel, and whether it arrived."""

    name = "vamco.notifying"
    label = "notifying"
    verbose_name = "Thông báo"
