"""How a wheel is built: the library of scenarios travels inside the package. Only setuptools imports this file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from setuptools.command.build_py import build_py

LIBRARY, CITATION = Path("scenarios"), Path("CITATION.cff")


class BuildPy(build_py):  # type: ignore[misc]  # setuptools' types differ between its versions
    """Also copies `scenarios/` to `sim/_library/`, and CITATION.cff into it; an editable install needs neither."""

    def run(self) -> None:
        """Build the package, then its library."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "sim" / "_library"
        for path in self.shipped():
            copy = target / (path.relative_to(LIBRARY) if path.is_relative_to(LIBRARY) else path)
            self.mkpath(str(copy.parent))
            self.copy_file(str(path), str(copy))

    def get_source_files(self) -> list[str]:
        """What a source distribution holds: the modules, and what is copied beside them."""
        return [*super().get_source_files(), *map(str, self.shipped())]

    def shipped(self) -> Iterator[Path]:
        """Files of the library, and how to cite it."""
        yield from (path for path in sorted(LIBRARY.rglob("*")) if path.is_file())
        yield CITATION
