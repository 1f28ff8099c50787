from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "vamco.intake"
    label = "intake"
