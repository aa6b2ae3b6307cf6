"""One open alert for each patient and kind: later answers are added to it, and it lists all of them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0045_alert_answers"
down_revision = "0044_event_log"
branch_labels = None
depends_on = None

WAITING = "state = 'waiting'"
UNACKNOWLEDGED = "acknowledged_at IS NULL AND closed_at IS NULL"
ONCE_EACH = "uq_safety_alerts_clinic_id_patient_id_source_source_id_answer"
ONE_A_CHANNEL = "uq_deliveries_clinic_id_alert_id_channel"
INSTANT = sa.DateTime(timezone=True)
ALERTS = sa.table(
    "safety_alerts",
    *(sa.column(name, sa.Uuid()) for name in ("clinic_id", "id", "patient_id")),
    *(sa.column(name, sa.String()) for name in ("source", "source_id", "priority")),
    sa.column("local_date", sa.Date()),
    *(sa.column(name, sa.Integer()) for name in ("answer", "rank", "answer_count")),
    *(
        sa.column(name, INSTANT)
        for name in (
            "opened_at",
            "latest_answer_at",
            "waiting_since",
            "escalated_at",
            "acknowledged_at",
            "closed_at",
        )
    ),
)
ANSWERS = sa.table(
    "safety_alert_answers",
    *(sa.column(name, sa.Uuid()) for name in ("clinic_id", "alert_id", "patient_id")),
    *(sa.column(name, sa.Integer()) for name in ("number", "answer")),
    sa.column("record_id", sa.String()),
    sa.column("local_date", sa.Date()),
    sa.column("received_at", INSTANT),
)
DELIVERIES = sa.table(
    "deliveries",
    *(sa.column(name, sa.Uuid()) for name in ("clinic_id", "id", "alert_id")),
    *(sa.column(name, sa.String()) for name in ("channel", "state")),
    sa.column("created_at", INSTANT),
)


def upgrade() -> None:
    _create_answers()
    with op.batch_alter_table("safety_alerts") as table:
        table.add_column(sa.Column("answer_count", sa.Integer(), nullable=True))
        table.add_column(sa.Column("latest_answer_at", INSTANT, nullable=True))
        table.add_column(sa.Column("waiting_since", INSTANT, nullable=True))
        table.drop_constraint(op.f(ONCE_EACH), type_="unique")
        table.drop_index("ix_safety_alerts_worklist")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(op.f(ONE_A_CHANNEL), type_="unique")
    merge_open_alerts()
    with op.batch_alter_table("safety_alerts") as table:
        table.alter_column("answer_count", existing_type=sa.Integer(), nullable=False)
        table.alter_column("latest_answer_at", existing_type=INSTANT, nullable=False)
        table.drop_column("source_id")
        table.create_check_constraint(op.f("ck_safety_alerts_answer_count"), "answer_count >= 1")
        table.create_index("ix_safety_alerts_patient", ["clinic_id", "patient_id", "opened_at"])
        table.create_index("ix_safety_alerts_worklist", ["clinic_id", "rank", "latest_answer_at"])
    _unique_where(
        "uq_safety_alerts_open", "safety_alerts", ["clinic_id", "patient_id", "source"], UNACKNOWLEDGED
    )
    _unique_where("uq_deliveries_waiting", "deliveries", ["clinic_id", "alert_id", "channel"], WAITING)
    op.create_index("ix_deliveries_alert", "deliveries", ["clinic_id", "alert_id"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_alert", table_name="deliveries")
    op.drop_index("uq_deliveries_waiting", table_name="deliveries")
    op.drop_index("uq_safety_alerts_open", table_name="safety_alerts")
    op.drop_index("ix_safety_alerts_worklist", table_name="safety_alerts")
    op.drop_index("ix_safety_alerts_patient", table_name="safety_alerts")
    with op.batch_alter_table("safety_alerts") as table:
        table.add_column(sa.Column("source_id", sa.String(length=64), nullable=True))
    name_sources()
    leave_one_delivery()
    with op.batch_alter_table("safety_alerts") as table:
        table.alter_column("source_id", existing_type=sa.String(length=64), nullable=False)
        table.drop_constraint(op.f("ck_safety_alerts_answer_count"), type_="check")
        for name in ("answer_count", "latest_answer_at", "waiting_since"):
            table.drop_column(name)
        table.create_unique_constraint(
            op.f(ONCE_EACH), ["clinic_id", "patient_id", "source", "source_id", "answer"]
        )
        table.create_index("ix_safety_alerts_worklist", ["clinic_id", "rank", "opened_at"])
    with op.batch_alter_table("deliveries") as table:
        table.create_unique_constraint(op.f(ONE_A_CHANNEL), ["clinic_id", "alert_id", "channel"])
    op.drop_table("safety_alert_answers")


def merge_open_alerts() -> None:
    """Store each alert's answer as its first; of several open ones of a kind, the one opened first stays.

    It takes the answers and the messages of the others, is described by the most severe answer, and notifies
    the on-call when any of them would have.
    """
    found = op.get_bind().execute(sa.select(ALERTS).order_by(ALERTS.c.opened_at, ALERTS.c.id)).all()
    is_open = [alert for alert in found if alert.acknowledged_at is None and alert.closed_at is None]
    handled = [[alert] for alert in found if alert.acknowledged_at is not None or alert.closed_at is not None]
    kind = attrgetter("clinic_id", "patient_id", "source")
    # Sorted by kind; those of one kind stay in the order in which they were opened.
    together = [list(group) for _, group in groupby(sorted(is_open, key=kind), key=kind)]
    for alerts in (*handled, *together):
        _merge(alerts)


def _merge(alerts: list[Any]) -> None:
    """Merge alerts, in the order in which they were opened, into the first of them."""
    first, clinic_id = alerts[0], alerts[0].clinic_id
    answers = [
        {
            "clinic_id": clinic_id,
            "alert_id": first.id,
            "number": number,
            "patient_id": first.patient_id,
            "record_id": alert.source_id.partition(" ")[0],
            "local_date": alert.local_date,
            "answer": alert.answer,
            "received_at": alert.opened_at,
        }
        for number, alert in enumerate(alerts, start=1)
    ]
    op.bulk_insert(ANSWERS, answers)
    others = [alert.id for alert in alerts[1:]]
    if others:
        _take_deliveries(clinic_id, first.id, [first.id, *others])
        op.execute(sa.delete(ALERTS).where(ALERTS.c.clinic_id == clinic_id, ALERTS.c.id.in_(others)))
    worst = max(alerts, key=attrgetter("answer", "local_date"))
    notified = [alert.escalated_at for alert in alerts if alert.escalated_at is not None]
    waiting = [alert.opened_at for alert in alerts if alert.escalated_at is None]
    op.execute(
        sa.update(ALERTS)
        .where(ALERTS.c.clinic_id == clinic_id, ALERTS.c.id == first.id)
        .values(
            answer=worst.answer,
            local_date=worst.local_date,
            priority=worst.priority,
            rank=worst.rank,
            answer_count=len(alerts),
            latest_answer_at=alerts[-1].opened_at,
            waiting_since=min(waiting, default=None),
            escalated_at=max(notified, default=None),
        )
    )


def _take_deliveries(clinic_id: Any, alert_id: Any, alerts: list[Any]) -> None:
    """Move the messages of some alerts to one of them; of those that wait on a channel the first is sent."""
    these = DELIVERIES.c.clinic_id == clinic_id, DELIVERIES.c.alert_id.in_(alerts)
    query = sa.select(DELIVERIES.c.id, DELIVERIES.c.channel).where(*these, DELIVERIES.c.state == "waiting")
    found = op.get_bind().execute(query.order_by(DELIVERIES.c.created_at, DELIVERIES.c.id)).all()
    first = {channel: delivery_id for delivery_id, channel in reversed(found)}
    withdrawn = [delivery_id for delivery_id, _ in found if delivery_id not in first.values()]
    which = DELIVERIES.c.clinic_id == clinic_id, DELIVERIES.c.id.in_(withdrawn)
    op.execute(sa.update(DELIVERIES).where(*which).values(state="withdrawn"))
    op.execute(sa.update(DELIVERIES).where(*these).values(alert_id=alert_id))


def name_sources() -> None:
    """Name the form or day of each alert's most severe answer, numbered where another alert has the same.

    Its other answers are lost here; they stay in the forms and the days.
    """
    query = sa.select(ALERTS, ANSWERS.c.record_id).join(
        ANSWERS,
        sa.and_(
            ANSWERS.c.clinic_id == ALERTS.c.clinic_id,
            ANSWERS.c.alert_id == ALERTS.c.id,
            ANSWERS.c.answer == ALERTS.c.answer,
            ANSWERS.c.local_date == ALERTS.c.local_date,
        ),
    )
    in_order = query.order_by(ALERTS.c.opened_at, ALERTS.c.id, ANSWERS.c.number)
    named, count = set(), dict[tuple[Any, ...], int]()
    for row in op.get_bind().execute(in_order).all():
        if (row.clinic_id, row.id) in named:
            continue
        named.add((row.clinic_id, row.id))
        same = (row.clinic_id, row.patient_id, row.source, row.record_id, row.answer)
        count[same] = count.get(same, 0) + 1
        source_id = row.record_id if count[same] == 1 else f"{row.record_id} {count[same]}"
        which = ALERTS.c.clinic_id == row.clinic_id, ALERTS.c.id == row.id
        op.execute(sa.update(ALERTS).where(*which).values(source_id=source_id))


def leave_one_delivery() -> None:
    """Delete all but the last message of an alert on each channel."""
    found = (
        op.get_bind().execute(sa.select(DELIVERIES).order_by(DELIVERIES.c.created_at, DELIVERIES.c.id)).all()
    )
    last = {(row.clinic_id, row.alert_id, row.channel): row.id for row in found}
    for row in found:
        if last[row.clinic_id, row.alert_id, row.channel] != row.id:
            which = DELIVERIES.c.clinic_id == row.clinic_id, DELIVERIES.c.id == row.id
            op.execute(sa.delete(DELIVERIES).where(*which))


def _create_answers() -> None:
    op.create_table(
        "safety_alert_answers",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.CheckConstraint("answer BETWEEN 1 AND 3", name=op.f("ck_safety_alert_answers_answer_in_range")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_safety_alert_answers_number_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_safety_alert_answers_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "alert_id"],
            ["safety_alerts.clinic_id", "safety_alerts.id"],
            name=op.f("fk_safety_alert_answers_clinic_id_alert_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "alert_id", "number", name=op.f("pk_safety_alert_answers")),
        sa.UniqueConstraint(
            "clinic_id",
            "alert_id",
            "record_id",
            "answer",
            name=op.f("uq_safety_alert_answers_clinic_id_alert_id_record_id_answer"),
        ),
    )
    op.create_index(
        "ix_safety_alert_answers_record", "safety_alert_answers", ["clinic_id", "patient_id", "record_id"]
    )


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
