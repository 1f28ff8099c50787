"""The sign-in form: Django's own, with a pause after repeated failures and a trace of each try."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vamco.web.sign_in.attempts import PAUSE_MINUTES, is_paused, record_failure


class SignInForm(AuthenticationForm):
    """Username and password."""

    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra phím Caps Lock rồi thử lại."),
        "inactive": _("Tài khoản này đã ngừng dùng. Liên hệ quản trị viên."),
        "paused": _(
            "Đăng nhập vào tài khoản này tạm dừng %(minutes)s phút vì đã nhập sai nhiều lần. "
            "Chờ hết thời gian đó, hoặc nhờ quản trị viên đặt lại mật khẩu."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")

    def clean(self) -> dict[str, Any]:
        """The cleaned fields of a person who may come in. Raises `ValidationError`."""
        username, address = self.cleaned_data.get("username", ""), self._address()
        if is_paused(username, address):
            raise ValidationError(self.error_messages["paused"], "paused", {"minutes": PAUSE_MINUTES})
        try:
            return super().clean()
        except ValidationError:
            record_failure(username, address)
            raise

    def _address(self) -> str:
        return self.request.META["REMOTE_ADDR"] if self.request else ""
