from sim.experiment.execute import Tally
from sim.experiment.progress import Progress, span, summary


class Terminal(list):
    """A stream that remembers."""

    def __init__(self, tty):
        self.tty = tty

    def isatty(self):
        return self.tty

    def write(self, text):
        self.append(text)

    def flush(self):
        pass


def watched(tty, seconds, quiet=False):
    now = 0.0
    stream = Terminal(tty)
    progress = Progress(quiet=quiet, stream=stream, clock=lambda: now)
    for done in range(seconds):
        now = float(done)
        progress.watch(Tally(planned=200, reused=20, done=2 * done, failed=1))
    return "".join(stream)


def test_progress_is_a_line_now_and_then_without_a_terminal():
    lines = watched(tty=False, seconds=65).splitlines()
    assert lines == [
        "81 of 200 runs, 2.0 a second, 60 s left, 1 failed",
        "141 of 200 runs, 2.0 a second, 30 s left, 1 failed",
    ]


def test_progress_is_rewritten_on_a_terminal_and_silent_when_quiet():
    shown = watched(tty=True, seconds=10)
    assert shown.count("\r") == 10
    assert "\n" not in shown
    assert watched(tty=True, seconds=10, quiet=True) == ""


def test_durations_and_summaries():
    assert [span(seconds) for seconds in (0.2, 89, 600, 8000)] == ["0 s", "89 s", "10 min", "2.2 h"]
    assert (
        summary(Tally(planned=1200, reused=3, done=0, failed=2, seconds=5)) == "1,200 runs in 5 s, 3 reused, 2 failed"
    )
