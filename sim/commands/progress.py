"""How far an experiment is, on stderr."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from sim.experiment.execute import Tally

IN_PLACE, BY_LINE = 0.2, 30.0  # seconds between two sights, on a terminal and elsewhere
WINDOW = 20.0  # seconds over which the rate is taken
COMPILE = "compiling the weekly step once (one or two minutes) ..."


class Progress:
    """A line that is rewritten on a terminal and repeated elsewhere."""

    def __init__(
        self, *, quiet: bool, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._quiet, self._clock = quiet, clock
        self._stream = sys.stderr if stream is None else stream
        self._in_place = self._stream.isatty()
        self._shown = -IN_PLACE if self._in_place else clock()
        self._seen: deque[tuple[float, int]] = deque()
        self.tally: Tally | None = None

    def watch(self, tally: Tally) -> None:
        """Take note; show if it is time."""
        self.tally = tally
        now, finished = self._clock(), tally.done + tally.failed
        if tally.done:
            self._seen.append((now, finished))
        while self._seen and now - self._seen[0][0] > WINDOW:
            self._seen.popleft()
        if now - self._shown >= (IN_PLACE if self._in_place else BY_LINE):
            self._shown = now
            self._show(self._line(tally))

    def compiling(self) -> None:
        """Say why nothing happens for a while."""
        self.say(COMPILE)

    def say(self, text: str) -> None:
        """A line of its own."""
        if not self._quiet:
            click.echo(("\r\x1b[K" if self._in_place else "") + text, file=self._stream)

    def _show(self, text: str) -> None:
        if not self._quiet:
            click.echo(f"\r{text}\x1b[K" if self._in_place else text, file=self._stream, nl=not self._in_place)

    def _line(self, tally: Tally) -> str:
        finished = tally.done + tally.failed + tally.reused
        parts = [f"{finished:,} of {tally.planned:,} runs"]
        rate = self._rate()
        if rate:
            parts += [f"{rate:.1f} a second", f"{span((tally.planned - finished) / rate)} left"]
        if tally.failed:
            parts.append(f"{tally.failed:,} failed")
        return ", ".join(parts)

    def _rate(self) -> float:
        """Runs per second lately; 0 if unknown."""
        if len(self._seen) < 2:
            return 0.0
        (then, few), (now, many) = self._seen[0], self._seen[-1]
        return (many - few) / (now - then) if now > then else 0.0


def summary(tally: Tally) -> str:
    """The last line of an experiment."""
    parts = [f"{tally.planned:,} runs in {span(tally.seconds)}"]
    parts += [f"{tally.reused:,} reused"] * bool(tally.reused) + [f"{tally.failed:,} failed"] * bool(tally.failed)
    return ", ".join(parts)


def span(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
