"""The command line; `stand_in/sitecustomize.py` puts a stand-in in the place of the model."""

from pathlib import Path

if __name__ == "__main__":
    from sim.cli import main

    Path("begun").touch()
    main()
