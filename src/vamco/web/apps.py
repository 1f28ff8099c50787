from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    """The doors for people and programs."""

    name = "vamco.web"
    label = "web"

    def ready(self) -> None:
        """Make the folders that WhiteNoise and uploads expect to find."""
        for folder in (settings.STATIC_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
            Path(folder).mkdir(parents=True, exist_ok=True)
