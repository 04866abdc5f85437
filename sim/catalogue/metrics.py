"""What every run records: one row per metric, in the order of the recorded columns.

A *flow* is what happened in a month and adds up over time; a *stock* is a state at the end of the month. Homicides in
Mexico and overdose deaths in the United States are separate metrics, and no metric adds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["flow", "stock"]
Better = Literal["less", "more", "neither"]


@dataclass(frozen=True)
class Metric:
    """One recorded quantity."""

    name: str  # column of the series, key of the totals
    title: str  # short label for figures and tables, at most 27 characters
    unit: str  # of one month's flow, or of the stock
    kind: Kind  # "flow" (sums over time) or "stock" (last value counts)
    better: Better  # the direction that helps people; "neither" where that depends on the rest
    meaning: str  # one sentence that says what the code counts

    @property
    def yearly(self) -> bool:
        """Whether it is shown as a rate per year."""
        return self.kind == "flow"


# fmt: off
_ROWS = (
    # killing, by its one cause
    Metric("homicides", "Homicides", "deaths", "flow", "less",
           "All homicides in Mexico, the sum of the five causes below."),
    Metric("homicides_turf", "Turf-war homicides", "deaths", "flow", "less",
           "Members and bystanders killed in fights between cartels over a place, at war or not, but for those of succession."),
    Metric("homicides_succession", "Succession homicides", "deaths", "flow", "less",
           "Members and bystanders killed in wars that heirs of one cartel began at their split, within a year of it."),
    Metric("homicides_predation", "Predation homicides", "deaths", "flow", "less",
           "Bystanders killed in extortion, kidnapping, fuel theft and local drug sales."),
    Metric("homicides_confrontation", "Confrontation homicides", "deaths", "flow", "less",
           "Members, officials and bystanders killed in clashes with deployed force, and in attempts on leaders that are beaten back."),
    Metric("homicides_background", "Background homicides", "deaths", "flow", "less",
           "Homicides outside organised crime, which rise with organised violence around them, with impunity and with guns going south."),
    Metric("member_deaths", "Cartel members killed", "people", "flow", "less",
           "Members killed by rivals and by the state; leaders who are removed not counted."),
    Metric("civilian_deaths", "Bystanders killed", "people", "flow", "less",
           "People killed in turf fights, predation and clashes who were neither members nor officials; in attempts on leaders that are "
           "beaten back bystanders are not told from officials, and left out."),
    Metric("massacres", "Massacres", "events", "flow", "less",
           "Killings of three or more at once in turf and succession fights: drawn in proportion to the deaths there, no more in a week "
           "than its dead allow."),
    Metric("disappearances", "Disappearances", "people", "flow", "less",
           "People who go missing and stay missing: so many for each turf, succession and predation homicide."),
    # cartels and cells
    Metric("groups_active", "Armed groups", "groups", "stock", "neither",
           "Cartels and cells that hold a plaza; one below the minimum size dissolves."),
    Metric("cartels_active", "Trafficking cartels", "groups", "stock", "neither",
           "Groups that are no predatory cells: they have trafficking access, or earn more by trafficking than by predation."),
    Metric("cells_active", "Predatory cells", "groups", "stock", "less",
           "Groups with trafficking access below a quarter (no supplier) and at least as much income from predation as from trafficking."),
    Metric("largest_share", "Largest group's share", "share", "stock", "neither",
           "Members of the largest group over all members."),
    Metric("hhi", "Concentration", "share", "stock", "neither",
           "Sum of squared shares of members; 1 is one single group."),
    Metric("splits", "Splits", "events", "flow", "neither",
           "New groups born out of existing ones; gangs founded by outsiders not counted."),
    Metric("dissolutions", "Dissolutions", "events", "flow", "neither",
           "Groups whose last plaza fell below the minimum size."),
    Metric("absorptions", "Absorptions", "events", "flow", "neither",
           "Groups whose last plaza a stronger group took over; other plazas taken over are not counted."),
    Metric("wars_active", "Open wars", "pairs", "stock", "less",
           "Pairs of groups at war, counted once per place, from the outbreak to the truce."),
    Metric("removals", "Leaders removed", "events", "flow", "neither",
           "Kingpins and lieutenants captured, killed or extradited by the state, betrayed to it or surrendered."),
    Metric("removals_failed", "Failed removals", "events", "flow", "less", "Attempts that local force beat back."),
    Metric("broker_inheritance_share", "Brokers inherited", "share", "stock", "neither",
           "Of brokers asked so far, at every split, whom to follow: those who went with the splinter; the others stayed or left."),
    Metric("alliance_inheritance_share", "Alliances inherited", "share", "stock", "neither",
           "Of allies asked so far, at every split, whom to follow: those who went with the splinter; the others stayed or left."),
    # people
    Metric("members", "Cartel members", "people", "stock", "less", "Members of all groups, prisoners not counted."),
    Metric("recruits", "Recruits", "people", "flow", "less",
           "People who joined an existing group, freely or by force; founders of gangs and released members not counted."),
    Metric("arrests", "Arrests of members", "people", "flow", "neither",
           "Members arrested, whether sentenced or set free; leaders not counted."),
    Metric("convictions", "Convictions", "people", "flow", "neither", "Arrested members who were sentenced."),
    Metric("extraditions", "Extraditions", "people", "flow", "neither",
           "Kingpins sent to the United States, at once or after a time in prison."),
    Metric("desertions", "Desertions", "people", "flow", "more",
           "Members who left their group alive and free: deserted, aged out, squeezed out or helped out."),
    Metric("guns_bought", "Guns bought", "guns", "flow", "less",
           "Guns that groups buy, as if all came from the United States; those of founders of gangs not counted."),
    Metric("guns_leaked", "Guns leaked", "guns", "flow", "less", "Official guns that end in the hands of groups."),
    Metric("guns_held", "Guns held", "guns", "stock", "less", "Guns that groups hold."),
    Metric("prison_population", "Members in prison", "people", "stock", "neither",
           "Sentenced members in prison, also of groups that are no more; leaders not counted."),
    # trade, predation, use
    Metric("trafficking_revenue_usd", "Trafficking revenue", "US$", "flow", "less",
           "What Mexican groups earn by supplying the United States, before costs."),
    Metric("predation_revenue_usd", "Predation revenue", "US$", "flow", "less",
           "What groups take from people and firms in Mexico: extortion, kidnapping, fuel theft, local drug sales."),
    Metric("predation_share", "Predation share of income", "share", "stock", "less",
           "Predation revenue over all revenue of active groups, smoothed over half a year."),
    Metric("extortion_incidents", "Extortions", "events", "flow", "less",
           "Extortions, reported or not: the money taken over that of one."),
    Metric("kidnappings", "Kidnappings", "events", "flow", "less",
           "Kidnappings for ransom, reported or not: the money taken over that of one."),
    Metric("fuel_thefts", "Illegal fuel taps", "events", "flow", "less",
           "Illegal taps of pipelines: the money taken over that of one."),
    Metric("drug_tonnes", "Drugs delivered", "tonnes", "flow", "less",
           "Drugs other than synthetic opioids that reach the United States: revenue over price, less the synthetic share of use."),
    Metric("seized_share", "Share of drugs seized", "share", "stock", "neither",
           "Part of the flow that is seized; it falls back as routes adapt."),
    Metric("drug_price_index", "US retail price", "1 = start", "stock", "neither",
           "US retail price relative to the end of the first month."),
    Metric("consumption_index", "US consumption", "1 = start", "stock", "less",
           "US consumption relative to the end of the first month."),
    Metric("heavy_users", "Heavy users, US", "people", "stock", "less",
           "Heavy users of the drugs Mexican groups sell; patients in treatment not counted."),
    Metric("overdose_deaths", "Overdose deaths, US", "deaths", "flow", "less",
           "Overdose deaths in the United States, all drugs."),
    # the state
    Metric("rights_complaints", "Rights complaints", "complaints", "flow", "less",
           "Complaints about human-rights violations in clashes with deployed force."),
    Metric("impunity_index", "Impunity", "share", "stock", "less",
           "Chance that an arrest does not end in a sentence; the mean over places, each counted alike."),
    Metric("arms_index", "Guns per member", "1 = start", "stock", "less",
           "Guns per member relative to the end of the first month."),
    Metric("aid_obligated_usd", "US aid obligated", "US$", "flow", "neither",
           "What the United States commits to programmes of Mexican agencies from the first Act of the Mérida Initiative (30 June 2008) "
           "on; its own agencies' work is not aid."),
    Metric("aid_spent_usd", "US aid spent", "US$", "flow", "neither",
           "US aid to Mexico paid out: obligated some two years before."),
    Metric("policy_cost_usd", "Policy cost", "US$", "flow", "less",
           "Cost of all levers at mid prices, both payers, when committed."),
    Metric("policy_cost_usd_us", "Policy cost paid by the US", "US$", "flow", "less",
           "The part that the United States pays."),
    Metric("policy_cost_usd_mx", "Policy cost paid by Mexico", "US$", "flow", "less", "The part that Mexico pays."),
)
# fmt: on

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ROWS}

HEADLINE: tuple[str, ...] = (
    "homicides",
    "overdose_deaths",
    "groups_active",
    "members",
    "predation_revenue_usd",
    "extortion_incidents",
    "civilian_deaths",
    "rights_complaints",
    "policy_cost_usd",
    "policy_cost_usd_us",
    "policy_cost_usd_mx",
)
"""Rows of the trade-off table, in order; a table, not a score."""
