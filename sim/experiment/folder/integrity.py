"""How a results folder notices damage, edits and what is not its own; and its pieces, for batch systems.

Every page of a Parquet file has a checksum (written and checked by pyarrow), and its footer says what else it must be; the plan
holds a digest of itself; files of the analysis are listed with theirs in `SHA256SUMS`, which `sha256sum -c` reads as well. This
notices accidents and edits, not forgers: who can write a folder can write its digests.

Piece i of n writes to `shards/i-of-n/` of the one results folder, with a lock and parts of its own, so pieces run at the same time, on
one disk or on several that are copied together afterwards; readers see one result, and a call without a piece finishes what is missing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Self

from sim.experiment.errors import FolderError, PlanError
from sim.experiment.specs import RunSpec

FOOTER = b"cartelitos"
DIGEST = "digest"  # of a plan or a footer, the entry that holds the digest of all others
SUMS = "SHA256SUMS"
LARGEST = 1_000_000_000  # bytes of a file that is read as a whole, such as a plan: of a million runs it has a twentieth
TABLES_AS = {".parquet", ".csv", ".dta", ".xlsx"}
SHARDS = "shards"


def sealed(document: Mapping[str, Any], *further: object) -> dict[str, Any]:
    """A document as JSON reads it, dates as texts, with the digest of it and of what is `further` given."""
    plain: dict[str, Any] = json.loads(json.dumps({key: value for key, value in document.items() if key != DIGEST}, default=str))
    text = json.dumps([plain, *further], sort_keys=True)
    return plain | {DIGEST: sha256(text.encode()).hexdigest()}


def is_sealed(document: Mapping[str, Any], *further: object) -> bool:
    """Whether a document, read from JSON, is as it was written."""
    return DIGEST in document and sealed(document, *further)[DIGEST] == document[DIGEST]


def footer_of(record: Mapping[str, Any], columns: Sequence[str]) -> dict[bytes, str]:
    """What a Parquet file says of itself: its record, sealed together with the names of its columns."""
    return {FOOTER: json.dumps(sealed(record, list(columns)))}


def record_of(metadata: Mapping[bytes, bytes] | None, columns: Sequence[str]) -> dict[str, Any]:
    """The record in a Parquet file's footer."""
    record: dict[str, Any] = json.loads((metadata or {})[FOOTER])
    if not is_sealed(record, list(columns)):
        raise ValueError("its footer is damaged")
    return record


def sums(folder: Path) -> dict[str, str]:
    """Digests of the files of the analysis, by name within the folder; lines that are no such thing are left out."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("  ") for line in lines)
    return {name: digest for digest, _, name in pairs if name}


def sums_text(found: Mapping[str, str]) -> str:
    """The same as the text of the file."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items()))


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def as_written(folder: Path, path: Path) -> Path:
    """A file of the analysis, which is to be shown again. Raises FolderError: it is not what is listed under its name."""
    listed = sums(folder).get(path.relative_to(folder).as_posix())
    if listed not in (None, file_digest(path)):
        raise FolderError("is not as it was written", file=path, hint="move it elsewhere, and make it again with the command that wrote it")
    return path


def refuse_strange(folder: Path) -> None:
    """Never read or write where a folder that was received points to."""
    for entry in entries(folder):
        if not entry.is_dir(follow_symlinks=False):
            refuse_strange_file(Path(entry.path))


def refuse_strange_file(path: Path) -> None:
    """The same of one that may be there."""
    linked = path.is_symlink()
    if linked or (path.exists() and not path.is_file()):
        kind = "a link" if linked else "neither a file nor a folder"
        hint = "delete it, or put there what it points to" if linked else "delete it"
        raise FolderError(f"is {kind}, which results do not hold", file=path, hint=hint)
    if path.suffix not in TABLES_AS and path.exists() and path.stat().st_size > LARGEST:
        raise FolderError(f"is larger than {LARGEST:,} bytes, which nothing but tables is", file=path, hint="delete it")


def entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything in a folder and its folders; links are not followed."""
    with os.scandir(folder) as found:
        for entry in found:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from entries(Path(entry.path))


class Shard(NamedTuple):
    """Piece `number` (from 1) of `of`."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """From "i/n"."""
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise PlanError(f"'{text}' is not a piece", field="--shard", hint="give 1/8 to 8/8 for eight pieces")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, spec: RunSpec) -> bool:
        """Whether a run belongs to this piece, however the plan grows: replicates of an arm go round the pieces."""
        return (int(spec.arm.digest, 16) + spec.replicate) % self.of == self.number - 1

    def home(self, folder: Path) -> Path:
        """Where its parts are."""
        for home in homes(folder)[1:]:
            pieces = home.name.rpartition("-")[2]
            if pieces != str(self.of):
                hint = f"give --shard i/{pieces}, or finish it without --shard"
                raise FolderError(f"is divided into {pieces} pieces, not {self.of}", file=folder, field="--shard", hint=hint)
        return folder / SHARDS / f"{self.number}-of-{self.of}"


def homes(folder: Path) -> list[Path]:
    """Every folder with parts: the results folder itself, then its pieces."""
    return [folder, *sorted(path for path in (folder / SHARDS).glob("*-of-*") if path.is_dir())]


def results_of(home: Path) -> Path:
    """The results folder that a folder with parts belongs to."""
    return home.parents[1] if home.parent.name == SHARDS else home
