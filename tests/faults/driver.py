"""The command line; `stand_in/sitecustomize.py` puts a stand-in in the place of the model."""

import signal
from pathlib import Path

if __name__ == "__main__":
    from sim.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)  # even where the tests run deaf, in the background
    Path("begun").touch()
    main()
