"""Backups of the whole database: verified copies, restoring them, and the drill that proves they restore."""
