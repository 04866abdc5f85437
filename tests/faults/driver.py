"""The command line; `stand_in/sitecustomize.py` puts a stand-in in the place of the model."""

import signal
from pathlib import Path

from sim import __main__ as command

if __name__ == "__main__":
    signal.signal(signal.SIGINT, command.end)  # as it begins, even where the tests run deaf, in the background
    Path("begun").touch()
    command.main()
