"""The upload form."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from vamco.accounts.policy import Actor
from vamco.intake.contracts import contract_of
from vamco.intake.receiving import period_for
from vamco.packs.contract import Contract
from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.messages import message, say
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.web.contracts import contracts_for
from vamco.web.language import language_now
from vamco.web.parameters import iso_of

_ENCODINGS = ("utf-8", "utf-16", "windows-1258", "tcvn3", "vni")


class CorrectionForm(forms.Form):
    """The file of corrected rejects."""

    file = forms.FileField(label=_("Tệp đã sửa"), widget=forms.FileInput)


class WithdrawalForm(forms.Form):
    """Why an accepted delivery is no longer to be used."""

    why = forms.CharField(label=_("Lý do rút"), max_length=500)


class UploadForm(forms.Form):
    """A contract, a period and a file; what the file does not say of itself may be declared."""

    contract = forms.ChoiceField(label=_("Bộ dữ liệu"))
    period = forms.CharField(
        label=_("Kỳ số liệu"),
        max_length=60,
    )
    file = forms.FileField(
        label=_("Tệp dữ liệu"),
        widget=forms.FileInput,
        help_text=_(
            "CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON, Parquet; nén gzip hoặc zip cũng được. "
            "Tệp gốc được giữ nguyên, không cần sửa tiêu đề hay phông chữ trước khi gửi."
        ),
        error_messages={"empty": _("Tệp này rỗng. Chọn lại tệp có dữ liệu.")},
    )
    map_on = forms.CharField(
        label=_("Tên đơn vị theo bản đồ ngày"),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "day",
                "inputmode": "numeric",
                "placeholder": _("dd/mm/yyyy"),
                "autocomplete": "off",
            }
        ),
        help_text=_("Bỏ trống thì theo quy cách. Điền khi tệp còn dùng tên xã, phường cũ."),
    )
    encoding = forms.ChoiceField(
        label=_("Bảng mã chữ Việt"),
        required=False,
        choices=[("", _("tự nhận biết")), *((name, name) for name in _ENCODINGS)],
    )
    sheet = forms.CharField(
        label=_("Trang tính"),
        required=False,
        max_length=100,
        help_text=_("Bỏ trống thì tự tìm bảng dữ liệu."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contracts = contracts_for(actor, "delivery.receive")
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [(c.id, c.title.in_(language_now())) for c in contracts]
        chosen = self["contract"].value() or (contracts[0].id if contracts else "")
        self.fields["period"].help_text = _hints(contracts, str(chosen))

    def clean_map_on(self) -> str:
        """The day in ISO 8601, empty when none is given."""
        day = iso_of(self.cleaned_data["map_on"])
        try:
            return date.fromisoformat(day).isoformat() if day else ""
        except ValueError:
            said = message("web.bad_day", language_now(), {"value": day})
            raise ValidationError(f"{said['what']} {said['next']}") from None

    def clean(self) -> dict[str, Any]:
        """The fields, once the period fits the contract's schedule."""
        cleaned = super().clean() or {}
        if "contract" in cleaned and "period" in cleaned:
            try:
                period_for(contract_of(cleaned["contract"]), cleaned["period"])
            except VamcoError as error:
                said = error.say(language_now())
                self.add_error("period", f"{said['what']} {said['next']}")
        return cleaned

    @property
    def options(self) -> dict[str, str]:
        """What the sender declared of the file."""
        named = {name: self.cleaned_data.get(name) for name in ("map_on", "encoding", "sheet")}
        return {name: str(value) for name, value in named.items() if value}

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that everybody fills."""
        return [self["contract"], self["period"], self["file"]]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        """The fields for files that need a word of explanation."""
        return [self["map_on"], self["encoding"], self["sheet"]]


def _hints(contracts: Iterable[Contract], chosen: str) -> SafeString:
    """How periods of each contract are written; those that are not chosen stay hidden until they are."""
    hints = ((c.id, "" if c.id == chosen else "hidden", _hint(c)) for c in contracts)
    return format_html_join("", '<span data-hint-of="{}" {}>{}</span>', hints)


def _hint(contract: Contract) -> str:
    language, dataset = language_now(), contract.title.in_(language_now())
    schedule = contract.schedule
    if schedule is None or schedule.period_type == PeriodType.RANGE:
        return say("web.period_hint_free", language, dataset=dataset)
    last = Period.covering(PeriodType(schedule.period_type), timezone.localdate()).previous()
    each = say(f"web.period_{schedule.period_type}", language)
    title = last.title.in_(language)
    return say("web.period_hint", language, dataset=dataset, each=each, title=title, written=str(last))
