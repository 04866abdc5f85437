"""`python -m sim` is `cartelitos`."""

import os
import signal

INTERRUPTED = 130


def main() -> None:
    """Run the command of this process's arguments and exit; who interrupts it while it starts ends it without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)
    from sim.cli import main as started  # noqa: PLC0415

    started()


def end(*_: object) -> None:
    """Handle an interruption when nothing is under way yet, or any more."""
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
