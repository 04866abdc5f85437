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
    """One recorded quantity.

    Attributes:
        name: column of the series, key of the totals.
        title: short label for figures and tables, at most 27 characters.
        unit: of one month's flow, or of the stock.
        kind: "flow" (sums over time) or "stock" (last value counts).
        better: the direction that helps people; "neither" where that depends on the rest.
        meaning: one sentence.
    """

    name: str
    title: str
    unit: str
    kind: Kind
    better: Better
    meaning: str

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
           "Members and bystanders killed in fights between cartels over a place."),
    Metric("homicides_succession", "Succession homicides", "deaths", "flow", "less",
           "Members and bystanders killed in fights between heirs of one cartel within a year of their split."),
    Metric("homicides_predation", "Predation homicides", "deaths", "flow", "less",
           "People killed in extortion, kidnapping, fuel theft and local drug sales."),
    Metric("homicides_confrontation", "Confrontation homicides", "deaths", "flow", "less",
           "Members, officials and bystanders killed in clashes with soldiers and police."),
    Metric("homicides_background", "Background homicides", "deaths", "flow", "less",
           "Homicides outside organised crime, which rise where organised violence spreads impunity and guns."),
    Metric("member_deaths", "Cartel members killed", "people", "flow", "less", "Members killed, whatever the cause."),
    Metric("civilian_deaths", "Bystanders killed", "people", "flow", "less",
           "People killed by organised crime or by the force sent against it who were neither members nor officials."),
    Metric("massacres", "Massacres", "events", "flow", "less",
           "Weeks in which turf fights killed at least ten people in one place."),
    Metric("disappearances", "Disappearances", "people", "flow", "less", "People who go missing and stay missing."),
    # cartels and cells
    Metric("groups_active", "Armed groups", "groups", "stock", "neither", "Cartels and cells above the minimum size."),
    Metric("cartels_active", "Trafficking cartels", "groups", "stock", "neither",
           "Groups whose income comes mainly from trafficking."),
    Metric("cells_active", "Predatory cells", "groups", "stock", "less",
           "Groups without trafficking access that live on predation."),
    Metric("largest_share", "Largest group's share", "share", "stock", "neither",
           "Members of the largest group over all members."),
    Metric("hhi", "Concentration", "share", "stock", "neither",
           "Sum of squared shares of members; 1 is one single group."),
    Metric("splits", "Splits", "events", "flow", "neither", "New groups born out of existing ones."),
    Metric("dissolutions", "Dissolutions", "events", "flow", "neither", "Groups that ended below the minimum size."),
    Metric("absorptions", "Absorptions", "events", "flow", "neither",
           "Groups or plazas taken over by a stronger group."),
    Metric("wars_active", "Open wars", "pairs", "stock", "less", "Pairs of groups at war, counted once per place."),
    Metric("removals", "Leaders removed", "events", "flow", "neither",
           "Kingpins and lieutenants captured, killed, extradited or surrendered."),
    Metric("removals_failed", "Failed removals", "events", "flow", "less", "Attempts that local force beat back."),
    Metric("broker_inheritance_share", "Brokers inherited", "share", "stock", "neither",
           "Brokers of the groups that have split so far whom an heir or a splinter kept."),
    Metric("alliance_inheritance_share", "Alliances inherited", "share", "stock", "neither",
           "Alliances of the groups that have split so far which an heir or a splinter kept."),
    # people
    Metric("members", "Cartel members", "people", "stock", "less", "Members of all groups, prisoners not counted."),
    Metric("recruits", "Recruits", "people", "flow", "less", "People who joined, freely or by force."),
    Metric("arrests", "Arrests of members", "people", "flow", "neither", "Members arrested."),
    Metric("convictions", "Convictions", "people", "flow", "neither", "Arrested members who were sentenced."),
    Metric("extraditions", "Extraditions", "people", "flow", "neither", "Captured leaders sent to the United States."),
    Metric("desertions", "Desertions", "people", "flow", "more", "Members who left alive and free."),
    Metric("guns_bought", "Guns bought", "guns", "flow", "less", "Guns that groups buy, nearly all of them from the United States."),
    Metric("guns_leaked", "Guns leaked", "guns", "flow", "less", "Official guns that end in the hands of groups."),
    Metric("guns_held", "Guns held", "guns", "stock", "less", "Guns that groups hold."),
    Metric("prison_population", "Members in prison", "people", "stock", "neither",
           "Members in prison, sentenced or awaiting trial."),
    # trade, predation, use
    Metric("trafficking_revenue_usd", "Trafficking revenue", "US$", "flow", "less",
           "What Mexican groups earn by supplying the United States."),
    Metric("predation_revenue_usd", "Predation revenue", "US$", "flow", "less",
           "What groups take from people and firms in Mexico: extortion, kidnapping, fuel theft, local drug sales."),
    Metric("predation_share", "Predation share of income", "share", "stock", "less",
           "Predation revenue over all revenue."),
    Metric("extortion_incidents", "Extortions", "events", "flow", "less", "Extortions, reported or not."),
    Metric("kidnappings", "Kidnappings", "events", "flow", "less", "Kidnappings for ransom, reported or not."),
    Metric("fuel_thefts", "Illegal fuel taps", "events", "flow", "less", "Illegal taps of pipelines."),
    Metric("drug_tonnes", "Drugs delivered", "tonnes", "flow", "less",
           "Plant-based drugs that reach the United States."),
    Metric("seized_share", "Share of drugs seized", "share", "stock", "neither", "Part of the flow that is seized."),
    Metric("drug_price_index", "US retail price", "1 = start", "stock", "neither",
           "US retail price relative to the first month."),
    Metric("consumption_index", "US consumption", "1 = start", "stock", "less",
           "US consumption relative to the first month."),
    Metric("heavy_users", "Heavy users, US", "people", "stock", "less",
           "Heavy users of the drugs Mexican groups sell."),
    Metric("overdose_deaths", "Overdose deaths, US", "deaths", "flow", "less",
           "Overdose deaths in the United States, all drugs."),
    # the state
    Metric("rights_complaints", "Rights complaints", "complaints", "flow", "less",
           "Complaints about human-rights violations by soldiers and police."),
    Metric("impunity_index", "Impunity", "share", "stock", "less",
           "Part of arrests and killings that ends without a sentence."),
    Metric("arms_index", "Guns per member", "1 = start", "stock", "less",
           "Guns per member relative to the first month."),
    Metric("aid_obligated_usd", "US aid obligated", "US$", "flow", "neither",
           "US aid to Mexico committed by contract."),
    Metric("aid_spent_usd", "US aid spent", "US$", "flow", "neither",
           "US aid to Mexico paid out, after its delivery lag."),
    Metric("policy_cost_usd", "Policy cost", "US$", "flow", "less", "Cost of all levers at mid prices, both payers."),
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
