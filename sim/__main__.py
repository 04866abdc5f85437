"""`python -m sim` is `cartelitos`."""

import signal


def main() -> None:
    """Run the command of this process's arguments and exit; who interrupts it while it starts ends it without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sim.cli import main as started  # noqa: PLC0415

    started()


if __name__ == "__main__":
    main()
