"""The Django app of the signed calendar and the running clocks."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Signed calendar rows, clocks and what happened to them."""

    name = "vamco.deadlines"
    label = "deadlines"
    verbose_name = "Lịch làm việc và hạn"
