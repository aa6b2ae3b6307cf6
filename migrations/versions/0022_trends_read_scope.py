"""The scope checkins:read is trends:read; results of pushes are hashed by what an operation means."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_trends_read_scope"
down_revision = "0021_population_prior_basis"
branch_labels = None
depends_on = None

OLD = "checkins:read"
NEW = "trends:read"


def upgrade() -> None:
    replace_scope(OLD, NEW)
    forget_results()


def downgrade() -> None:
    replace_scope(NEW, OLD)
    forget_results()


def replace_scope(old: str, new: str) -> None:
    """Replace a scope of the API clients; a client's scopes are stored in order."""
    client_id, scopes = sa.column("id", sa.Uuid()), sa.column("scopes", sa.String())
    clients = sa.table("api_clients", client_id, scopes)
    for key, granted in op.get_bind().execute(sa.select(client_id, scopes)).all():
        renamed = sorted(new if scope == old else scope for scope in granted.split())
        op.execute(sa.update(clients).where(client_id == key).values(scopes=" ".join(renamed)))


def forget_results() -> None:
    """Delete results under the other hash: a retry is then compared with what is stored, as after 30 days."""
    op.execute(sa.delete(sa.table("push_results")))
