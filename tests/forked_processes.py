"""Scripts whose function runs in three processes, forked before any of them has opened what they share."""

from __future__ import annotations

from typing import Final

COUNT_UP_IN_THREE: Final = """
import os

processes = []
for _ in range(3):
    processes.append(os.fork())
    if not processes[-1]:
        count_up()
        os._exit(0)
print(*(os.waitpid(process, 0)[1] for process in processes))
"""
"""The end of a script that defines `count_up()`; prints the status of each process."""
