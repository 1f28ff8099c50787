from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    """The shared data warehouse."""

    name = "vamco.warehouse"
    label = "warehouse"
    verbose_name = "Kho dữ liệu dùng chung"
