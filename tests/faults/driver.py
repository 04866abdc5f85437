"""The command line with a stand-in for the model; worker processes import this file, too."""

import signal
from pathlib import Path

import stand_in  # noqa: F401

if __name__ == "__main__":
    from sim.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)  # even where the tests run deaf, in the background
    Path("begun").touch()
    main()
