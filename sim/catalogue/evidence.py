"""What happened, in numbers that the model is judged by: one row per observation, with its tolerance and its use.

A row used to *calibrate* may be tuned on. A row *held out* is never tuned on and only reported. A row is *given* if inputs alone decide
it: the observed number, or what it follows from by arithmetic, stands in a world's tables or among the constants. It shows that inputs
were read well and proves nothing of the model, so it is printed and not counted. A rule whose constants were chosen with a row in view is
no input, since what the rule makes of a run can still miss: that row is one that was tuned on. Tolerances are those of the evidence
review unless a note says ASSUMED. What a row computes from a run is in `sim.catalogue.statistics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.catalogue.year import WEEK

Window = tuple[str, str]  # first and last month, both included
Status = Literal["seen", "recalled"]
Use = Literal["calibrate", "hold out", "given"]
Form = Literal["level", "ratio", "change", "spread", "trough", "offspring", "twins"]

FORMS: tuple[Form, ...] = ("level", "ratio", "change", "spread", "trough", "offspring", "twins")
USES: tuple[Use, ...] = ("calibrate", "hold out", "given")
STATUSES: tuple[Status, ...] = ("seen", "recalled")


@dataclass(frozen=True)
class Evidence:
    """One observation."""

    id: str  # short and unique
    title: str  # for tables and figures
    metric: str  # a metric of the catalogue, or several joined by "+"
    # "level" (yearly flow, or mean stock, over the window), "ratio" (level over that of `base`), "change" (level less that of `base`),
    # "spread" (largest deviation of a year from the mean of the window's years), "trough" (depth of the window's lowest year below the
    # lower of the highest years of both `peaks`; 0 unless it is beyond `noise`), "offspring" (living groups that descend from the dominant
    # founders, per major organisation), "twins" (an average effect from paired worlds, with its interval: of a removal, or of a constant)
    form: Form
    window: Window  # months the observation is about
    observed: float | None  # the value, in `unit`; None where the evidence is only a band
    low: float  # tolerance, lower end
    high: float  # tolerance, upper end
    unit: str  # of observed, low, high
    source: tuple[str, ...]  # keys of the bibliography
    status: Status  # whether the number was "seen" in a source while the catalogue was compiled, or "recalled"
    use: Use  # "calibrate", "hold out" or "given"
    base: Window | None = None  # months that a ratio or a change refers to
    peaks: tuple[Window, Window] | None = None  # of a trough: months of the peak before it and of the one after it
    noise: float = 0.0  # of a trough: the depth that a flat history shows by chance
    over: str | None = None  # a metric by which the level is divided
    per: float = 1.0  # factor on the level, e.g. 1/52.1775 for weekly flows.
    # share of what happened that the records show: least, most likely, most. None = records are complete.
    recorded: tuple[float, float, float] | None = None
    # its error: the lowest and highest value that the sources themselves allow, by their intervals, definitions or editions; None where
    # they state none
    stated: tuple[float, float] | None = None
    # of twins: "place", "same cartel", "neighbours", "elsewhere"; or "without" a constant: the part of a rise, from the window's first year
    # to its last, that is gone where the constant is 0
    where: str = ""
    months: str = ""  # of twins: months since the removal, "1-6", "7-12", "13-36"; or the years of the rise
    note: str = ""  # what to know before one believes it

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that the row reads."""
        return (*self.metric.split("+"), *((self.over,) if self.over else ()))

    @property
    def windows(self) -> tuple[Window, ...]:
        """Every window that the row reads."""
        return (self.window, *((self.base,) if self.base else ()), *(self.peaks or ()))

    @property
    def first(self) -> str:
        """The first month that a run must cover."""
        return min(first for first, _ in self.windows)

    @property
    def last(self) -> str:
        """The last month that a run must reach."""
        return max(last for _, last in self.windows)


def _year(first: int, last: int | None = None) -> Window:
    return f"{first}-01", f"{last or first}-12"


FIRMS = 4.2e6  # establishments of the 2014 economic census (recalled)
ORGANISED = "homicides_turf+homicides_succession+homicides_predation+homicides_confrontation"
RIVALRY = "homicides_turf+homicides_succession+homicides_confrontation"
MAJORS = ("sinaloa", "gulf", "juarez", "tijuana")  # the dominant four of 2006 ...
ORGANISATIONS = 6  # ... are six in counts of offspring: the Beltrán Leyva and the Zetas, wings of two of them in 2006, count by themselves
# A flat history's homicides scatter by 4.4 % a year, as those of 2000-06 did around their level (standard deviation of logs; INEGI:
# 10,737 10,285 10,088 10,087 9,329 9,921 10,452). By such scatter alone H5's years make a trough of 13 % or more in one history of twenty.
FLAT = 0.13
PEACE = "nothing was fitted to it, but that groups at peace do not kill each other (`background_rivalry`) was decided with it in view"
C: Use = "calibrate"
H: Use = "hold out"
G: Use = "given"

# fmt: off
_VIOLENCE = (
    Evidence("H1", "Homicides, 2011 over 2007", "homicides", "ratio", _year(2011), 3.07, 2.4, 3.6, "x", ("inegi_homicides",), "seen", C,
             stated=(3.07, 3.09), base=_year(2007)),
    Evidence("H1a", "Homicides in 2007", "homicides", "level", _year(2007), 8_867, 7_500, 10_500, "deaths a year", ("inegi_homicides",),
             "seen", C, note="tolerance ASSUMED", stated=(8_837, 8_867)),
    Evidence("H1b", "Homicides in 2011", "homicides", "level", _year(2011), 27_213, 22_000, 32_000, "deaths a year", ("inegi_homicides",),
             "seen", C, note="tolerance ASSUMED", stated=(27_213, 27_330)),
    Evidence("H6", "Homicides, 2020 over 2007", "homicides", "ratio", _year(2020), 4.15, 2.7, 4.2, "x", ("inegi_homicides",), "seen", C,
             stated=(3.0, 4.15), base=_year(2007), note="3.5 against 2005-07; the official police count \"tripled\""),
    Evidence("H7", "Organised crime's share of homicides", ORGANISED, "level", _year(2010, 2020), 0.5, 0.3, 0.7, "share",
             ("inegi_homicides", "pgr2012"), "seen", C, over="homicides", stated=(0.33, 0.66),
             note="official 2010: 0.59; later tallies 0.33-0.66"),
    Evidence("H2", "Homicides, 2014 over 2011", "homicides", "ratio", _year(2014), 0.735, 0.6, 0.9, "x", ("inegi_homicides",), "seen", H,
             stated=(0.716, 0.735), base=_year(2011), note=PEACE),
    Evidence("H3", "Homicides, 2018 over 2015", "homicides", "ratio", _year(2018), 1.77, 1.4, 2.1, "x", ("inegi_homicides",), "seen", H,
             base=_year(2015), note=PEACE),
    Evidence("H4", "Homicides 2018-20: largest deviation from their mean", "homicides", "spread", _year(2018, 2020), 0.002, 0.0, 0.08,
             "share", ("inegi_homicides",), "seen", H),
    Evidence("H4a", "Homicides, 2022 over 2020", "homicides", "ratio", _year(2022), 0.905, 0.8, 1.0, "x", ("inegi_homicides",), "seen", H,
             stated=(0.868, 0.905), base=_year(2020), note="tolerance ASSUMED"),
    Evidence("H5", "Homicides, lowest of 2013-16 below peaks of 2010-12 and 2017-20", "homicides", "trough", _year(2013, 2016), 0.26, 0.1,
             1.0, "share", ("inegi_homicides",), "seen", H, peaks=(_year(2010, 2012), _year(2017, 2020)), noise=FLAT,
             note="27,213 in 2011, 20,010 in 2014, 36,773 in 2020; a depth up to 0.13, as flat histories show by chance, counts as 0; "
                  + PEACE),
    Evidence("S4", "Homicides, December 2018 to November 2021", "homicides", "level", ("2018-12", "2021-11"), 100_000, 95_000, 110_000,
             "deaths in 3 years", ("inegi_homicides",), "recalled", H, per=3.0, note="\"about 100,000\" in the press"),
    Evidence("W1", "Rivalry deaths, 2010 over 2007", RIVALRY, "ratio", _year(2010), 5.40, 3.5, 7.5, "x", ("pgr2012",), "seen", H,
             base=_year(2007), note="tolerance ASSUMED"),
    Evidence("W2", "Deaths in confrontations, 2011 over 2007", "homicides_confrontation", "ratio", _year(2011), 13.4, 5.0, 20.0, "x",
             ("ppd2017",), "seen", C, base=_year(2007),
             note="the rule for confrontations was written with this in view: tuned on, not given, since wars and soldiers of a run decide "
                  "it; press coverage grew as well; tolerance ASSUMED"),
    Evidence("W3", "Deaths in confrontations, 2010-11", "homicides_confrontation", "level", _year(2010, 2011), 2_040, 1_200, 2_900,
             "deaths a year", ("ppd2017",), "seen", C, note="the rule for confrontations was written with this in view; tolerance ASSUMED"),
    Evidence("M1", "Disappearances, 2011 over 2007", "disappearances", "ratio", _year(2011), 6.4, 3.0, 9.0, "x", ("rnped2018",), "seen", H,
             base=_year(2007), note="reporting grew as well; tolerance ASSUMED"),
    Evidence("M2", "Missing since 2007-17, as registered in 2018", "disappearances", "level", _year(2007, 2017), 35_090, 25_000, 45_000,
             "people", ("rnped2018",), "seen", G, per=11.0,
             note="given: `disappear`, those registered per organised homicide, is made of this number; it shows organised homicides only"),
)

_GROUPS = (
    Evidence("F1", "Groups, 2011 over 2007", "groups_active", "ratio", _year(2011), 11.0, 4.0, 16.0, "x", ("atuesta2018",), "seen", C,
             stated=(5.0, 16.0), base=_year(2007), note="5 or 7 groups to nearly 80, by definition x5 to x16"),
    Evidence("F3", "Groups, 2019-21", "groups_active", "level", _year(2019, 2021), 198, 120, 260, "groups",
             ("icg_mexico", "lantia2019", "bacrim2020"), "seen", C, stated=(150, 227),
             note="150, 198 or 227 by definition; loose counts 200-400"),
    Evidence("F5", "Living offspring per major of 2006 after ten years", "groups_active", "offspring", ("2016-12", "2016-12"),
             10, 6, 18, "groups", ("lantia2019",), "seen", C,
             stated=(10, 12), note="at least 10 of the Beltrán Leyva; at least 48 of Zetas, Gulf, Beltrán Leyva and Templarios together"),
    Evidence("F2", "Groups, 2020 over 2010", "groups_active", "ratio", _year(2020), 2.7, 2.0, 4.0, "x", ("icg_mexico",), "recalled", H,
             base=_year(2010)),
)

_MEMBERS = (
    Evidence("PC2", "Members in 2022", "members", "level", _year(2022), 175_000, 160_000, 185_000, "people", ("prieto2023",), "seen", C,
             stated=(160_000, 185_000), note="a model estimate, known only up to a factor"),
    Evidence("PC3", "Growth of members, 2012 to 2022", "members", "change", _year(2022), 60_000, 45_000, 75_000, "people", ("prieto2023",),
             "seen", C, base=_year(2012), note="a model estimate", stated=(45_000, 70_000)),
    Evidence("PC4", "Recruits a week in 2022", "recruits", "level", _year(2022), 360, 330, 440, "people a week", ("prieto2023",), "seen", C,
             per=WEEK, note="a model estimate", stated=(350, 370)),
    Evidence("PC5", "Members arrested a week, 2012-21", "arrests", "level", _year(2012, 2021), 110, 95, 125, "people a week",
             ("prieto2023",), "seen", C, per=WEEK, note="5 % of all arrests, an assumption of the source", stated=(110, 120)),
    Evidence("PC6", "Members killed a week, 2021-22", "member_deaths", "level", _year(2021, 2022), 120, 105, 140, "people a week",
             ("prieto2023",), "seen", C, per=WEEK, note="a model estimate", stated=(120, 125)),
    Evidence("PC7", "Members killed, 2022 over 2012", "member_deaths", "ratio", _year(2022), 1.77, 1.55, 2.0, "x", ("prieto2023",), "seen",
             C, base=_year(2012), note="a model estimate; registered homicides rose by 28 %", stated=(1.77, 1.85)),
    Evidence("PC8", "Members killed or arrested a week, 2021-22", "member_deaths+arrests", "level", _year(2021, 2022), 200, 180, 260,
             "people a week", ("prieto2023",), "seen", H, per=WEEK, note="follows from PC5 and PC6"),
)

_PREDATION = (
    Evidence("D1", "Illegal fuel taps, 2016 over 2013", "fuel_thefts", "ratio", _year(2016), 2.63, 1.7, 3.5, "x", ("pemex_taps",), "seen",
             C, base=_year(2013), note="2,614 to 6,873; other reports give 2,871 for 2013; tolerance ASSUMED", stated=(2.39, 2.63)),
    Evidence("D5", "Kidnappings, 2013 over 2007", "kidnappings", "ratio", _year(2013), 3.84, 3.0, 4.0, "x", ("sesnsp",), "seen", C,
             base=_year(2007), note="case files, 438 to 1,683; the reported share is taken as constant"),
    Evidence("D8", "Extortions per 1,000 firms in 2015", "extortion_incidents", "level", _year(2015), 146, 80, 220, "per 1,000 firms",
             ("rusi2019",), "seen", C, per=1000 / FIRMS, note="a survey of firms; number of firms recalled"),
    Evidence("D1a", "Illegal fuel taps, 2018 over 2013", "fuel_thefts", "ratio", _year(2018), 5.7, 3.5, 8.0, "x", ("pemex_taps",), "seen",
             H, base=_year(2013), stated=(5.19, 5.7)),
    Evidence("D5a", "Kidnappings, 2017 over 2013", "kidnappings", "ratio", _year(2017), 0.82, 0.6, 1.0, "x", ("sesnsp",), "seen", H,
             base=_year(2013), note="tolerance ASSUMED"),
    Evidence("D6", "Kidnapping case files in 2013", "kidnappings", "level", _year(2013), 1_683, 1_200, 2_200, "files a year",
             ("sesnsp", "envipe"), "seen", H, recorded=(1 / 70, 1 / 30, 1 / 10),
             note="tolerance ASSUMED; share recorded from the victim survey"),
    Evidence("D7", "Extortion case files, 2022 over 2013", "extortion_incidents", "ratio", _year(2022), 1.32, 1.2, 1.6, "x", ("sesnsp",),
             "seen", H, base=_year(2013), note="files a month; the band was given for 2013-23"),
    Evidence("D7a", "Extortion case files in 2013", "extortion_incidents", "level", _year(2013), 7_931, 5_000, 11_000, "files a year",
             ("sesnsp", "rusi2019"), "seen", H, recorded=(0.005, 0.01, 0.03), note="share recorded (1 % in surveys) and tolerance ASSUMED"),
)

_DRUGS = (
    Evidence("U2", "US overdose deaths per heavy user, 2021 over 2012", "overdose_deaths", "ratio", _year(2021), 2.57, 2.0, 4.0, "x",
             ("cdc_wonder",), "seen", G, base=_year(2012), over="heavy_users",
             note="given: deaths per user follow the synthetic share, an input made of these deaths, by constants; deaths rose x2.57 on "
                  "about the same user base"),
    Evidence("U1", "US overdose deaths in 2016", "overdose_deaths", "level", _year(2016), 63_632, 54_000, 73_000, "deaths a year",
             ("cdc_wonder",), "seen", G, note="given: as U2, times the users of 2006, an input too; tolerance ASSUMED"),
    Evidence("U1a", "US overdose deaths in 2021", "overdose_deaths", "level", _year(2021), 106_699, 90_000, 122_000, "deaths a year",
             ("cdc_wonder",), "seen", G, note="given: as U2, times the users of 2006, an input too; tolerance ASSUMED"),
    Evidence("A9", "Aid spent over aid obligated by September 2009", "aid_spent_usd", "level", ("2007-01", "2009-09"), 0.031, 0.0, 0.15,
             "share", ("gao2010",), "seen", H, over="aid_obligated_usd",
             note="US$ 26 of 830 million; the delivery lag rests on March 2010 (9 % spent of 46 %), not on this; GAO counted Mérida alone, "
                  "the model all aid to Mexican agencies"),
)

_REMOVALS = (
    Evidence("H8", "Rise of homicides from 2007 to 2009 that scarce cocaine accounts for", "homicides", "twins", _year(2007, 2009), 0.12,
             0.05, 0.2, "share", ("castillo2020b",), "recalled", H, where="without scarcity", months="2007-2009", stated=(0.1, 0.14),
             note="10 to 14 % of the rise between 2006 and 2009, by the decline of Colombian supply; tolerance ASSUMED"),
    Evidence("K1", "Homicides where a leader is removed, months 1-6", "organised_homicides", "twins", _year(2007, 2021), 0.365, 0.15, 0.6,
             "share", ("calderon2015",), "seen", C, where="place", months="1-6",
             note="a municipal effect: for worlds of 128 places or more; at state scale expect 0.05-0.15"),
    Evidence("K5", "Homicides where a leader is removed, months 7-12", "homicides", "twins", _year(2007, 2021), 0.8, 0.4, 1.2, "share",
             ("lindo2018",), "seen", H, where="place", months="7-12", note="published for the first twelve months, municipalities"),
    Evidence("K6", "Homicides in the cartel's other places, months 1-6", "homicides", "twins", _year(2007, 2021), 0.3, 0.1, 0.5, "share",
             ("lindo2018",), "seen", H, where="same cartel", months="1-6"),
    Evidence("K6a", "Homicides in the cartel's other places, months 7-12", "homicides", "twins", _year(2007, 2021), 0.0, -0.1, 0.1, "share",
             ("lindo2018",), "seen", H, where="same cartel", months="7-12", note="tolerance ASSUMED"),
)
# fmt: on

EVIDENCE: dict[str, Evidence] = {row.id: row for row in (*_VIOLENCE, *_GROUPS, *_MEMBERS, *_PREDATION, *_DRUGS, *_REMOVALS)}
