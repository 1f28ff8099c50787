from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, agencies, roles, policy, actions and the audit log."""

    name = "vamco.accounts"
    label = "accounts"
    verbose_name = "Tài khoản và quyền"
