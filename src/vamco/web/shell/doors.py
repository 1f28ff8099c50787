"""What every page wears: the ways in that its reader has, and their choices."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vamco.accounts.policy import actor_of
from vamco.web.callers import SignedRequest

THEME_COOKIE: Final = "vamco_theme"
THEMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the navigation: the URL it leads to, its key after `g`, and its words."""

    url_name: str
    key: str
    title: Promise
    below: tuple[str, ...] = ()  # URL names of the pages that belong to it

    @property
    def permission(self) -> str:
        """The row of the role matrix that opens it."""
        return self.url_name


DOORS: Final = (
    Door("home", "h", _("Việc hôm nay")),
    Door(
        "watch",
        "r",
        _("Bàn trực"),
        ("incident", "incidents", "rules", "rule", "silences", "shifts", "alarm-figures"),
    ),
    Door("directives", "o", _("Chỉ đạo"), ("directive", "directive-new", "directive-judge")),
    Door("directives-mine", "m", _("Việc được giao"), ("assignment", "assignment-act")),
    Door("briefings", "b", _("Bản tin buổi sáng"), ("briefing",)),
    Door("services", "s", _("Dịch vụ"), ("service",)),
    Door("indicators", "i", _("Chỉ tiêu"), ("indicator",)),
    Door("supply", "c", _("Bảng cấp dữ liệu")),
    Door("delivery-new", "t", _("Nộp dữ liệu")),
    Door("deliveries", "l", _("Các lần cấp"), ("delivery", "delivery-difference")),
    Door("datasets", "d", _("Bộ dữ liệu"), ("dataset",)),
    Door("units", "v", _("Đơn vị hành chính"), ("unit",)),
    Door("calendar", "w", _("Lịch làm việc"), ("calendar-sign",)),
    Door("audit", "n", _("Nhật ký")),
)


def doors_for(request: SignedRequest) -> tuple[Door, ...]:
    """The entries that the reader may open, in order."""
    actor = getattr(request, "actor", None) or actor_of(request.user)
    return tuple(door for door in DOORS if actor.may(door.permission))


def theme_of(request: SignedRequest) -> str:
    """`light` unless the reader asked for `dark`."""
    wanted = request.COOKIES.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else "light"
