"""Strict schemas and the fields they share."""

from __future__ import annotations

import math
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Validator

from clinical.canonical_text import canonical_line, email_key, is_invisible, record_number_key
from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.custom_instrument import EVERY_CODE_PATTERN
from clinical.sentences import Sentence
from clinical.translations import ENGLISH, stored_sentence, translated

MAX_WHOLE_NUMBER = 2**31 - 1
"""The largest whole number PostgreSQL's integer column holds. Operational."""

MAX_RECORD_NUMBER_LENGTH = 200
"""Longest record number, characters, also in the form that is compared. Operational."""
MAX_EMAIL_LENGTH = 254
"""Longest e-mail address, characters (RFC 5321). Operational."""
VERSION = 'Version number: 1 at first, one more for each change. If-Match names it, as "v3".'
KNOWN_FROM = "When this revision was stored."
KNOWN_UNTIL = "When the next revision replaced it; absent on the current revision."
RECORDED_BY = "Account that stored this revision; absent where a command of the server did."
REMOVED = "Whether this revision removed the record (tombstone)."
DIRECTION = "Whether a higher value is better or worse for the patient."
TELEPHONE = re.compile(r"^\+[ ().-]*[1-9]([ ().-]*[0-9]){6,14}[ ().-]*$")
"""A plus sign, the country code and the number: 7 to 15 digits in all (ITU-T E.164)."""
MAX_TELEPHONE_LENGTH = 40
"""Longest telephone number as people write it, characters. Operational."""
NOT_A_TELEPHONE = Sentence(
    "not_a_telephone: Send the number in international form: a plus sign, the country code "
    "and the number, 7 to 15 digits in all, as +1 406 555 0142."
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?P<second>[0-5][0-9]|60)"
    r"(?:\.[0-9]+)?(?P<offset>Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
INSTANT_EXAMPLE = "2026-11-21T21:14:05-05:00"
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years of every accepted instant: the life of any patient, and far from the ends of the calendar."""

INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""Unicode's categories of control, format, space and combining signs: alone they show nothing."""
BLANK_CHARACTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs that Unicode counts as letters or symbols, and that are blank."""
LINE_BREAKING_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that make what follows them read the other way round (UAX 9)."""


def about(sentence: str, *, most: int | None = None) -> dict[str, Any]:
    """Return the description of a member, with its unit, as metadata; `most` is how long a list can be."""
    return {"description": sentence} | ({} if most is None else {"maxItems": most})


class Strict(Schema):
    """A schema for requests; it rejects unknown members."""

    class Meta:
        """Reject unknown members."""

        unknown = RAISE


class OmitNone(Schema):
    """A schema for responses; it omits members that are None, instead of sending null."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return the default for None."""
        value = super().get_attribute(obj, attr, default)
        return default if value is None else value


class WholeNumber(fields.Field[int]):
    """A whole number as in JSON: 3 and 3.0 are three, while 3.9, "7" and true are rejected."""

    def __init__(self, low: int, high: int = MAX_WHOLE_NUMBER, **kwargs: Any) -> None:
        super().__init__(validate=Range(low, high, error=self._sentence(low, high)), **kwargs)
        self.low, self.high = low, high

    @staticmethod
    def _sentence(low: int, high: int) -> Sentence:
        return Sentence("out_of_range: Send a whole number from {low} to {high}.", low=low, high=high)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(
                Sentence("not_whole: Send a whole number from {low} to {high}.", low=self.low, high=self.high)
            )
        return value


class QueryNumber(WholeNumber):
    """A whole number in a query string, in plain digits."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        digits = value.removeprefix("-") if isinstance(value, str) else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) < 11):
            raise ValidationError(
                Sentence("not_whole: Send a whole number from {low} to {high}.", low=self.low, high=self.high)
            )
        return int(value)


class Rating(WholeNumber):
    """A self-rating from 0 to 10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SCALE_MIN, SCALE_MAX, **kwargs)


class DecimalNumber(fields.Field[float]):
    """A finite decimal number within its range."""

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        sentence = Sentence("out_of_range: Send a number from {low:g} to {high:g}.", low=low, high=high)
        super().__init__(validate=Range(low, high, error=sentence), **kwargs)
        self.low, self.high = low, high

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValidationError(Sentence("not_a_number: Send a number."))
        return float(value)


class Text(fields.String):
    """Text of bounded length with visible characters; only `blank` text may be of spaces alone."""

    def __init__(self, max_length: int, min_length: int = 1, *, blank: bool = False, **kwargs: Any) -> None:
        sentence = Sentence(
            "wrong_length: Send {low} to {high} characters.",
            low=min_length,
            high=max_length,
        )
        within = Length(min_length, max_length, error=sentence)
        metadata = {} if blank else {"pattern": r"\S"}
        kwargs["metadata"] = metadata | kwargs.get("metadata", {})
        super().__init__(validate=[within] if blank else [within, check_visible_text], **kwargs)


class Line(Text):
    """A name: one line in its canonical form, without characters that cannot be seen.

    `joiners`: whether zero-width joiners are accepted inside a word, as names in Persian have them.
    """

    joiners = True

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        line: str = super()._deserialize(value, attr, data, **kwargs)
        if any(
            unicodedata.category(sign) in LINE_BREAKING_CATEGORIES or sign in BIDI_CONTROLS for sign in line
        ):
            raise ValidationError(Sentence("not_one_line: Send one line, without control characters."))
        check_visible_text(line)
        line = canonical_line(line)
        if is_invisible(line, joiners=self.joiners):
            raise ValidationError(
                Sentence("invisible_character: Send it without characters that cannot be seen: type it anew.")
            )
        return line


class RecordNumber(Line):
    """A clinic's own number for a patient; of two that look alike one is accepted."""

    joiners = False

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        number = super()._deserialize(value, attr, data, **kwargs)
        # Compatibility forms may become longer: a ligature is several letters.
        if len(record_number_key(number)) > MAX_RECORD_NUMBER_LENGTH:
            raise ValidationError(
                Sentence("wrong_length: Send at most {number} characters.", number=MAX_RECORD_NUMBER_LENGTH)
            )
        return number


def check_visible_text(text: str) -> None:
    """Reject text without a visible character."""
    if text and all(
        unicodedata.category(sign) in INVISIBLE_CATEGORIES or sign in BLANK_CHARACTERS for sign in text
    ):
        raise ValidationError(Sentence("nothing_written: Write something that can be read."))


class Instant(fields.AwareDateTime):
    """An instant with its offset, within the accepted years; never without an offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        # Python also reads 20261127T08Z and 2026-W48-5 08:00Z, which other readers of RFC 3339 do not.
        found = RFC_3339.fullmatch(value.upper()) if isinstance(value, str) else None
        if found is None:
            raise ValidationError(
                Sentence(
                    "not_an_instant: Send a date and time as RFC 3339 has it: {instant_example}.",
                    instant_example=INSTANT_EXAMPLE,
                )
            )
        if found["second"] == "60":
            raise ValidationError(
                Sentence("not_an_instant: Send seconds from 00 to 59: a leap second is not accepted.")
            )
        moment: datetime = super()._deserialize(value.upper(), attr, data, **kwargs)
        return in_calendar_range(moment)


def in_calendar_range(moment: datetime) -> datetime:
    """Return the instant in UTC; raise ValidationError outside the accepted years."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValidationError(
            Sentence(
                "beyond_calendar: Send a moment from {first_year} to {last_year}.",
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )
    return moment.astimezone(UTC)


class Anything(fields.Raw):
    """A value that is validated elsewhere; null is let through too, without being documented."""

    def _validate_missing(self, value: Any) -> None:
        if value is not None:
            super()._validate_missing(value)


class Flag(fields.Boolean):
    """True or false as JSON has them; 1 is neither."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(Sentence("not_a_boolean: Send true or false."))
        return value


class EmailAddress(fields.Email):
    """An e-mail address within the 254 characters mail allows, also with its case folded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            error_messages={"invalid": Sentence("not_an_email: Send an e-mail address.")}, **kwargs
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = value.strip() if isinstance(value, str) else value
        address: str = super()._deserialize(text, attr, data, **kwargs)
        if is_invisible(address, joiners=False):
            raise ValidationError(self.error_messages["invalid"])
        # Folding may lengthen it: an ß becomes two letters.
        if len(email_key(address)) > MAX_EMAIL_LENGTH:
            raise ValidationError(
                Sentence(
                    "wrong_length: Send at most {number} characters.",
                    number=MAX_EMAIL_LENGTH,
                )
            )
        return address


@dataclass(slots=True)
class ResponseLanguage:
    """Language of the texts in a response, and whether it has any.

    `asked` is None where the client names no language: then `own`, the caller's, is called once, when the
    first text is written.
    """

    asked: str | None
    own: Callable[[], str] = lambda: ENGLISH
    used: bool = False

    @property
    def tag(self) -> str:
        """The language, as a BCP 47 tag."""
        if self.asked is None:
            self.asked = self.own()
        return self.asked


RESPONSE_LANGUAGE: ContextVar[ResponseLanguage] = ContextVar("RESPONSE_LANGUAGE")
"""The language of the current response; each request sets its own."""


def response_language() -> ResponseLanguage:
    """Return the language of the current response; English outside a request."""
    return RESPONSE_LANGUAGE.get(ResponseLanguage(ENGLISH))


class Translated(fields.String):
    """A text in a response, in the language of the response where it is translated.

    A stored document has its sentences as `services.outlooks.documents.document` wrote them, in every
    language; one that was stored before it did so has them in English.
    """

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        language = response_language()
        language.used = True
        # Not by way of marshmallow's own: it makes plain text of a sentence, without its template.
        return translated(stored_sentence(value) if isinstance(value, Mapping) else value, language.tag)


def has_texts(schema: Schema) -> bool:
    """Return whether a response of this schema may have texts in its language."""
    return any(_is_text(field) for field in schema.fields.values())


def _is_text(field: Any) -> bool:
    if isinstance(field, fields.Nested):
        return has_texts(field.schema)
    return isinstance(field, Translated) or (isinstance(field, fields.List) and _is_text(field.inner))


class Telephone(fields.String):
    """A telephone number in international form; spaces, dots, hyphens and brackets are left out (E.164)."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "pattern": TELEPHONE.pattern,
            "maxLength": MAX_TELEPHONE_LENGTH,
            "example": "+14065550142",
        }
        super().__init__(metadata={**metadata, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        known = isinstance(value, str) and len(value) <= MAX_TELEPHONE_LENGTH and TELEPHONE.fullmatch(value)
        if not known:
            raise ValidationError(NOT_A_TELEPHONE)
        return "+" + "".join(sign for sign in value if sign.isdigit())


class LocalDate(fields.Date):
    """A calendar day, as 2026-11-21."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        # Python also reads 20261121 and 2026-W47-6, which no other client would write or know.
        if not (isinstance(value, str) and DAY.fullmatch(value)):
            raise ValidationError(Sentence("not_a_date: Send a date, as 2026-11-21."))
        day: date = super()._deserialize(value, attr, data, **kwargs)
        return day


class TextDate(fields.String):
    """A calendar day in a response, from text or a date."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"format": "date", **kwargs.pop("metadata", {})}, **kwargs)


class Count(fields.Integer):
    """A count in a response, from 0."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__(metadata={"minimum": 0, "description": description}, **kwargs)


class Version(fields.Integer):
    """The version number in a response; 0 only where nothing is stored yet."""

    def __init__(self, low: int = 1, **kwargs: Any) -> None:
        description = VERSION if low else f"{VERSION} 0: nothing is stored yet."
        metadata = {"minimum": low, "description": description}
        super().__init__(required=True, metadata=metadata, **kwargs)


class Revision(Schema):
    """The members that revisions add to a record; system time, as in bitemporal tables."""

    known_from = Instant(required=True, metadata=about(KNOWN_FROM))
    known_until = Instant(metadata=about(KNOWN_UNTIL))
    recorded_by = fields.UUID(metadata=about(RECORDED_BY))


class RemovableRevision(Revision):
    """The members that revisions add to a record that can be removed."""

    removed = fields.Boolean(required=True, metadata=about(REMOVED))


class TimeZone(fields.String):
    """A time zone by its IANA name."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"format": "iana-time-zone", "example": "America/New_York"}
        super().__init__(metadata={**metadata, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str) or value not in time_zones():
            raise ValidationError(
                Sentence("unknown_time_zone: Send the IANA name of a time zone, as Europe/Paris.")
            )
        return value


@cache
def time_zones() -> frozenset[str]:
    """Return the names of every time zone, without the placeholders for none and for this machine's own."""
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})


def one_of(words: Iterable[str], code: str) -> OneOf:
    """Return a validator of a closed set of words, whose error of this code says what to send."""
    members = [str(word) for word in words]
    return OneOf(
        members, error=Sentence("{code}: Send one of: {words}.", code=code, words=", ".join(members))
    )


class Matches(Validator):
    """Accepts text that is all of a pattern; the field's metadata documents the pattern.

    marshmallow's Regexp would also accept a line break after the end: there "$" matches before it.
    """

    error: Sentence

    def __init__(self, pattern: str, error: Sentence) -> None:
        self.pattern, self.error = re.compile(pattern), error

    def __call__(self, value: str) -> str:
        """Return the text; raise ValidationError for another one."""
        if self.pattern.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


class Choice(fields.String):
    """One of a closed set of words, documented as an enum.

    Only an input field enforces it: one with the `error` code of any other word.
    """

    def __init__(self, words: Iterable[str], description: str, *, error: str = "", **kwargs: Any) -> None:
        members = [str(word) for word in words]
        if error:
            kwargs["validate"] = one_of(members, error)
        metadata = {"enum": members, "description": description, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)


class Choices(fields.String):
    """One or several of a closed set of words in a query string, commas between them."""

    def __init__(self, words: Iterable[str], description: str, *, error: str, **kwargs: Any) -> None:
        self.words = tuple(str(word) for word in words)
        self.sentence = Sentence(
            "{code}: Send one or several of these, with commas between: {words}.",
            code=error,
            words=", ".join(self.words),
        )
        one = "|".join(self.words)
        metadata = {
            "pattern": f"^({one})(,({one}))*$",
            "example": ",".join(self.words[:2]),
            "description": description,
        }
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = str(super()._deserialize(value, attr, data, **kwargs)).split(",")
        if not set(found) <= set(self.words):
            raise ValidationError(self.sentence)
        return tuple(dict.fromkeys(found))


class QueryFlag(fields.Boolean):
    """True or false in a query string, in these words."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if value not in ("true", "false"):
            raise ValidationError(Sentence("not_a_boolean: Send true or false."))
        return bool(value == "true")


class InstrumentCode(fields.String):
    """Code of an instrument: one of the catalogue, or one of the clinic's own.

    Only an input field enforces it: one with an `error` code.
    """

    def __init__(self, description: str, *, error: str = "", **kwargs: Any) -> None:
        if error:
            sentence = Sentence(
                "{code}: Send the code of an instrument, as phq-9, or of one of the clinic's own.",
                code=error,
            )
            kwargs["validate"] = Matches(EVERY_CODE_PATTERN, sentence)
        metadata = {"pattern": EVERY_CODE_PATTERN, "example": "phq-9", "description": description}
        super().__init__(metadata=metadata, **kwargs)


class PageQuery(Strict):
    """Page of a list: how much, and from where."""

    limit = QueryNumber(1, 200, load_default=50, metadata=about("How many items at most."))
    cursor = fields.String(
        load_default=None, metadata=about("Where to continue: next_cursor of the previous page.")
    )


class OrderedQuery(PageQuery):
    """How much of a list, in which order, and from where."""

    order = Choice(
        ("asc", "desc"),
        "Whether the list begins with its first item or its last. A cursor continues in the order it was "
        "made in.",
        error="unknown_order",
        load_default="asc",
    )


class LatestFirstQuery(OrderedQuery):
    """How much of a list that begins with its latest item, and from where."""

    order = Choice(
        ("asc", "desc"),
        "Whether the list begins with its earliest item or its latest. A cursor continues in the order it "
        "was made in.",
        error="unknown_order",
        load_default="desc",
    )


class PeriodQuery(Strict):
    """First and last day of a period."""

    first = LocalDate(data_key="from", load_default=None, metadata=about("First day of the list."))
    last = LocalDate(data_key="to", load_default=None, metadata=about("Last day of the list."))

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject a period that ends before it begins."""
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            raise ValidationError({"to": [Sentence("before_from: Send a day that is not before from.")]})


class SeriesQuery(PeriodQuery):
    """First and last day of a series that is not read page by page."""

    first = LocalDate(
        data_key="from",
        load_default=None,
        metadata=about("First day, at most five years before the last one; otherwise 26 weeks before it."),
    )
    last = LocalDate(data_key="to", load_default=None, metadata=about("Last day; otherwise today."))


class DaysQuery(PeriodQuery, OrderedQuery):
    """Which days of a list, how much of it and in which order."""


class LatestFirstDaysQuery(LatestFirstQuery, DaysQuery):
    """Which days of a list that begins with its latest item, and how much of it."""


def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of items."""
    return Schema.from_dict(
        {
            "items": fields.List(
                fields.Nested(item), required=True, metadata=about("The items of this page, in order.")
            ),
            "next_cursor": fields.String(
                metadata=about("Where the next page begins; absent on the last page.")
            ),
        },
        name=item.__name__.replace("Schema", "Page"),
    )


class AsOf(fields.Field[datetime]):
    """An instant with its offset, or a date, which means its end in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            if isinstance(value, str) and DAY.fullmatch(value):
                return in_calendar_range(datetime.combine(date.fromisoformat(value), time.max, UTC))
        except ValueError:
            pass
        found = RFC_3339.fullmatch(value.upper()) if isinstance(value, str) else None
        if found is None or found["offset"] is None:
            raise ValidationError(
                Sentence(
                    "not_an_instant: Send a date, or an instant as {instant_example}; in a URL, write the + "
                    "of an offset as %2B.",
                    instant_example=INSTANT_EXAMPLE,
                )
            )
        moment: datetime = Instant().deserialize(value, attr, data)
        return moment


class AsOfQuery(Strict):
    """As of when; now when absent."""

    as_of = AsOf(
        load_default=None,
        metadata={
            "type": "string",
            "format": "date-or-instant",
            "description": "An instant with its offset, or a date (its end, UTC); none after today, UTC.",
            "example": "2026-11-21",
        },
    )
