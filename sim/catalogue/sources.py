"""Every publication that a number, a lever or a claim of this model rests on; they stand in `sources.toml`, a table each.

`status` says how far to trust a citation: "seen" means that the text, an abstract or an excerpt was read while the
catalogue was compiled; "recalled" means that it was written from general knowledge and must be checked before anything
that rests on it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tomllib import loads
from typing import Literal

Status = Literal["seen", "recalled"]


@dataclass(frozen=True)
class Source:
    """One publication or data set."""

    key: str  # how catalogue entries name it
    authors: str  # surnames and initials, or the publishing body
    year: int  # of publication
    title: str  # in its own language
    venue: str  # journal, volume and pages; publisher; or outlet
    doi_or_url: str = ""  # `doi:...` or an address; empty if neither is known
    status: Status = "recalled"  # or "seen"

    def __str__(self) -> str:
        """The citation on one line."""
        return f"{self.authors} ({self.year}). {self.title}. {self.venue}. {self.doi_or_url}".rstrip(" .") + "."


SOURCES = {key: Source(key, **said) for key, said in loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()}
