"""The form of a new directive: its head, and a row for each agency that is told something."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vamco.accounts.models import Person
from vamco.directives.drafts import AssignmentDraft, term
from vamco.directives.models import Recurrence, SourceKind
from vamco.vocabulary.messages import say
from vamco.web.day_field import DayField
from vamco.web.directives.choices import agency_choices, leaders
from vamco.web.directives.deeds import UNITS
from vamco.web.language import language_now
from vamco.worktime.policy import Unit

LEAD: Final = "lead"
_MOST: Final = 1000  # days or hours that one term may have


class HeadForm(forms.Form):
    """Where the order stands, whose it is, what it says, and how often it comes round."""

    source_kind = forms.ChoiceField(
        label=_("Căn cứ"),
        choices=[
            (SourceKind.DOCUMENT, _("văn bản")),
            (SourceKind.ORAL_CONCLUSION, _("kết luận miệng tại cuộc họp")),
        ],
    )
    document_no = forms.CharField(
        label=_("Số, ký hiệu văn bản"),
        required=False,
        max_length=80,
        help_text=_("Ví dụ 1234/UBND-VX. Kết luận miệng thì bỏ trống."),
    )
    issued_on = DayField(label=_("Ngày ban hành hoặc ngày kết luận"))
    signer = forms.CharField(label=_("Người ký hoặc người kết luận"), max_length=120)
    leader = forms.ChoiceField(
        label=_("Lãnh đạo theo dõi"),
        required=False,
        help_text=_("Chỉ đạo được tính vào bảng theo dõi của lãnh đạo này."),
    )
    title = forms.CharField(label=_("Trích yếu"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    text = forms.CharField(label=_("Nội dung chỉ đạo"), widget=forms.Textarea(attrs={"rows": 5}))
    recurrence = forms.ChoiceField(
        label=_("Lặp lại"),
        required=False,
        choices=[
            (Recurrence.ONCE, _("không lặp lại")),
            (Recurrence.WEEKLY, _("mỗi tuần")),
            (Recurrence.MONTHLY, _("mỗi tháng")),
            (Recurrence.QUARTERLY, _("mỗi quý")),
        ],
        help_text=_("Kỳ sau được giao tự động với cùng nhiệm vụ và thời hạn."),
    )
    recurs_until_on = DayField(
        label=_("Lặp lại đến hết ngày"),
        required=False,
    )
    procedure = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    parent = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leader"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", "–"), *((one.username, one.shown_name) for one in leaders())]

    def clean_issued_on(self) -> date:
        """The day of the document or meeting."""
        day: date = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Ngày này còn ở phía trước."))
        return day

    def clean(self) -> dict[str, Any]:
        """The fields, once a document has its number."""
        cleaned = super().clean() or {}
        if cleaned.get("source_kind") == SourceKind.DOCUMENT and not cleaned.get("document_no", "").strip():
            self.add_error("document_no", _("Văn bản cần có số, ký hiệu."))
        return cleaned

    @property
    def source_fields(self) -> list[forms.BoundField]:
        """Where the order stands and whose it is."""
        return [self[name] for name in ("source_kind", "document_no", "issued_on", "signer", "leader")]

    @property
    def words(self) -> list[forms.BoundField]:
        """What it says."""
        return [self["title"], self["text"]]

    @property
    def rare_fields(self) -> list[forms.BoundField]:
        """What most orders need not say."""
        return [self["recurrence"], self["recurs_until_on"]]

    @property
    def chosen_leader(self) -> Person | None:
        """The leader that was chosen."""
        return Person.objects.filter(username=self.cleaned_data["leader"]).first()


class RowForm(forms.Form):
    """What one agency is told; a row without agency and text is no row."""

    agency = forms.ChoiceField(label=_("Cơ quan"), required=False)
    part = forms.ChoiceField(
        label=_("Vai trò"),
        required=False,
        choices=[(LEAD, _("chủ trì")), ("support", _("phối hợp"))],
    )
    text = forms.CharField(label=_("Việc phải làm"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.IntegerField(
        label=_("Thời hạn"),
        required=False,
        min_value=1,
        max_value=_MOST,
        widget=forms.NumberInput(attrs={"class": "amount"}),
    )
    unit = forms.ChoiceField(label=_("Tính theo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("agency", [("", "–"), *agency_choices()]), ("unit", unit_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The fields, once a row that says something says all of it."""
        cleaned = super().clean() or {}
        if not self.is_blank:
            for name in ("agency", "text", "amount"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Điền mục này, hoặc bỏ trống cả cơ quan và việc phải làm."))
        return cleaned

    @property
    def is_blank(self) -> bool:
        """Whether nobody is told anything."""
        return not any(str(self.cleaned_data.get(name) or "").strip() for name in ("agency", "text"))

    @property
    def is_lead(self) -> bool:
        """Whether this agency leads."""
        return bool(self.cleaned_data["part"] == LEAD)

    @property
    def draft(self) -> AssignmentDraft:
        """The row as an order takes it."""
        said = self.cleaned_data
        policy = term(Unit(said["unit"]), said["amount"])
        return AssignmentDraft(said["agency"], said["text"], policy, is_lead=self.is_lead)


Rows = forms.formset_factory(RowForm, extra=0, max_num=100)


def unit_choices() -> list[tuple[str, str]]:
    """What a term can be counted in."""
    return [(unit.value, say(f"web.directive_unit_{unit}", language_now())) for unit in UNITS]
