"""Names and a few sentences in one language, for pages, lessons and told runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sim.catalogue.levers import LEVERS
from sim.catalogue.metrics import METRICS
from sim.catalogue.parameters import PARAMETERS
from sim.words import section, texts

SWITCHES = {name: parameter for name, parameter in PARAMETERS.items() if parameter.switch}


@dataclass(frozen=True)
class Words:
    """Texts and names of one language; calling it gives a text with its blanks filled.

    Numbers are written as in Mexico and the United States alike: 1,234.5.
    """

    language: str
    texts: Mapping[str, str]
    events: Mapping[str, str]
    manners: Mapping[str, str]
    metrics: Mapping[str, tuple[str, str]]  # title, unit
    levers: Mapping[str, tuple[str, str, str]]  # title, unit, summary
    switches: Mapping[str, str]
    founders: Mapping[str, str]  # cartels of the start whose name differs from the world's table
    articles: Mapping[str, str]  # of groups in sentences, by the first word of their name; "" = any other word

    def __call__(self, key: str, **blanks: object) -> str:
        """A text."""
        return self.texts[key].format(**blanks)

    def month(self, day: date) -> str:
        """"Mar 2009"."""
        return f"{section('months', self.language)[day.month - 1]} {day.year}"

    def group(self, name: str, founders: Mapping[str, str], places: Mapping[str, str]) -> str:
        """A group as people would call it: its founder's name and branch, or the place and time where a gang appeared."""
        root, *branch = name.split(".")
        title = self.founders.get(root) or founders.get(root, root)
        if root not in founders and root.count("-") >= 2:
            place, year, week = root.rsplit("-", 2)
            title = self("gang", place=places.get(place.upper(), place.upper()), year=year, number=week.removeprefix("w"))
        return f"{title} {'.'.join(branch)}".strip()

    def sentence(self, template: str, groups: Mapping[str, str], **blanks: object) -> str:
        """A text about groups, whose names get the articles that they have within sentences."""
        named = {blank: self._with_article(name) for blank, name in groups.items()}
        text = template.format(**named, **blanks).replace(" de el ", " del ").replace(" a el ", " al ")
        return text[:1].upper() + text[1:]

    def _with_article(self, name: str) -> str:
        """A branch bears a number and needs none in English."""
        article = self.articles.get(name.split(" ", 1)[0], self.articles[""])
        bare = not article or not name or (self.language == "en" and name[-1].isdigit())
        return name if bare else f"{article} {name}"

    def dollars(self, usd: float) -> str:
        """An amount without its sign: "US$ 1.25 bn", "US$ 325 m"."""
        size = abs(usd)
        if size < 5e4:
            return "US$ 0"
        if size >= 1e9:
            return f"US$ {self('billions', amount=f'{size / 1e9:,.2f}')}"
        return f"US$ {self('millions', amount=f'{size / 1e6:,.0f}' if size >= 1e7 else f'{size / 1e6:,.1f}')}"


@cache
def words(language: str) -> Words:
    """The texts of "en" or "es"; what has no Spanish name yet has its English one."""
    levers = {name: (lever.title, lever.unit, lever.summary) for name, lever in LEVERS.items()}
    own = {name: (said["title"], said["unit"], said["summary"]) for name, said in section("levers", language).items()}
    units, titles = section("units", language), section("metrics", language)
    return Words(
        language,
        texts("texts", language),
        texts("events", language),
        texts("manners", language),
        {name: (titles.get(name, metric.title), units.get(metric.unit, metric.unit)) for name, metric in METRICS.items()},
        levers | own,
        {name: switch.meaning for name, switch in SWITCHES.items()} | section("switches", language),
        section("founders", language),
        section("articles", language),
    )
