// One world: its map month by month, its groups and how they descend, what happened; and the same world with one leader spared.
import * as Plot from "@observablehq/plot";
import {useEffect, useState} from "preact/hooks";
import {number, rough, signed} from "./words.js";
import {Picture} from "./picture.jsx";
import {estimate, total} from "./stats.js";

const SHADES = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"];
const STEPS = {groups: [1, 2, 4, 7, 11], rate: [5, 15, 30, 60, 100]};
const SHARED = [2, 4, 7, 11], GAPS = [46, 29, 19, 12]; // groups in a place from which it is broken by more lines, and px between these
const LINES = 60, FAMILY = 20; // groups drawn in a genealogy, of the country and of one family
const YEAR = 12, AFTER = 36; // months
const LISTED = {few: 12, some: 40, all: Infinity};

export function Story({found, choice, move, say, data, engine, plans, parameters, same}) {
  const [told, tell] = useState(null), [twin, tellTwin] = useState(null);
  const question = JSON.stringify([plans, parameters, choice.world]);
  useEffect(() => {
    let current = true;
    engine.story(plans, choice.world - 1, parameters).then((run) => { if (current) tell(run); }, () => {});
    return () => { current = false; };
  }, [question]);
  const fall = told && choice.spared >= 0 ? told.falls[choice.spared] : null;
  useEffect(() => {
    let current = true;
    tellTwin(null);
    if (fall) engine.story(plans, choice.world - 1, parameters, fall).then((run) => { if (current) tellTwin(run); }, () => {});
    return () => { current = false; };
  }, [question, choice.spared, told]);
  const months = data.country.months, last = months.length - 1;
  const month = choice.month < 0 ? last : Math.min(choice.month, last);
  const props = {told, twin, fall, month, choice, move, say, data, engine, plans, parameters};
  const arm = same ? found.usual : found.policy, {kind} = data.metrics[choice.outcome];
  const ranked = arm.map((run, world) => run && {world: world + 1, total: total(run.series[choice.outcome], kind, data.country.days)}).filter(Boolean).sort((a, b) => b.total - a.total);
  const marks = ranked.length === data.country.worlds ? {[ranked[0].world]: "world_most", [ranked[Math.floor(ranked.length / 2)].world]: "world_middle", [ranked.at(-1).world]: "world_least"} : {};
  return (
    <div class="story">
      <div class="row">
        <label class="row">{say("world")} <select value={choice.world} onChange={(event) => move({world: Number(event.currentTarget.value), spared: -1})}>
          {Array.from({length: data.country.worlds}, (_, k) => k + 1).map((k) => <option key={k} value={k}>{k}{marks[k] ? ` · ${say(marks[k], {title: say.name_("metrics", choice.outcome)})}` : ""}</option>)}
        </select></label>
        {choice.view === "map" && <label class="row">{say("map_what")} <select value={choice.map} onChange={(event) => move({map: event.currentTarget.value})}>
          {["dominant", "groups", "rate"].map((what) => <option key={what} value={what}>{say(`map_${what}`)}</option>)}
        </select></label>}
        {choice.view === "map" && data.country.outlines && <label class="row">{say("map_form")} <select value={choice.form} onChange={(event) => move({form: event.currentTarget.value})}>
          {["outlines", "tiles"].map((form) => <option key={form} value={form}>{say(`map_${form}`)}</option>)}
        </select></label>}
      </div>
      <Time month={month} months={months} move={move} say={say} />
      <p class="soft" role="status">{told ? say("world_note", {world: choice.world, policy: same ? say("usual") : say("policy")}) : say("story_wait")} {told && say("story_head", {killed: rough(sum(told.series.homicides, month - YEAR + 1, month)), groups: number(told.series.groups_active[month])})}</p>
      {told && choice.view === "map" && <WorldMap {...props} />}
      {told && choice.view === "tree" && <Trees {...props} />}
      {told && choice.view === "events" && <Events {...props} />}
    </div>
  );
}

/** Of months from one to another, both included. */
function sum(series, from, to) { let all = 0; for (let m = Math.max(0, from); m <= Math.min(to, series.length - 1); m++) all += series[m]; return all; }

export function Time({month, months, move, say}) {
  const [playing, play] = useState(false);
  useEffect(() => {
    if (!playing) return undefined;
    let now = month >= months.length - 1 ? 0 : month;
    const timer = setInterval(() => { now += 2; move({month: Math.min(now, months.length - 1)}); if (now >= months.length - 1) play(false); }, 120);
    return () => clearInterval(timer);
  }, [playing]);
  const when = say.month(new Date(months[month]));
  return (
    <div class="time">
      <button type="button" onClick={() => play(!playing)}>{say(playing ? "pause" : "play")}</button>
      <input type="range" min={0} max={months.length - 1} value={month} aria-label={say("month")} aria-valuetext={when} onInput={(event) => move({month: Number(event.currentTarget.value)})} />
      <output>{when}</output>
    </div>
  );
}

const OTHERS = "#8a9199", DARK = ["#00224e", "#35456c", "#666970", "#0072b2", "#7a5195", "#8c510a"];
const ink = (fill) => (fill === "none" ? "var(--text)" : DARK.includes(fill) ? "#fff" : "#000");

function WorldMap({told, month, choice, say, data}) {
  const {places} = data.country, outlines = choice.form === "tiles" ? null : data.country.outlines, what = choice.map, letter = (row) => "ABCDEFGH"[told.main.indexOf(row)] ?? "·";
  const cells = places.map((place, k) => {
    const value = told.maps[what === "dominant" ? "groups" : what][month][k];
    if (what !== "dominant") return {place, text: number(value), mark: number(value), fill: SHADES[STEPS[what].filter((bound) => value >= bound).length]};
    const row = told.maps.dominant[month][k], group = told.groups[row];
    return {place, text: group ? say("map_place", {group: short(group, say, data), count: value}) : "–", mark: group ? letter(row) : "–", fill: group ? told.colours[row] : "none", broken: SHARED.filter((bound) => value >= bound).length};
  });
  const box = outlines ? `0 0 ${outlines.width} ${outlines.height}` : `0 0 ${60 * (1 + Math.max(...places.map((p) => p.tile[0])))} ${60 * (1 + Math.max(...places.map((p) => p.tile[1])))}`;
  const here = new Set(told.maps.dominant[month]), others = [...here].some((row) => row >= 0 && !told.main.includes(row));
  return (
    <figure>
      <svg class="map" viewBox={box} role="img" aria-label={`${say(`map_${what}`)}, ${say.month(new Date(data.country.months[month]))}`}>
        <defs>{GAPS.map((gap, k) => <pattern key={gap} id={`broken-${k + 1}`} width={gap} height={gap} patternUnits="userSpaceOnUse" patternTransform={`rotate(${23 * (k + 1)})`}><path class="crack" d={`M0 0h${gap}M${gap / 2} 0v${gap}`} /></pattern>)}</defs>
        {cells.map(({place, text, fill, broken}) => {
          const paint = fill === "none" ? "var(--panel)" : fill, [x, y] = [60 * place.tile[0], 60 * place.tile[1]];
          const shape = (props) => (outlines ? <path d={outlines.paths[place.id]} {...props} /> : <rect x={x} y={y} width={60} height={60} {...props} />);
          return <g key={place.id}><title>{place.name}: {text}</title>{shape({class: "place", fill: paint})}{broken > 0 && shape({fill: `url(#broken-${broken})`})}</g>;
        })}
        {cells.map(({place, mark, fill}) => {
          const [x, y] = outlines ? outlines.labels[place.id] ?? [] : [60 * place.tile[0] + 30, 60 * place.tile[1] + 40], paint = fill === "none" ? "var(--panel)" : fill;
          return x !== undefined && <g key={place.id}>{!outlines && <text class="code" x={x} y={y - 20} style={{fill: ink(fill), stroke: paint}}>{place.id}</text>}<text class="value" x={x} y={y + 6} style={{fill: ink(fill), stroke: paint}}>{mark}</text></g>;
        })}
      </svg>
      <figcaption class="legend">{what === "dominant"
        ? <>{told.main.filter((row) => here.has(row)).map((row) => <span key={row}><span class="key" style={{background: told.colours[row]}} />{letter(row)} {short(told.groups[row], say, data)}</span>)}{others && <span><span class="key" style={{background: OTHERS}} />· {say("map_others")}</span>}<span class="note">{say("dominant_note")}</span></>
        : SHADES.map((shade, k) => <span key={shade}><span class="key" style={{background: shade}} />{k ? STEPS[what][k - 1] : 0}{k < STEPS[what].length ? `–${STEPS[what][k] - 1}` : "+"}</span>)}</figcaption>
      <details><summary>{say("tables")}</summary><table><tbody>{cells.map(({place, text}) => <tr key={place.id}><th scope="row">{place.name}</th><td>{text}</td></tr>)}</tbody></table></details>
    </figure>
  );
}

/** A splinter as papers name it: by the place of its head and the year in which it was born. */
export function short(group, say, data) {
  return group.founder ? say.name_("founders", group.id) : say(group.nth > 1 ? "people_of_again" : "people_of", {place: data.country.places[group.home].name, year: group.year, number: group.nth});
}

/** The same within a sentence. */
const called = (group, say, data) => (group.founder ? say.named(short(group, say, data)) : short(group, say, data));

/** Groups and how they descend; with `family` only those rows. */
export function Tree({told, month, say, data, choose, spared, family}) {
  const months = data.country.months, end = month;
  const kept = new Set([...(family ?? told.groups.keys())].sort((a, b) => told.groups[b].peak - told.groups[a].peak).slice(0, family ? FAMILY : LINES));
  for (const row of [...kept]) for (let up = told.groups[row].parent; up >= 0 && (!family || family.has(up)); up = told.groups[up].parent) kept.add(up);
  const order = [];
  const walk = (row) => { order.push(row); told.groups.forEach((group, child) => { if (group.parent === row && kept.has(child)) walk(child); }); };
  told.groups.forEach((group, row) => { if (!kept.has(group.parent) && kept.has(row)) walk(row); });
  const line = new Map(order.map((row, k) => [row, k])), at = (m) => new Date(months[Math.min(Math.round(m), months.length - 1)]);
  const lives = order.filter((row) => told.groups[row].born <= end).map((row) => ({row, y: line.get(row), from: at(told.groups[row].born), to: at(Math.min(end, told.groups[row].died ?? end)), peak: told.groups[row].peak, name: short(told.groups[row], say, data), colour: told.colours[row]}));
  const births = lives.filter(({row}) => told.groups[row].parent >= 0).map(({row, y, from}) => ({from, y1: line.get(told.groups[row].parent), y2: y}));
  const falls = told.falls.map((fall, k) => ({...fall, k})).filter((fall) => fall.month <= end && line.has(fall.row)).map((fall) => ({k: fall.k, when: at(fall.month), y: line.get(fall.row)}));
  const touch = (figure) => [...figure.querySelectorAll("circle")].forEach((circle, n) => { if (choose) { circle.classList.add("hit"); circle.addEventListener("click", () => choose(falls[n].k)); } });
  return (
    <Picture deps={[told, month, spared]} onFigure={touch} label={say("tree_alt", {count: told.groups.length})} make={(width, type) => { const narrow = width < 46 * type; return Plot.plot({
      width, height: 3.2 * type + (narrow ? 2.2 : 1.15) * type * order.length, marginLeft: narrow ? 2 : 0.58 * type * Math.max(12, ...lives.map(({name}) => name.length)), marginRight: type, marginTop: 2 * type, style: {fontSize: `${type}px`}, className: "plot",
      x: {type: "utc", label: null, axis: "top", domain: [at(0), at(months.length)], ticks: Math.min(8, width / (6 * type))}, y: {axis: null, domain: [-1, order.length]},
      marks: [
        Plot.ruleX(births, {x: "from", y1: "y1", y2: "y2", stroke: "var(--edge)"}),
        Plot.ruleY(lives, {x1: "from", x2: "to", y: "y", stroke: "colour", strokeWidth: (life) => 2 + Math.sqrt(life.peak) / 30}),
        Plot.text(lives, {x: narrow ? ({from, name}) => new Date(Math.min(from, at(months.length * Math.max(0, 1 - (0.6 * type * name.length) / width)))) : () => at(0), y: "y", text: "name", textAnchor: narrow ? "start" : "end", dx: narrow ? 0 : -6, dy: narrow ? -0.85 * type : 0, fill: "var(--text)", stroke: "var(--page)", strokeWidth: 3}),
        Plot.dot(falls, {x: "when", y: "y", symbol: "times", r: 4, stroke: (fall) => (fall.k === spared ? "var(--other)" : "var(--text)"), strokeWidth: (fall) => (fall.k === spared ? 4 : 1.6)}),
        Plot.dot(falls, {x: "when", y: "y", r: 10, fill: "transparent", sort: null}),
      ],
    }); }} />
  );
}

function Trees({told, twin, fall, month, choice, move, say, data, engine, plans, parameters}) {
  const shown = told.falls.map((one, k) => ({...one, k})).filter((one) => one.month <= month), choose = (k) => move({spared: choice.spared === k ? -1 : k});
  const name = (row) => short(told.groups[row], say, data), months = data.country.months, largest = [...shown].sort((a, b) => b.size - a.size).slice(0, 40).sort((a, b) => a.k - b.k);
  return (
    <>
      <p>{say("spare_what")}</p>
      <ol class="falls">{largest.map((one) => (
        <li key={one.k}><span>{say.month(new Date(months[one.month]))} · {name(one.row)}</span> <button type="button" aria-pressed={choice.spared === one.k} onClick={() => choose(one.k)}>{say("spare")}</button></li>
      ))}</ol>
      {fall && twin && <Fork told={told} twin={twin} fall={fall} say={say} data={data} />}
      {fall && <Everywhere key={choice.spared} fall={fall} choice={choice} say={say} data={data} engine={engine} plans={plans} parameters={parameters} name={called(told.groups[fall.row], say, data)} />}
      {fall && !twin && <p role="status">{say("story_wait")}</p>}
      <div class={twin ? "twins" : ""}>
        <div><h3>{fall ? say("fork_with") : say("view_tree")}</h3><Tree told={told} month={month} say={say} data={data} spared={choice.spared} choose={choose} /></div>
        {twin && <div><h3>{say("fork_without")}</h3><Tree told={twin} month={month} say={say} data={data} /></div>}
      </div>
      <details><summary>{say("tables")}</summary><div class="wide" tabIndex={0}><table>
        <thead><tr>{["group", "parent", "born", "died", "peak"].map((key) => <th scope="col" key={key}>{say(`tree_${key}`)}</th>)}</tr></thead>
        <tbody>{[...told.groups.keys()].sort((a, b) => told.groups[b].peak - told.groups[a].peak).slice(0, LINES).map((row) => { const group = told.groups[row], when = (m) => say.month(new Date(months[m]));
          return <tr key={row}><th scope="row">{name(row)}</th><td>{group.parent < 0 ? "–" : name(group.parent)}</td><td>{when(group.born)}</td><td>{group.died === null ? "–" : when(group.died)}</td><td>{number(group.peak)}</td></tr>; })}</tbody>
      </table></div></details>
    </>
  );
}

/** One leader in one world is an anecdote: the same question in every world, one dot each. */
function Everywhere({fall, choice, say, data, engine, plans, parameters, name}) {
  const [asked, ask] = useState(false), [runs, tell] = useState([]), {worlds} = data.country;
  useEffect(() => {
    let current = true;
    const now = [];
    if (asked) for (let world = 0; world < worlds; world++) {
      engine.ask({kind: "fork", plans, world, parameters, root: fall.root, week: fall.week, months: AFTER}, world).then((run) => { now[world] = run; if (current) tell([...now]); }, () => {});
    }
    return () => { current = false; engine.forget("fork"); };
  }, [asked, JSON.stringify([plans, parameters])]);
  if (!asked) return <p><button type="button" class="main" onClick={() => ask(true)}>{say("everywhere", {count: worlds})}</button></p>;
  const rows = runs.map((run, world) => run && {world: world + 1, week: run.week, row: run.row, digests: run.digests.join(" "), change: run.taken - run.spared}).filter(Boolean), done = runs.filter((run) => run !== undefined).length;
  const all = estimate(rows.map((row) => row.change)), clear = all.low > 0 || all.high < 0, mine = rows.find((row) => row.world === choice.world);
  return (
    <figure class="everywhere" data-runs={JSON.stringify(rows)}>
      <figcaption>{say("everywhere_note", {name, months: AFTER})} {rows.length > 1 && <b>{say(clear ? "everywhere_clear" : "everywhere_unclear", {mean: signed(rough(all.mean)), low: signed(rough(all.low)), high: signed(rough(all.high)), more: all.up, count: rows.length})}</b>} {done === worlds && rows.length < worlds && say("everywhere_without", {count: worlds - rows.length})}</figcaption>
      {done < worlds && <p role="status">{say("status_sketch", {done, count: worlds})}</p>}
      {rows.length > 0 && <Picture deps={[runs, choice.language]} label={say("everywhere_alt", {more: all.up, count: rows.length, mean: signed(rough(all.mean))})} make={(width, type) => Plot.plot({
        width, height: 10 * type, marginLeft: 1.6 * type, marginRight: 1.6 * type, marginBottom: 2 * type, style: {fontSize: `${type}px`}, className: "plot",
        x: {label: null, tickFormat: (x) => (x === 0 ? "0" : signed(rough(x))), ticks: Math.min(9, width / (7 * type)), domain: [Math.min(0, ...rows.map((row) => row.change)), Math.max(0, ...rows.map((row) => row.change))].map((x) => 1.1 * x)},
        marks: [
          Plot.ruleX([0], {stroke: "var(--text)", strokeWidth: 2}),
          Plot.dot(rows, Plot.dodgeY({x: "change", r: 0.42 * type, fill: (row) => (row.change > 0 ? "var(--other)" : "var(--policy)"), stroke: (row) => (row === mine ? "var(--text)" : "var(--page)"), strokeWidth: (row) => (row === mine ? 3 : 1)})),
          rows.length > 1 && Plot.tickX([all.mean], {stroke: "var(--text)", strokeWidth: 4, insetBottom: 5 * type}),
        ].filter(Boolean),
      })} />}
      <p class="soft">{say("everywhere_axis")}</p>
    </figure>
  );
}

export function Fork({told, twin, fall, say, data}) {
  const months = data.country.months, year = (series, k) => { let sum = 0; for (let m = Math.max(0, k - 11); m <= k; m++) sum += series[m]; return sum; };
  const rows = [["fork_with", told], ["fork_without", twin]].flatMap(([key, run]) => months.map((when, k) => ({when: new Date(when), name: say(key), killed: year(run.series.homicides, k)})).slice(11));
  const total = (run) => run.series.homicides.slice(fall.month).reduce((sum, x) => sum + x, 0);
  return (
    <figure>
      <figcaption>{say("fork", {with: number(total(told)), without: number(total(twin)), change: signed(rough(total(told) - total(twin)))})}</figcaption>
      <Picture deps={[told, twin]} label={say("fork_alt")} make={(width, type) => Plot.plot({
        width, height: 17 * type, marginRight: 9.2 * type, marginLeft: 4.6 * type, style: {fontSize: `${type}px`}, className: "plot", x: {type: "utc", label: null}, y: {grid: true, zero: true, label: null, tickFormat: (x) => rough(x)},
        marks: [
          Plot.ruleX([new Date(months[fall.month])], {stroke: "var(--edge)", strokeDasharray: "2 3"}),
          Plot.lineY(rows, {x: "when", y: "killed", z: "name", stroke: (row) => (row.name === say("fork_with") ? "var(--policy)" : "var(--other)"), strokeWidth: 2.2}),
          ...[told, twin].map((run, k) => run.series.homicides && rows.filter((row) => row.name === say(k ? "fork_without" : "fork_with")).at(-1)).sort((a, b) => b.killed - a.killed).map((row, k) => Plot.text([row], {
            x: "when", y: "killed", text: "name", textAnchor: "start", dx: 6, dy: k ? 3 : -3, lineAnchor: k ? "top" : "bottom", fontWeight: 600, fill: row.name === say("fork_with") ? "var(--policy)" : "var(--other)",
          })),
        ],
      })} />
    </figure>
  );
}

/** What mattered, by rules: the deadliest year, the largest groups whose leaders fell, the largest splits, when groups multiplied. */
function moments(told, say, data) {
  const {months, days} = data.country, killed = told.series.homicides, alive = told.series.groups_active, found = [], name = (row) => called(told.groups[row], say, data), place = (k) => (k >= 0 ? data.country.places[k].name : "");
  const event = (one, kind) => say.event(kind, one.cause, {cartel: name(one.cartel), other: one.other >= 0 ? name(one.other) : "", place: place(one.territory), size: number(one.size)});
  const most = (some, count) => [...some].sort((a, b) => b.size - a.size).slice(0, count);
  const starts = killed.length - YEAR, first = Array.from({length: starts + 1}, (_, m) => m).reduce((best, m) => (sum(killed, m, m + YEAR - 1) > sum(killed, best, best + YEAR - 1) ? m : best), 0);
  const worst = sum(killed, first, first + YEAR - 1), length = days.slice(first, first + YEAR).reduce((all, x) => all + x, 0);
  found.push({month: first, text: say.story("worst_year", {size: number(worst), a_day: number(worst / length)})});
  for (const one of most(told.events.filter((each) => each.kind === "removal" && !each.cause.startsWith("lieutenant")), 4)) {
    const followers = told.groups.filter((group) => group.parent === one.cartel && group.born >= one.month && group.born <= one.month + YEAR).length;
    found.push({month: one.month, text: `${event(one, "removal")} ${say.story("falls_size", {size: number(one.size)})} ${say.story("falls_short", {followers})}`});
  }
  for (const one of most(told.events.filter((each) => each.kind === "split"), 3)) found.push({month: one.month, text: event(one, "split")});
  for (const times of [2, 4, 8, 16, 32]) { const month = alive.findIndex((x) => x >= times * alive[0]); if (month > 0) found.push({month, text: say.story("growth", {places: number(alive[month]), size: times})}); }
  return found.sort((a, b) => a.month - b.month);
}

export function Events({told, twin, month, say, data}) {
  const [listed, list] = useState("few"), run = twin ?? told, {places, months} = data.country;
  const peak = (row) => (row >= 0 ? run.groups[row].peak : 0), weight = (event) => (["war", "truce", "alliance", "rupture"].includes(event.kind) ? Math.min(peak(event.cartel), peak(event.other)) / 4 : event.size || peak(event.cartel) / 10);
  const log = run.events.map((event, k) => ({...event, k, weight: weight(event)})).filter((event) => event.month <= month && event.kind !== "succession" && say.tells(event.kind));
  const shown = [...log].sort((a, b) => b.weight - a.weight || b.k - a.k).slice(0, LISTED[listed]).sort((a, b) => b.k - a.k);
  const name = (row) => (row >= 0 ? called(run.groups[row], say, data) : ""), place = (k) => (k >= 0 ? places[k].name : ""), killed = run.series.homicides;
  return (
    <>
      <h3>{say("in_short")}</h3>
      <ol class="news moments">{moments(run, say, data).filter((one) => one.month <= month).map((one) => <li key={one.text}><b>{say.month(new Date(months[one.month]))}</b> {one.text}</li>)}</ol>
      <p>{say.story("short_all", {killed: number(sum(killed, 0, month)), years: number((month + 1) / YEAR, 1)})}</p>
      <label class="row">{say("events_shown")} <select value={listed} onChange={(event) => list(event.currentTarget.value)}>{Object.keys(LISTED).map((key) => <option key={key} value={key}>{say(`events_${key}`, {count: key === "all" ? number(log.length) : LISTED[key]})}</option>)}</select></label>
      <ol class="news">{shown.map((event) => (
        <li key={event.k}><b>{say.month(new Date(months[event.month]))}</b> {say.event(event.kind, event.cause, {cartel: name(event.cartel), other: name(event.other), place: place(event.territory), size: number(event.size)})}</li>
      ))}</ol>
    </>
  );
}
