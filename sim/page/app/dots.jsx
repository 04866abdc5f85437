// Differences as pictures: policy minus business as usual, a zero line, one dot for every pair of worlds.
import * as Plot from "@observablehq/plot";
import {Picture, gutter, pile} from "./picture.jsx";
import {STOPS, stop} from "./codes.js";
import {WIDE} from "./stats.js";
import {number, signed} from "./words.js";

/** "+5.1 %", "−0.03 points": as many digits as the size asks for. */
export function change(x, unit) {
  const size = Math.abs(x), digits = size >= 10 || size === 0 ? 0 : size >= 0.1 ? 1 : 2;
  return `${signed(number(x, size >= 10 ? 1 : digits))} ${unit}`;
}

/** What pairs say, in a sentence; a null is told by how large it can be at most. */
export function verdict(found, say) {
  const {each, mean, low, high, bound, unit, more} = found, count = each.length, blanks = {more, count};
  if (each.every((x) => x === 0)) return say("exactly", {count});
  if (low <= 0 && high >= 0) return say(Math.max(-low, high) > WIDE ? "null_wide" : "null", {...blanks, bound, unit, low: change(low, unit), high: change(high, unit)});
  return say(mean > 0 ? "clear_up" : "clear_down", {...blanks, mean: change(mean, unit), low: change(low, unit), high: change(high, unit)});
}

/** One dot a world, the mean and its interval. */
export function Dots({title, found, say, years}) {
  const dots = found.each.filter((x) => x !== null), most = Math.max(...dots.map(Math.abs), Math.abs(found.low), Math.abs(found.high), 0.01);
  const text = verdict(found, say);
  return (
    <figure class="dots">
      <figcaption><b>{title}</b>: {text}</figcaption>
      <Picture deps={[found]} label={`${title}: ${text}`} make={(width, type) => Plot.plot({
        width, height: Math.max(9 * type, 5 * type + pile(dots, [-1.08 * most, 1.08 * most], width - 3.6 * type, Math.max(3.5, 0.34 * type))), marginLeft: 1.8 * type, marginRight: 1.8 * type, marginBottom: 2 * type, marginTop: 1.2 * type, style: {fontSize: `${type}px`}, className: "plot",
        x: {domain: [-1.08 * most, 1.08 * most], label: null, ticks: Math.max(2, Math.min(7, width / (7 * type))), tickFormat: (x) => (x === 0 ? "0" : signed(number(x, most < 1 ? 2 : most < 8 && x % 1 ? 1 : 0)) + (found.unit === "%" ? " %" : ""))},
        y: {axis: null, domain: [0, 1]},
        marks: [
          Plot.ruleX([0], {stroke: "var(--text)", strokeWidth: 2}),
          Plot.ruleX([found], {x: "mean", y1: 0, y2: 0.16, stroke: "var(--text)", strokeWidth: 4}),
          Plot.link([found], {x1: "low", x2: "high", y1: 0.08, y2: 0.08, stroke: "var(--text)", strokeWidth: 2}),
          Plot.dot(dots, Plot.dodgeY({x: (x) => x, r: Math.max(3.5, 0.34 * type), padding: 0.6, anchor: "bottom", insetBottom: 2, fill: (x) => (x > 0 ? "var(--other)" : "var(--policy)"), stroke: "var(--page)", dy: -0.9 * type})),
        ],
      })} />
      {years && found.years && <Years title={title} found={found} years={years} say={say} />}
    </figure>
  );
}

/** The same change year by year: a band over worlds around its middle, and the zero line. */
function Years({title, found, years, say}) {
  const rows = years.map((year, k) => ({year, low: found.years[0][k], middle: found.years[1][k], high: found.years[2][k]})), last = rows.at(-1);
  const sign = (x) => (x === 0 ? "0" : `${signed(number(x, Math.abs(x) < 10 && x % 1 ? 1 : 0))}${found.unit === "%" ? " %" : ""}`);
  return (
    <Picture deps={[found]} label={say("years_alt", {title, last: last.year, middle: change(last.middle, found.unit), low: change(last.low, found.unit), high: change(last.high, found.unit)})} make={(width, type) => Plot.plot({
      width, height: 9 * type, marginLeft: gutter(type, [...found.years[0], ...found.years[2]], sign), marginRight: 1.6 * type, marginBottom: 2 * type, marginTop: 0.6 * type, style: {fontSize: `${type}px`}, className: "plot",
      x: {tickFormat: "d", label: null, ticks: Math.max(2, Math.min(8, width / (6 * type)))}, y: {label: null, ticks: 4, tickFormat: sign, grid: true, nice: true},
      marks: [
        Plot.areaY(rows, {x: "year", y1: "low", y2: "high", fill: "var(--policy)", fillOpacity: 0.2}),
        Plot.ruleY([0], {stroke: "var(--text)", strokeWidth: 1.5}),
        Plot.lineY(rows, {x: "year", y: "middle", stroke: "var(--policy)", strokeWidth: 2.5}),
      ],
    })} />
  );
}

const spot = (k, small) => (STOPS[k] === 0 ? "0" : small ? String(Math.abs(STOPS[k])).replace("0.", ".") : signed(String(STOPS[k]).replace("-", "−")));

/** How a guess is said: a direction and a size. */
export function spoken(k, unit, say) {
  const size = Math.abs(STOPS[k]);
  if (!size) return say("stop_none");
  return say(STOPS[k] < 0 ? (k === 0 ? "stop_least" : "stop_less") : k === STOPS.length - 1 ? "stop_most" : "stop_more", {size: `${size} ${unit}`});
}

/** Guesses over worlds, stop by stop: what was said above the line, what came out below it. */
export function Guesses({title, unit, guesses, mine, each, say}) {
  const worlds = (each ?? []).filter((x) => x !== null).map(stop), tally = (some) => STOPS.map((_, k) => some.filter((x) => x === k).length);
  const said = tally(guesses), out = tally(worlds);
  const dot = (counts) => counts.flatMap((count, k) => Array.from({length: count}, (_, n) => ({k, n})));
  const high = Math.max(3, ...said), deep = each ? Math.max(3, ...out) : 0;
  const best = mine === undefined ? "" : each ? say("stop_hit", {count: out[mine], pairs: worlds.length}) : "";
  const told = STOPS.map((_, k) => (said[k] || out[k] ? `${spoken(k, unit, say)}: ${each ? say("stop_both", {said: said[k], out: out[k]}) : said[k]}` : "")).filter(Boolean).join("; ");
  return (
    <figure class="stops">
      <figcaption><b>{title}</b>, {unit === "%" ? say("in_percent") : say("in_points")} {best}</figcaption>
      <Picture deps={[guesses, each, mine]} label={`${title}. ${told}`} make={(width, type) => {
        const r = Math.min(0.36 * type, (width - 2 * type) / STOPS.length / 2.3, 150 / high), rise = 2.15 * r;
        const gap = 0.95 * type, up = gap + rise * high + r, down = deep ? gap + rise * deep + r : gap;
        return Plot.plot({
          width, height: up + down + 3.6 * type, marginLeft: type, marginRight: type, marginTop: 1.8 * type, marginBottom: 1.8 * type, style: {fontSize: `${type}px`}, className: "plot",
          x: {type: "point", domain: STOPS.map((_, k) => k), axis: null}, y: {axis: null, domain: [-down, up]},
          marks: [
            Plot.ruleX([STOPS.indexOf(0)], {stroke: "var(--edge)", strokeDasharray: "3 4"}),
            mine !== undefined && Plot.rect([mine], {x1: mine, x2: mine, inset: -1.2 * r, y1: -down, y2: up, fill: "var(--panel)"}),
            Plot.dot(dot(said), {x: "k", y: (row) => gap + r + rise * row.n, r, fill: "var(--mine)", stroke: "var(--page)"}),
            Plot.dot(dot(out), {x: "k", y: (row) => -gap - r - rise * row.n, r, symbol: "square", fill: "var(--policy)", stroke: "var(--page)"}),
            Plot.text(STOPS.map((_, k) => k), {x: (k) => k, y: 0, text: (k) => spot(k, width < 38 * type), fontWeight: 650, fill: "var(--text)"}),
            Plot.text([0], {frameAnchor: "top-left", text: () => say(mine === undefined ? "said" : "said_mine"), fill: "var(--soft)", dy: -1.2 * type}),
            Plot.text([0], {frameAnchor: "top-right", text: () => `← ${say("less")} · ${say("more")} →`, fill: "var(--soft)", dy: -1.2 * type}),
            each && Plot.text([0], {frameAnchor: "bottom-left", text: () => say("came_out", {pairs: worlds.length}), fill: "var(--soft)", dy: 1.4 * type}),
          ].filter(Boolean),
        });
      }} />
    </figure>
  );
}

/** How often each of some answers was given. */
export function Bars({title, rows, truth}) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  return (
    <figure class="bars"><figcaption><b>{title}</b></figcaption>
      <div class="grid">{rows.map((row) => <><span key={row.text} class={row.right ? "right" : ""}>{row.text}{row.right ? " ✓" : ""}</span><i style={{width: `${(100 * row.count) / most}%`}} class={row.right ? "right" : ""} /><b>{row.count}</b></>)}</div>
      {truth && <p>{truth}</p>}
    </figure>
  );
}
