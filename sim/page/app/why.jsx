// Why a policy changes an outcome: every response of the model switched off in both arms, in the same worlds.
import * as Plot from "@observablehq/plot";
import {useEffect, useState} from "preact/hooks";
import {Picture, gutter} from "./picture.jsx";
import {decompose, total} from "./stats.js";
import {amount, number, signed} from "./words.js";

const SHOWN = 8; // parts drawn, the smaller ones are in the table only

export function Why({found, choice, say, data, engine, plans, parameters, same}) {
  const {channels, country, usual, policies} = data, names = Object.keys(channels), metric = choice.outcome, base = policies[usual].plans;
  const question = JSON.stringify([plans, parameters]), [alone, askAlone] = useState(false), [{of, runs: told}, tell] = useState({of: question, runs: {}}), runs = of === question ? told : {};
  const labels = {...Object.fromEntries(names.map((name) => [`without ${name}`, [name]])), bare: names, ...(alone ? Object.fromEntries(names.map((name) => [`only ${name}`, names.filter((one) => one !== name)])) : {})};
  const asked = Object.keys(labels), having = (some) => [...found.policy.keys()].filter((world) => found.usual[world] && found.policy[world] && some.every((label) => label in (runs[world] ?? {})));
  useEffect(() => {
    let current = true;
    const now = {...runs};
    if (!same) for (let world = 0; world < country.worlds; world++) {
      const each = Object.entries(labels).map(([label, off]) => {
        const values = Object.assign({}, parameters, ...off.map((name) => channels[name]));
        return Promise.all([base, plans].map((one) => engine.ask({kind: "sums", plans: one, world, parameters: values}, 1000 + world))).then((pair) => [label, pair]);
      });
      Promise.all(each).then((pairs) => { now[world] = Object.fromEntries(pairs); if (current) tell({of: question, runs: {...now}}); }, () => {});
    }
    return () => { current = false; engine.forget("sums"); };
  }, [question, alone]);
  if (same) return <p>{say("why_first")}</p>;
  const shown = having(asked.filter((label) => !label.startsWith("only"))), all = shown.length === country.worlds, done = having(asked).length, over = done === country.worlds;
  const status = <><p class="soft" role="status">{say(over ? "why_done" : "why_wait", {done, count: country.worlds, runs: 2 * (asked.length + 1)})}</p>{!over && <progress aria-label={say("view_why")} max={country.worlds} value={done} />}</>;
  if (!shown.length) return status;
  const gap = (pair) => pair[1][metric] - pair[0][metric], sum = (run) => total(run.series[metric], data.metrics[metric].kind, country.days);
  const gaps = Object.fromEntries(asked.filter((label) => shown.every((world) => label in runs[world])).map((label) => [label, shown.map((world) => gap(runs[world][label]))]));
  const split = decompose({all: shown.map((world) => sum(found.policy[world]) - sum(found.usual[world])), ...gaps}, names);
  const title = (name) => (name in channels ? say.name_("channels", name) : say(`why_${name}`)), unit = say.unit("metrics", metric);
  const rows = [...split.parts.map((part) => ({title: title(part.name), ...part.contribution, part})), {title: say("difference"), ...split.difference}];
  const drawn = [...rows.slice(0, SHOWN), ...rows.slice(-3)], money = unit === "US$", said = (x) => signed(amount(x, unit, say)), tell_ = (one) => said(one.mean);
  const strong = split.parts.slice(0, -2).filter(({contribution}) => contribution.low > 0 || contribution.high < 0), named = (sign) => strong.filter(({contribution}) => Math.sign(contribution.mean) === sign).slice(0, 3);
  const list = (parts) => parts.map((part) => say("why_part", {title: title(part.name), gap: tell_(part.contribution), without: tell_(part.without)})).join("; ");
  return (
    <>
      {all && <p><b>{say.name_("metrics", metric)}</b>: {say("why_total", {gap: tell_(split.difference), unit: money ? "" : unit})} {[[1, "why_raises"], [-1, "why_lowers"]].map(([sign, key]) => named(sign).length > 0 && `${say(key, {list: list(named(sign))})} `)}
        {strong.length === 0 && say("why_none", {count: shown.length})} {Math.abs(rows.at(-2).mean) > 0.5 * Math.abs(split.difference.mean) && say("why_lean", {gap: tell_(rows.at(-2))})}</p>}
      {status}
      <figure>
        <figcaption>{say("why_note", {unit})}{!all && ` · ${say("status_some", {done: shown.length, count: country.worlds})}`}</figcaption>
        <Picture deps={[runs, metric, choice.language]} label={`${say("view_why")}: ${drawn.map((row) => `${row.title} ${tell_(row)}`).join("; ")}`} make={(width, type) => {
          const narrow = width < 38 * type;
          return Plot.plot({
            width, height: 3 * type + (narrow ? 3.6 : 2.5) * type * drawn.length, marginLeft: narrow ? 8 : 17 * type, marginRight: gutter(type, drawn.map((row) => row.mean), said), marginBottom: 2.2 * type, style: {fontSize: `${type}px`}, className: "plot",
            x: {label: null, inset: 0.6 * type, ticks: Math.min(6, width / ((money ? 14 : 7) * type)), tickFormat: said, grid: true}, y: {domain: drawn.map((row) => row.title), axis: null, padding: narrow ? 0.55 : 0.35},
            marks: [
              Plot.barX(drawn, {x1: 0, x2: "mean", y: "title", fill: (row) => (row.mean > 0 ? "var(--other)" : "var(--policy)"), fillOpacity: (row) => (row.part ? 0.75 : 1)}),
              Plot.ruleX([0], {stroke: "var(--text)"}),
              shown.length > 1 && Plot.ruleY(drawn, {x1: "low", x2: "high", y: "title", stroke: "var(--text)", strokeWidth: 1.6}),
              Plot.text(drawn, {x: (row) => Math.max(0, row.mean, shown.length > 1 ? row.high : 0), y: "title", text: (row) => tell_(row), textAnchor: "start", dx: 5, fill: "var(--text)"}),
              Plot.text(drawn, {frameAnchor: "left", y: "title", text: "title", textAnchor: narrow ? "start" : "end", dx: narrow ? 0 : -6, dy: narrow ? -1.45 * type : 0, fill: "var(--text)", fontWeight: (row) => (row.part ? 400 : 700)}),
            ].filter(Boolean),
          });
        }} />
      </figure>
      <details onToggle={(event) => event.currentTarget.open && askAlone(true)}><summary>{say("tables")}</summary><div class="wide" tabIndex={0}><table class="why">
        <thead><tr><th scope="col" />{["contribution", "interval", "up", "without", "alone"].map((key) => <th scope="col" key={key}>{say(`why_${key}`)}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={row.title} data-mean={row.mean} data-low={row.low} data-high={row.high} data-part={row.part?.name ?? "total"}><th scope="row">{row.title}</th><td>{number(row.mean, 1)}</td>
          <td>{say("range", {low: number(row.low, 1), high: number(row.high, 1)})}</td><td>{row.up}/{shown.length}</td><td>{row.part?.without ? number(row.part.without.mean, 1) : "–"}</td><td>{row.part?.alone ? number(row.part.alone.mean, 1) : "–"}</td></tr>)}</tbody>
      </table></div></details>
      <p class="soft">{say("why_reading")}</p>
    </>
  );
}
