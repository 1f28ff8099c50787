from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "vamco.flow"
    label = "flow"
