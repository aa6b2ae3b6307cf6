"""flask version: print the version of the server."""

from __future__ import annotations

import click

from config import VERSION


@click.command()
def version() -> None:
    """Print the version of the server, as /health/live shows it."""
    click.echo(f"Afterglow {VERSION}")
