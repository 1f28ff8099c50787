from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Deliveries, contract checks, receipts and the supply ledger."""

    name = "vamco.intake"
    label = "intake"
