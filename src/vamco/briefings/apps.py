from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    """The briefings: what each leader was told in the morning, kept as it was said."""

    name = "vamco.briefings"
    label = "briefings"
