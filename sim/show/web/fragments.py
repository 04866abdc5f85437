"""The page's parts as HTML: pure functions of what was chosen and found, so that they can be read and tested without a browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from math import isfinite

import numpy as np

from sim.analysis.contrast import Contrast
from sim.catalogue.levers import LEVERS
from sim.catalogue.levers.definition import Lever
from sim.catalogue.metrics import METRICS
from sim.catalogue.sources import SOURCES
from sim.experiment.budget import BUDGETS
from sim.show.style import scaled
from sim.show.web.budget import Cost, a_year
from sim.show.web.chart import chart
from sim.show.web.choice import LOOKS, SWITCHES, YEARS, Choice, policies, reach, to_link, written
from sim.show.web.picture import Curve
from sim.show.web.words import Words, signed

FAMILIES = ("militarized", "demand", "roots", "cross")
STEPS = (0.05, 0.1)  # of a lever's slider: short and long ones
LONG = 2.5  # intensity from which a slider is long


def option(value: str, text: str, chosen: str) -> str:
    """One entry of a list."""
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'


def button(do: str, text: str, extra: str = "") -> str:
    """A button that tells the server."""
    return f'<button type="button" data-do="{do}" {extra}>{escape(text)}</button>'


def head(choice: Choice, words: Words) -> str:
    """Title, language, colours, what can be taken home."""
    looks = "".join(option(look, words(f"look_{look}"), choice.look) for look in LOOKS)
    return (
        f'<a class="skip" href="#results">{escape(words("skip"))}</a>'
        f'<div><h1>{escape(words("page_title"))}</h1><p class="soft tagline">{escape(words("tagline"))}</p></div>'
        f'<nav class="row" aria-label="{escape(words("share"))}">'
        f"{button('share', words('share'))}{button('save_scenario', words('save_scenario'))}"
        f"{button('save_figures', words('save_figures'))}"
        f'<a href="/lesson?language={words.language}">{escape(words("lessons"))}</a>'
        f'<label class="row">{escape(words("look"))}<select id="look" data-do="look">{looks}</select></label>'
        f"{button('language', words('other_language'), extra=other_language(words))}</nav>"
    )


def other_language(words: Words) -> str:
    """The attribute that says in which language the button's text is."""
    return f'lang="{"en" if words.language == "es" else "es"}"'


# levers ----------------------------------------------------------------------------------------------------------------------


def levers(choice: Choice, words: Words) -> str:
    """The policy: what it starts from, what it costs, and every lever of the catalogue by family."""
    starts = "".join(option(name, policy_title(name, words), choice.policy) for name in policies())
    families = "".join(_family(family, choice, words) for family in FAMILIES)
    return (
        f'<h2>{escape(words("levers"))}</h2>'
        f'<label class="row">{escape(words("built_on"))} <select id="policy" data-do="policy">{starts}</select></label>'
        f'{budget(words)}<div class="row">{button("reset", words("reset"))}</div>'
        f'<p class="soft">{escape(words("range_note"))}</p>{families}'
    )


def policy_title(name: str, words: Words) -> str:
    """What a scenario of the library is called in a list."""
    return words("usual") if name == policies()[0] else f"{name}: {written(name).title}"


def _family(family: str, choice: Choice, words: Words) -> str:
    own = [lever for lever in LEVERS.values() if lever.family == family]
    rows = "".join(_lever(lever, choice, words) for lever in own)
    moved = any(LEVERS[name].family == family for name, _ in choice.changes)
    wide = " open" if moved or family in ("militarized", "demand") else ""
    return f'<details class="family"{wide}><summary>{escape(words(f"family_{family}"))}</summary>{rows}</details>'


def _lever(lever: Lever, choice: Choice, words: Words) -> str:
    name, (title, unit, summary) = lever.name, words.levers[lever.name]
    low, high = reach(choice.policy, name)
    change = dict(choice.changes).get(name)
    years = "".join(
        option(str(year), str(year), str(change.since if change else YEARS[0])) for year in range(YEARS[0], YEARS[1] + 1)
    )
    signs = ", ".join(f"{words.metrics[metric][0]}: {sign}" for metric, sign in lever.expected.items() if metric in words.metrics)
    sources = "; ".join(SOURCES[key].title for key in lever.sources if key in SOURCES)
    return (
        f'<div class="lever"><label for="l-{name}">{escape(title)}</label><output id="o-{name}" for="l-{name}">'
        f"{escape(amount(choice, name, words))}</output>"
        f'<input type="range" id="l-{name}" data-do="lever:{name}" min="{low:.10g}" max="{high:.10g}" step="{step(high)}" '
        f'value="{change.by if change else 0:.10g}" aria-describedby="p-{name}">'
        f'<div class="fine"><span id="p-{name}">{escape(price(choice, name, words))}</span>'
        f'<span class="badge {lever.evidence}">{escape(words(f"evidence_{lever.evidence}"))}</span>'
        f'<label>{escape(words("from_year"))} <select id="y-{name}" data-do="since:{name}" '
        f'aria-label="{escape(words("lever_start", lever=title))}">{years}</select></label></div>'
        f'<details class="about"><summary>{escape(words("about"))}<span class="sr"> {escape(title)}</span></summary>'
        f"<p>{escape(words('unit_is', unit=unit))} {escape(summary)} {escape(words('lag_is', weeks=f'{lever.lag_weeks:.0f}'))}</p>"
        f'<p class="soft">{escape(signs)}</p><p class="soft">{escape(sources)}</p></details></div>'
    )


def step(high: float) -> float:
    """How far a slider moves at a key press."""
    return STEPS[high > LONG]


def amount(choice: Choice, lever: str, words: Words) -> str:
    """A lever's position in words."""
    change = dict(choice.changes).get(lever)
    if change is None:
        return words("as_is")
    low, _ = reach(choice.policy, lever)
    return words("none_left") if change.by <= low else f"{change.by:+.4g}".replace("-", "−")


def price(choice: Choice, lever: str, words: Words) -> str:
    """What a lever's change costs in a full year, or what one unit would, and who pays."""
    change = dict(choice.changes).get(lever)
    low, mid, high = a_year(lever, abs(change.by) if change else 1.0)
    blanks = {"cost": words.dollars(mid), "low": words.dollars(low), "high": words.dollars(high), "us": f"{100 * LEVERS[lever].payer:.0f}"}
    if change is None:
        return words("price_unit", **blanks)
    return words("price_now", sign="+" if change.by > 0 else "−", **blanks)


def budget(words: Words) -> str:
    """The frame of the budget bar; `budget_parts` fills it."""
    goals = "".join(option(name, words(f"budget_{name}", cost=words.dollars(b.usd_a_year)), "merida") for name, b in BUDGETS.items())
    return (
        f'<section class="budget" aria-label="{escape(words("budget"))}"><h3>{escape(words("budget"))}</h3>'
        '<div id="b-line" class="tabular"></div><div class="bar" id="b-bar" role="img" aria-label="">'
        '<i class="us" id="b-us"></i><i class="mx" id="b-mx"></i><i class="goal" id="b-goal"></i></div>'
        '<div class="fine"><span><span class="key us"></span><span id="b-us-text"></span></span>'
        '<span><span class="key mx"></span><span id="b-mx-text"></span></span></div>'
        f'<div class="row"><label class="row">{escape(words("budget_target"))} <select id="goal" data-do="goal">{goals}</select></label>'
        f"{button('equal', words('equal_cost'))}</div></section>"
    )


def budget_texts(found: Cost, words: Words) -> dict[str, str]:
    """Texts of the budget bar by id of their place."""
    line = words("budget_usual")
    if round(found.mid / 1e4):
        sign = "+" if found.mid > 0 else "−"
        low, high = sorted((found.low, found.high))
        line = words("budget_line", sign=sign, cost=words.dollars(found.mid), low=_signed(low, words), high=_signed(high, words))
    return {
        "b-line": line,
        "b-us-text": words("budget_us", cost=_signed(found.us, words)),
        "b-mx-text": words("budget_mx", cost=_signed(found.mx, words)),
    }


def _signed(usd: float, words: Words) -> str:
    return f"{'−' if usd < -5e4 else ''}{words.dollars(usd)}"


def budget_bar(found: Cost, goal: str) -> dict[str, dict[str, str]]:
    """Widths of the budget bar by id; money saved has no width."""
    us, mx, target = max(0.0, found.us), max(0.0, found.mx), BUDGETS[goal].usd_a_year
    full = 1.15 * max(us + mx, target)
    return {
        "b-us": {"left": "0", "width": f"{100 * us / full:.1f}%"},
        "b-mx": {"left": f"{100 * us / full:.1f}%", "width": f"{100 * mx / full:.1f}%"},
        "b-goal": {"left": f"{100 * target / full:.1f}%"},
    }


def moved(choice: Choice, lever: str, words: Words) -> dict[str, str]:
    """Texts that change with one lever, by id."""
    return {f"o-{lever}": amount(choice, lever, words), f"p-{lever}": price(choice, lever, words)}


# assumptions -----------------------------------------------------------------------------------------------------------------


def assumptions(choice: Choice, words: Words) -> str:
    """The drawer of assumption switches, apart from policies."""
    fixed = dict(choice.assumptions)
    rows = []
    for name, switch in SWITCHES.items():
        value = fixed.get(name, switch.default)
        whole = switch.unit == "switch"
        fineness = 1 if whole else 0.01 if switch.high - switch.low <= 5 else 1
        rows.append(
            f'<div><label class="row"><input type="checkbox" id="f-{name}" data-do="fix:{name}"{" checked" if name in fixed else ""}>'
            f'<span>{escape(words("fix"))} <code>{name}</code></span></label>'
            f'<label for="s-{name}" class="soft">{escape(words.switches[name])}</label><output id="v-{name}" for="s-{name}"> '
            f"{value:g}</output>"
            f'<input type="range" id="s-{name}" data-do="switch:{name}" min="{switch.low:g}" max="{switch.high:g}" step="{fineness:g}" '
            f'value="{value:g}"{"" if name in fixed else " disabled"}></div>'
        )
    return (
        f'<details class="drawer"><summary>{escape(words("assumptions"))}: <span id="a-count">{escape(fixed_count(choice, words))}</span>'
        f'</summary><p class="soft">{escape(words("assumptions_note"))}</p><div class="grid">{"".join(rows)}</div></details>'
    )


def fixed_count(choice: Choice, words: Words) -> str:
    """How many assumptions are fixed."""
    return words("assumptions_some", count=len(choice.assumptions)) if choice.assumptions else words("assumptions_none")


# results ---------------------------------------------------------------------------------------------------------------------


def tools(choice: Choice, words: Words) -> str:
    """Above the results: views, outcomes, tables, predictions."""
    views = "".join(
        button("view", words(f"view_{view}"), f'data-view-button="{view}" aria-pressed="{str(view == choice.view).lower()}"')
        for view in ("charts", "map", "tree", "news")
    )
    outcomes = "".join(
        f'<label class="row"><input type="checkbox" data-do="outcome:{name}"{" checked" if name in choice.outcomes else ""}>'
        f"{escape(words.metrics[name][0])}</label>"
        for name in METRICS
    )
    return (
        f'<div class="row" role="group" aria-label="{escape(words("results"))}">{views}'
        f'<label class="row"><input type="checkbox" id="tables" data-do="tables"'
        f'{" checked" if choice.tables else ""}>{escape(words("tables"))}</label>'
        f'<label class="row only-charts"><input type="checkbox" id="predict" data-do="predict"{" checked" if choice.predict else ""}>'
        f"{escape(words('predict'))}</label></div>"
        f'<details class="only-charts"><summary>{escape(words("outcomes"))}</summary><div class="charts">{outcomes}</div></details>'
    )


def legend(choice: Choice, words: Words, worlds: int) -> str:
    """What lines and bands mean."""
    policy = f'<span><span class="swatch"></span>{escape(words("policy"))}</span>'
    return (
        f'<div class="legend"><span><span class="swatch usual"></span>{escape(words("usual"))}</span>'
        f"{policy if choice.question != choice.question.usual else ''}"
        f'<span class="soft">{escape(words("legend_band", count=worlds))}</span></div>'
    )


def figure(metric: str, curve: Curve, found: Contrast | None, choice: Choice, words: Words) -> str:
    """One outcome: chart, what changed in words, and the table behind."""
    drawn, unit = drawing(metric, curve, choice, words)
    table = chart_table(metric, curve, unit, words) if choice.tables else ""
    frame = f'<figure data-metric="{metric}" data-pairs="{curve.pairs}" data-link="{escape(to_link(choice))}">'
    return f"{frame}{drawn}<figcaption>{escape(verdict(found, curve, words))}</figcaption>{table}</figure>"


def drawing(metric: str, curve: Curve, choice: Choice, words: Words) -> tuple[str, str]:
    """The chart of an outcome, and the unit of its axis."""
    title, _ = words.metrics[metric]
    divisor, unit = axis(metric, curve, words)
    since = min((change.since for _, change in choice.changes), default=None)
    return chart(curve, title, unit, describe(metric, curve, divisor, unit, words), since, divisor), unit


def axis(metric: str, curve: Curve, words: Words) -> tuple[float, str]:
    """Divisor and unit of an outcome's axis."""
    kind, unit = METRICS[metric].kind, words.metrics[metric][1]
    lines = [curve.usual] if curve.policy is None else [curve.usual, curve.policy]
    finite = np.concatenate([line[np.isfinite(line)] for line in lines])
    divisor, _ = scaled(METRICS[metric].unit, kind, float(finite.max()) if finite.size else 0.0)
    if "US$" in METRICS[metric].unit:
        unit = words("billion")
    elif divisor > 1.0:
        unit = words("thousand", unit=unit)
    return divisor, words("per_year", unit=unit) if kind == "flow" else unit


def describe(metric: str, curve: Curve, divisor: float, unit: str, words: Words) -> str:
    """A chart in words."""
    usual = curve.usual[1] / divisor
    more = ""
    if curve.policy is not None:
        more = words("chart_alt_policy", c=f"{number(curve.policy[1][-1] / divisor)} {unit}", last=curve.years[-1])
    return words(
        "chart_alt",
        title=words.metrics[metric][0],
        a=f"{number(usual[0])} {unit}",
        b=f"{number(usual[-1])} {unit}",
        first=curve.years[0],
        last=curve.years[-1],
        policy=more,
    )


def number(value: float) -> str:
    """Three digits or so."""
    if not isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def verdict(found: Contrast | None, curve: Curve, words: Words) -> str:
    """What the policy changed over the whole run."""
    if found is None or curve.policy is None:
        return ""
    if found.difference == 0.0 and found.low == 0.0:
        return words("change_same")
    if not isfinite(found.percent):
        return ""
    if curve.sketch or not isfinite(found.percent_low):
        return words("change_few", percent=signed(found.percent))
    blanks = {"percent": signed(found.percent), "low": signed(found.percent_low), "high": signed(found.percent_high)}
    if not isfinite(found.share_worse):
        return words("change_short", **blanks)
    return words("change", worse=round(found.share_worse * found.n), count=found.n, **blanks)


def chart_table(metric: str, curve: Curve, unit: str, words: Words) -> str:
    """The numbers behind a chart."""
    divisor, _ = axis(metric, curve, words)
    heads = [words("year"), words("usual"), *([words("policy")] if curve.policy is not None else [])]
    lines = [curve.usual / divisor, *([curve.policy / divisor] if curve.policy is not None else [])]
    body = "".join(
        f'<tr><th scope="row">{year}</th>{"".join(f"<td>{_cell(line[:, k].tolist())}</td>" for line in lines)}</tr>'
        for k, year in enumerate(curve.years.tolist())
    )
    return table(words("table_caption", title=words.metrics[metric][0], unit=unit), heads, body)


def table(caption: str, heads: Iterable[str], body: str) -> str:
    """A table with a caption; wide ones scroll in their own frame."""
    row = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{row}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(levels: list[float]) -> str:
    low, middle, high = levels
    return f"{number(middle)} ({number(low)} – {number(high)})" if isfinite(low) else number(middle)


def why(choice: Choice, words: Words) -> str:
    """Buttons that ask why an outcome changes."""
    asks = "".join(button(f"why:{metric}", words.metrics[metric][0]) for metric in choice.outcomes)
    return f'<div class="row"><h3>{escape(words("why_what"))}</h3>{asks}</div>'


def problems(found: Iterable[tuple[str, dict[str, str]]], words: Words) -> Iterator[str]:
    """What was wrong with a link, in sentences."""
    for key, blanks in found:
        yield words(key, **blanks)


def share_link(choice: Choice) -> str:
    """The address within the server."""
    query = to_link(choice)
    return f"/?{query}" if query else "/"
