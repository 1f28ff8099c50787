from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The clock: runs the stages, schedules, the command line."""

    name = "vamco.flow"
    label = "flow"
