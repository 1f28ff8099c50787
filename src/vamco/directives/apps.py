from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """The directives: what was ordered, of whom, by when, on what evidence, and whether it helped."""

    name = "vamco.directives"
    label = "directives"
