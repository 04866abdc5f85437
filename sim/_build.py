"""How releases are built: the library of scenarios travels inside the package, and the same sources give the same bytes.

Only setuptools imports this file.
"""

from __future__ import annotations

import gzip
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

EPOCH = int(os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800"))  # 1980, with which zip files begin; wheels read it, too
os.umask(0o022)  # modes travel in a wheel
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
            self.copy_file(str(path), str(copy), preserve_mode=False)

    def get_source_files(self) -> list[str]:
        """What a source distribution holds: the modules, and what is copied beside them."""
        return [*super().get_source_files(), *map(str, self.shipped())]

    def shipped(self) -> Iterator[Path]:
        """Files of the library, and how to cite it."""
        yield from (path for path in sorted(LIBRARY.rglob("*")) if path.is_file())
        yield CITATION


class Sdist(sdist):  # type: ignore[misc]
    """Leaves out of the archive who built it, when, and in which order a disk lists files."""

    def make_archive(self, base_name: str, format: str, *where: Any, base_dir: str = "", **_: Any) -> str:  # noqa: A002, ANN401
        """A `.tar.gz` of the files in `base_dir`; its path."""
        assert format == "gztar"
        path = f"{base_name}.tar.gz"
        with gzip.GzipFile(path, "wb", mtime=EPOCH) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
            for file in sorted(path for path in Path(base_dir).rglob("*") if path.is_file()):
                archive.add(file, filter=nobody)
        return path


def nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file that belongs to nobody and was changed at EPOCH."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime, entry.mode = EPOCH, 0o755 if entry.mode & 0o100 else 0o644
    return entry
