"""What a told run says in English, beside the words that it shares with the teaching page."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "story_title": "{scenario}: the story of one world",
    "story_lead": "This is one of many possible histories of a model, not a forecast and not what happened. The deaths are simulated, but "
    "each of them stands for a person.",
    "story_which": "Scenario {scenario} ({title}), world {world}, from {first} to {last}.",
    "in_short": "In short",
    "how_it_went": "How it went",
    "the_country": "The country over time",
    "who_from_whom": "Who came from whom",
    "killed_by_year": "The dead, year by year",
    "how_chosen": "How this was chosen",
    "what_it_is_not": "What this does not say",
    "where_from": "Where it comes from",
    "short_start": "At the end of {month} the country has {groups} armed groups; in the first twelve months {killed} people are killed.",
    "short_end": "At the end of {month} there are {groups} groups, and in the last twelve months {killed} people are killed.",
    "short_all": "In all, {killed} people are killed in {years} years.",
    "short_state": "The state takes {falls} kingpins. {splits} times a band breaks away and becomes a group of its own; {entries} new "
    "local gangs appear, and {ends} groups end.",
    "worst_year": "The deadliest twelve months begin. By their end {size} people are killed, {a_day} a day.",
    "worst_place": "{place} ends the deadliest twelve months of any place: {size} people killed per 100,000 residents.",
    "falls_size": "The group has {size} members.",
    "falls_year": "In the year after, groups that break away from it: {followers}. Killed per 100,000 residents of {place}: {before} in "
    "the year before, {after} in the year after.",
    "falls_short": "In the year after, groups that break away from it: {followers}.",
    "wars": "{one} and {two} go to war, first over {place}. Places in which they fight: {places}. {end}",
    "wars_over": "The last of these wars ends in {last}.",
    "wars_open": "At the end of the story they are still fighting.",
    "ends_peak": "At its largest it had {size} members.",
    "growth": "There are now {places} armed groups, at least {size} times as many as at the start.",
    "rule_worst_year": "The twelve consecutive months with most people killed.",
    "rule_worst_place": "The place and the twelve months with most people killed per 100,000 residents.",
    "rule_falls": "The {count} kingpins taken by the state whose groups were largest, by members on that day.",
    "rule_splits": "The {count} largest groups of people who broke away.",
    "rule_wars": "The {count} longest wars between two groups: months of war, added up over the places in which they fought.",
    "rule_ends": "The {count} groups that were largest at their peak, of those that ended.",
    "rule_growth": "The first month that ends with twice, four times, eight times ... as many groups as the first.",
    "rules_tie": "Nothing else decides; equal ones are told in order of time. Everything that happened is in the events table of a run.",
    "not_cause": "That one thing followed another does not say that it came from it. Whether the fall of a leader changed anything is "
    "asked by simulating the same world again with the leader spared: `cartelitos twins`.",
    "not_typical": "One world is an anecdote. In another world of the same scenario other groups may win and fewer or more people die; "
    "`cartelitos run` shows how far worlds differ.",
    "not_real": "Groups bear the names that they had in 2006. What they do afterwards is simulated and says nothing about any real person "
    "or group.",
    "provenance": "Scenario {scenario}, world {world} (replicate {replicate}), seed {seed}, run {run}, model version {version}.",
    "repeat": "To tell it again: {command}",
    "timeline_title": "People killed a day",
    "timeline_alt": "People killed a day: {first} in {first_month}, {last} in {last_month}, at most {most} in {most_month}. Numbers mark "
    "the events listed below.",
    "film_title": "{month}: lineage of the largest group in each place",
    "film_note": "Simulated: {scenario}, world {world}. People killed a day:",
    "film_file": "The map as a film: {files}, beside this page.",
    "year_killed": "Killed",
    "year_groups": "Groups at the end",
    "year_falls": "Kingpins taken",
    "year_table": "People killed, groups and kingpins taken by calendar year (the first and the last may be incomplete)",
    "map_month": "{month}: lineage of the largest group in each place",
    "tree_title": "Each line is a group from its first day to its last",
}
