"""How far an experiment is, on stderr."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from sim.experiment.execute import Tally

IN_PLACE, BY_LINE = 0.2, 30.0  # seconds between two sights, on a terminal and elsewhere
WINDOW = 20.0  # seconds over which the rate is taken


class Progress:
    """A line that is rewritten on a terminal and repeated elsewhere."""

    def __init__(self, *, quiet: bool, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet, self._clock = quiet, clock
        self._stream = sys.stderr if stream is None else stream
        self._in_place = self._stream.isatty()
        self._shown = -IN_PLACE if self._in_place else clock()
        self._seen: deque[tuple[float, int]] = deque()
        self.tally: Tally | None = None
        self._trouble = ""

    def watch(self, tally: Tally) -> None:
        """Take note; show if it is time."""
        if tally.trouble and tally.trouble != self._trouble:
            self.say(tally.trouble)
        self.tally, self._trouble = tally, tally.trouble
        now, finished = self._clock(), tally.done + tally.failed
        if tally.done:
            self._seen.append((now, finished))
        while self._seen and now - self._seen[0][0] > WINDOW:
            self._seen.popleft()
        if now - self._shown >= (IN_PLACE if self._in_place else BY_LINE):
            self._shown, text = now, self._line(tally)
            if not self._quiet:
                self._put(f"\r{text}\x1b[K" if self._in_place else f"{text}\n")

    def compiling(self) -> None:
        """Say why nothing happens for a while."""
        from sim.model.compile.compiled import waiting  # noqa: PLC0415  numpy, only where it is needed

        self.say(waiting())

    def say(self, text: str) -> None:
        """A line of its own."""
        if not self._quiet:
            self._put(("\r\x1b[K" if self._in_place else "") + f"{text}\n")

    def _put(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _line(self, tally: Tally) -> str:
        finished = tally.done + tally.failed + tally.reused
        parts = [f"{finished:,} of {tally.planned:,} runs"]
        (then, few), (now, many) = (self._seen[0], self._seen[-1]) if self._seen else ((0.0, 0), (0.0, 0))
        if many > few and now > then:  # runs per second lately
            rate = (many - few) / (now - then)
            parts += [f"{rate:.1f} a second", f"{span((tally.planned - finished) / rate)} left"]
        if tally.failed:
            parts.append(f"{tally.failed:,} failed")
        return ", ".join(parts)


class Bar(Progress):
    """The same as a notebook shows it: tqdm's bar, with what is left, and lines below."""

    _bar: Any = None

    def watch(self, tally: Tally) -> None:
        """Take note of how far an experiment is."""
        from tqdm.auto import tqdm  # noqa: PLC0415  Mesa brings it

        if self._bar is None:
            self._bar = tqdm(total=tally.planned, unit="run", disable=self._quiet)
        self._bar.update(tally.done + tally.failed + tally.reused - self._bar.n)
        if self._bar.n >= tally.planned:
            self._bar.close()

    def say(self, text: str) -> None:
        """A line of its own."""
        from tqdm.auto import tqdm  # noqa: PLC0415

        if not self._quiet:
            tqdm.write(text, file=sys.stderr)


def progress(*, quiet: bool) -> Progress:
    """What fits where this Python runs."""
    return (Bar if "ipykernel" in sys.modules else Progress)(quiet=quiet)


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
