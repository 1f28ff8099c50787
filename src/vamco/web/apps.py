from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vamco.web"
    label = "web"
