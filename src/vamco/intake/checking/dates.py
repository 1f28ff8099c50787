"""SQL that reads days and moments as Vietnamese senders write them, and says why one cannot be read.

Days: `2026-06-15`, `15/6/2026` (either also with `/`, `-` or `.`), a moment at midnight, an Excel serial.
Moments are kept in the civil time of Viet Nam (UTC+7, no summer time), without a zone.
"""

from typing import Final

from vamco.intake.checking import sql

_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2199
_BUDDHIST_YEARS: Final = (2400, 2742)
_DAY_FORMS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
_MOMENT_FORMS: Final = tuple(f"{day} {time}" for day in _DAY_FORMS for time in ("%H:%M:%S", "%H:%M"))
_SERIAL: Final = r"[2-6]\d{4}(\.0+)?|7[0-2]\d{3}(\.0+)?"  # 1954-10-03 to 2099-12-31
_MIDNIGHT: Final = r"(\d{4}[/.-]\d\d?[/.-]\d\d?|\d\d?[/.-]\d\d?[/.-]\d{4})[ T]00?:00(:00(\.0+)?)?"
_OFFSET: Final = r".*\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)"
_ISO: Final = r"\d{4}-\d\d?-\d\d?([ T]\d\d?:\d\d(:\d\d(\.\d+)?)?)?"

_TWO_DIGIT_YEAR: Final = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}"
_DAY_MONTH_YEAR: Final = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( .*)?"
_YEAR_MONTH_DAY: Final = r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})([ T].*)?"
_STEMS: Final = "giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý"
_BRANCHES: Final = "tý|sửu|dần|mão|thìn|tỵ|ngọ|mùi|thân|dậu|tuất|hợi"
_LUNAR: Final = (
    r"(?i)(.*[^\p{L}])?(âl|âm lịch|tháng giêng|tháng chạp|nhuận"
    rf"|({_STEMS}) ({_BRANCHES}))([^\p{{L}}].*)?"
)
_SEVEN_HOURS: Final = 7 * 3600 * 1_000_000  # microseconds


def plain_day(text: str) -> str:
    """The day of a cell in one of the two usual forms; null for any other."""
    written = f"CAST(try_strptime({text}, '{_DAY_FORMS[0]}') AS DATE)"
    return _plausible(f"CASE WHEN contains({text}, '/') THEN {written} ELSE {_iso_day(text)} END")


def plain_moment(text: str) -> str:
    """The moment of a cell written to the second and without a zone; null for any other."""
    moment = f"CASE WHEN length({text}) = 19 THEN TRY_CAST({text} AS TIMESTAMP) END"
    return f"CASE WHEN CAST({moment} AS VARCHAR) = replace({text}, 'T', ' ') THEN {moment} END"


def repaired_day(text: str) -> str:
    """The day of a cell in another form; null when it is none."""
    text = sql.with_plain_spaces(text)
    date_part = _date_part(text)
    day = sql.cases(
        (sql.fits(text, _SERIAL), f"DATE '1899-12-30' + TRY_CAST(TRY_CAST({text} AS DOUBLE) AS INTEGER)"),
        (sql.fits(text, _MIDNIGHT), f"COALESCE({_iso_day(date_part)}, {_written(date_part, _DAY_FORMS)})"),
        otherwise=f"COALESCE({_iso_day(text)}, {_written(text, _DAY_FORMS)})",
    )
    return _plausible(day)


def moment(text: str) -> str:
    """The moment of a cell in Vietnamese civil time; a day alone is its midnight. Null when it is none."""
    text = sql.with_plain_spaces(text)
    moment = sql.cases(
        (
            sql.fits(text, _OFFSET),
            f"TRY(make_timestamp(epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)) + {_SEVEN_HOURS}))",
        ),
        (sql.fits(text, _ISO), f"TRY_CAST({text} AS TIMESTAMP)"),
        otherwise=f"COALESCE({_written(text, _MOMENT_FORMS, 'TIMESTAMP')}, CAST({repaired_day(text)} AS TIMESTAMP))",
    )
    return _plausible(moment)


def why_no_day(text: str) -> str:
    """The reason why a cell is no day: the name of a message."""
    month, year = _number(text, _DAY_MONTH_YEAR, 2), _year(text)
    return sql.cases(
        (sql.fits(text, _LUNAR), "'date_lunar'"),
        (sql.fits(text, _TWO_DIGIT_YEAR), "'date_two_digit_year'"),
        (f"{year} BETWEEN {_BUDDHIST_YEARS[0]} AND {_BUDDHIST_YEARS[1]}", "'date_buddhist_year'"),
        (f"{year} NOT BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR}", "'date_implausible_year'"),
        (f"{month} > 12 AND {_number(text, _DAY_MONTH_YEAR, 1)} <= 12", "'date_month_first'"),
        (f"{year} IS NOT NULL AND {_has_time(text)}", "'date_with_time'"),
        (f"{year} IS NOT NULL", "'date_impossible'"),
        (sql.fits(text, r"\d{4}"), "'date_year_only'"),
        otherwise="'date_unreadable'",
    )


def why_no_moment(text: str) -> str:
    """The reason why a cell is no moment: the name of a message."""
    text = sql.with_plain_spaces(text)
    is_day = f"{repaired_day(_date_part(text))} IS NOT NULL"
    return sql.cases((f"{_has_time(text)} AND {is_day}", "'time_impossible'"), otherwise=why_no_day(text))


def gregorian_year(text: str) -> str:
    """The year that a Buddhist year most likely means."""
    return f"{_year(text)} - 543"


def _written(text: str, forms: tuple[str, ...], type_: str = "DATE") -> str:
    moment = f"try_strptime({text}, [{', '.join(map(sql.literal, forms))}])"
    return f"CASE WHEN {_begins_with_digit(text)} THEN CAST({moment} AS {type_}) END"


def _iso_day(text: str) -> str:
    return f"CASE WHEN length({text}) = 10 AND {_begins_with_digit(text)} THEN TRY_CAST({text} AS DATE) END"


def _begins_with_digit(text: str) -> str:
    """DuckDB has words for moments too, such as `epoch`."""
    return f"{text} BETWEEN '0' AND ':'"


def _date_part(text: str) -> str:
    return f"regexp_replace({text}, '[ T].*$', '')"


def _plausible(value: str) -> str:
    return f"CASE WHEN year({value}) BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR} THEN {value} END"


def _year(text: str) -> str:
    return f"COALESCE({_number(text, _DAY_MONTH_YEAR, 3)}, {_number(text, _YEAR_MONTH_DAY, 1)})"


def _number(text: str, pattern: str, group: int) -> str:
    whole = sql.literal(f"^{pattern}$")
    return f"TRY_CAST(regexp_extract({text}, {whole}, {group}) AS INTEGER)"


def _has_time(text: str) -> str:
    return f"regexp_matches({text}, ':')"
