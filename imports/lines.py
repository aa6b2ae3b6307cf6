"""What became of the lines of a file: parsed, refused, passed over or stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import IntegrityError

from clinical.sentences import Sentence
from services.context import Context
from services.errors import Conflict, FieldError, Gone, Invalid, ServiceError, VersionRequired
from services.revisions import WriteOutcome

LINE: Final = "line"


@dataclass(frozen=True, slots=True)
class LineErrors:
    """One line, and what is wrong with it, or worth a look; each error names its column."""

    line: int
    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class StoredLine:
    """What became of a line that was stored, and what about it is worth a look."""

    outcome: WriteOutcome
    warnings: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One line that can be stored, and how; `column` is the one to name where its record is refused."""

    line: int
    store: Callable[[Context], StoredLine]
    column: str = LINE
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file as parsed: the lines to store, in order; those refused, not used, or worth a look."""

    lines: tuple[ParsedLine, ...]
    refused: tuple[LineErrors, ...] = ()
    unused: tuple[int, ...] = ()
    warnings: tuple[LineErrors, ...] = ()


@dataclass(slots=True)
class Report:
    """What became of each line of a file."""

    outcomes: dict[int, WriteOutcome] = field(default_factory=dict)
    refused: list[LineErrors] = field(default_factory=list)
    unused: tuple[int, ...] = ()
    warnings: list[LineErrors] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many lines were created and unchanged."""
        return Counter(str(outcome) for outcome in self.outcomes.values())


def store(ctx: Context, lines: Sequence[ParsedLine], report: Report) -> None:
    """Store lines, each in a savepoint of its own; adds what became of each to the report."""
    for each in lines:
        try:
            stored = _store_one(ctx, each)
        except ServiceError as why:
            report.refused.append(LineErrors(each.line, reasons(why, each)))
            continue
        report.outcomes[each.line] = stored.outcome
        if stored.warnings:
            report.warnings.append(LineErrors(each.line, stored.warnings))


def _store_one(ctx: Context, line: ParsedLine) -> StoredLine:
    def put() -> StoredLine:
        with ctx.session.begin_nested():
            return line.store(ctx)

    try:
        return put()
    except IntegrityError:
        # Somebody stored the same record meanwhile: look again, and recognise or refuse it.
        return put()


def reasons(why: ServiceError, line: ParsedLine) -> tuple[FieldError, ...]:
    """Return why a line could not be stored, by the columns of its file."""
    if isinstance(why, (Invalid, Conflict)) and why.errors:
        return tuple(_of_column(error, line) for error in why.errors)
    if isinstance(why, VersionRequired):
        sentence = Sentence("Something else is stored for this already; it was left as it is.")
        return (FieldError(line.column, "differs", sentence, "column"),)
    if isinstance(why, Gone):
        sentence = Sentence("This was removed, and stays so.")
        return (FieldError(line.column, why.code, sentence, "column"),)
    return (FieldError(line.column, why.code, why.detail, "column"),)


def _of_column(error: FieldError, line: ParsedLine) -> FieldError:
    member = error.pointer.strip("/").partition("/")[0]
    return FieldError(line.columns.get(member, line.column), error.code, error.detail, "column")
