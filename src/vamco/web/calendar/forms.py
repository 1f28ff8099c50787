"""The form by which an administrator signs what a day is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vamco.deadlines.models import Decided
from vamco.vocabulary.errors import Misused
from vamco.web.day_field import DayField
from vamco.web.language import language_now
from vamco.worktime.calendar_day import CalendarDay, DayKind
from vamco.worktime.shifts import read_shifts


class SignForm(forms.Form):
    """A row of the calendar; to take an earlier one back needs only the day and the reason."""

    on = DayField(label=_("Ngày"))
    kind = forms.ChoiceField(
        label=_("Ngày này là"),
        choices=[
            (Decided.DAY_OFF, _("ngày nghỉ bù, nghỉ hoán đổi")),
            (Decided.HOLIDAY, _("ngày nghỉ lễ, tết")),
            (Decided.WORKDAY, _("ngày làm việc")),
            (Decided.TAKEN_BACK, _("như trước khi có quyết định (rút dòng đã ký)")),
        ],
    )
    title = forms.CharField(
        label=_("Tên ngày, hoặc lý do rút"), max_length=200, widget=forms.TextInput(attrs={"size": 40})
    )
    decision = forms.CharField(
        label=_("Số quyết định"),
        required=False,
        max_length=100,
        help_text=_("Ví dụ 12729/VPCP-KGVX. Khi rút một dòng thì không cần."),
    )
    announced_on = DayField(
        label=_("Ngày công bố"),
        required=False,
        help_text=_("Hạn tính trước ngày này vẫn tra lại được theo lịch khi đó."),
    )
    source = forms.CharField(
        label=_("Nơi đăng văn bản"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"size": 40}),
    )
    hours = forms.CharField(
        label=_("Giờ làm việc riêng của ngày này"),
        required=False,
        max_length=100,
        help_text=_("Bỏ trống thì theo giờ hành chính. Ví dụ nghỉ buổi chiều: 07:30-11:30."),
    )
    verified = forms.BooleanField(label=_("Tôi đã đọc chính văn bản này"), required=False)

    def clean_hours(self) -> str:
        """The hours, once they can be read."""
        written = str(self.cleaned_data["hours"])
        try:
            read_shifts(written)
        except Misused as error:
            said = error.say(language_now())
            raise ValidationError(f"{said['what']} {said['next']}") from None
        return written

    def clean(self) -> dict[str, Any]:
        """The fields, once a decision has its number and its day."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") != Decided.TAKEN_BACK:
            for name in ("decision", "announced_on"):
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, _("Điền mục này: dòng lịch cần dẫn đúng văn bản."))
        return cleaned

    @property
    def takes_back(self) -> bool:
        """Whether an earlier row is taken back."""
        return bool(self.cleaned_data["kind"] == Decided.TAKEN_BACK)

    @property
    def day(self) -> CalendarDay:
        """The row that is asked for."""
        said = self.cleaned_data
        return CalendarDay(
            said["on"],
            DayKind(said["kind"]),
            said["title"],
            said["decision"],
            said["announced_on"],
            said["source"],
            said["verified"],
            read_shifts(said["hours"]),
        )
