// What changed, in a sentence and in three pictures: the years, the difference, one dot for every pair of worlds.
import * as Plot from "@observablehq/plot";
import {Picture, gutter, pile, tones} from "./picture.jsx";
import {amount, number, rough, signed} from "./words.js";
import {OUTCOMES} from "./link.js";
import {WIDE, mean, paired, quantile, yearly} from "./stats.js";

function sentence(metric, found, say, data) {
  const title = say.name_("metrics", metric), all = paired(found, metric, data.metrics[metric].kind, data.country.days);
  if (!all) return null;
  const {middle, low, high, base, more, n} = all, years = data.country.days.reduce((sum, x) => sum + x, 0) / 365.2425;
  const percent = (x) => (base ? signed(`${number((100 * x) / base, 1)} %`) : "");
  if (all.change.every((x) => x === 0)) return {title, text: say("exactly", {count: n}), percent: "0"};
  const bound = Math.max(Math.abs(low), Math.abs(high));
  const flow = data.metrics[metric].kind === "flow";
  const moved = signed(amount(flow ? middle * years : middle, say.unit("metrics", metric), say));
  if (low <= 0 && high >= 0 && n > 2 && base) {
    return {title, percent: percent(middle), text: say((100 * bound) / base > WIDE ? "null_wide" : "null", {bound: number((100 * bound) / base, 1), low: percent(low), high: percent(high), more, count: n})};
  }
  const key = flow ? "moves_flow" : "moves_stock";
  return {title, percent: percent(middle), text: say(key, {amount: moved, percent: percent(middle), low: percent(low), high: percent(high), more, count: n})};
}

export function Answer({found, choice, move, say, data, same}) {
  const done = found.policy.filter(Boolean).length, usual = found.usual.filter(Boolean).length, all = data.country.worlds;
  const state = same ? (usual < all ? say("status_wait", {done: usual, count: all}) : say("status_usual"))
    : done < all ? say("status_sketch", {done, count: all}) : say("status_done", {count: all});
  const shown = same ? [] : [...new Set([choice.outcome, ...OUTCOMES])].map((metric) => [metric, sentence(metric, found, say, data)]).filter(([, text]) => text);
  return (
    <div class="answer" aria-live="polite">
      {shown.length > 0 && <p class="first"><b>{shown[0][1].title}</b>: {shown[0][1].text}</p>}
      {shown.length > 1 && <ul class="strip">{shown.map(([metric, {title, percent}]) => <li key={metric}><button type="button" aria-pressed={metric === choice.outcome} onClick={() => move({outcome: metric})}>{title} <b>{percent}</b></button></li>)}</ul>}
      <p class="status soft" role="status">{state}</p>
    </div>
  );
}

/** Names at the ends of lines: the higher above its line's end, the lower below. */
function ends(rows, say) {
  const order = [...rows].sort((a, b) => b.middle - a.middle);
  return order.map((row, k) => Plot.text([row], {
    x: "year", y: "middle", text: "name", textAnchor: "start", dx: 8, dy: order.length < 2 ? 0 : k ? 3 : -3, lineWidth: 8, fontWeight: 600, lineAnchor: order.length < 2 ? "middle" : k ? "top" : "bottom",
    fill: row.name === say("usual") ? "var(--usual)" : "var(--policy)",
  }));
}

export function Charts({found, choice, move, say, data, same}) {
  const metric = choice.outcome, {kind} = data.metrics[metric], {years} = data.country;
  const title = say.name_("metrics", metric), unit = say.unit("metrics", metric);
  const arm = (runs) => runs.filter(Boolean).map((run) => yearly(run.series[metric], kind, years));
  const band = (runs, name) => (runs.length ? years.map(({year}, k) => {
    const values = runs.map((run) => run[k]);
    return {year, name, low: quantile(values, 0.05), middle: quantile(values, 0.5), high: quantile(values, 0.95)};
  }) : []);
  const pairs = found.policy.map((run, world) => run && found.usual[world] && [found.usual[world], run]).filter(Boolean);
  const usual = band(arm(found.usual), say("usual")), policy = same ? [] : band(arm(found.policy), say("policy"));
  const difference = pairs.map((pair) => pair.map((run) => yearly(run.series[metric], kind, years))).map(([a, b]) => a.map((x, k) => b[k] - x));
  const change = difference.length && !same ? band(difference, say("difference")) : [];
  const whole = same ? null : paired(found, metric, kind, data.country.days);
  const dots = whole && whole.base ? whole.change.map((x) => (100 * x) / whole.base) : [];
  const reach = [Math.min(0, ...dots), Math.max(0, ...dots)].map((x) => 1.08 * x);
  const deps = [found, metric, choice.language];
  const last = (rows) => rows.slice(-1);
  const said = (x) => amount(x, unit, say), more = (x) => signed(said(x)), within = (rows) => rows.flatMap((row) => [row.low, row.high]);
  return (
    <>
      <div class="row"><label class="row">{say("outcome")}
        <select value={metric} onChange={(event) => move({outcome: event.currentTarget.value})}>
          {Object.keys(data.metrics).map((name) => <option key={name} value={name}>{say.name_("metrics", name)}</option>)}
        </select>
      </label> <button type="button" disabled={!usual.length} onClick={() => tones(...[usual, policy].filter((rows) => rows.length).map((rows) => rows.map((row) => row.middle)))}>{say("listen")}</button></div>
      <p class="soft">{say(policy.length ? "listen_both" : "listen_one")}</p>
      <div class="figures">
      <figure>
        <figcaption><b>{title}</b>, {say(kind === "flow" ? "per_year" : "mean_of_year", {unit})} · {say("legend_band", {count: found.usual.filter(Boolean).length})}</figcaption>
        <Picture deps={deps} label={say("chart_alt", {title, first: years[0].year, last: years.at(-1).year, a: usual.length ? said(usual[0].middle) : "", b: usual.length ? said(usual.at(-1).middle) : "", c: policy.length ? said(policy.at(-1).middle) : "–"})} make={(width, type) => Plot.plot({
          width, height: Math.max(220, width * 0.42), marginRight: 8.5 * type, marginLeft: gutter(type, within([...usual, ...policy]), said), marginBottom: 2.2 * type, style: {fontSize: `${type}px`}, className: "plot",
          x: {tickFormat: "d", label: null, ticks: Math.min(15, width / (4.2 * type) - 3)}, y: {grid: true, zero: true, label: null, ticks: 6, tickFormat: said},
          marks: [
            Plot.areaY(usual, {x: "year", y1: "low", y2: "high", fill: "var(--usual)", fillOpacity: 0.18}),
            Plot.areaY(policy, {x: "year", y1: "low", y2: "high", fill: "var(--policy)", fillOpacity: 0.18}),
            Plot.lineY(usual, {x: "year", y: "middle", stroke: "var(--usual)", strokeWidth: 2.2, strokeDasharray: "6 3"}),
            Plot.lineY(policy, {x: "year", y: "middle", stroke: "var(--policy)", strokeWidth: 2.6}),
            ...ends([...last(usual), ...last(policy)], say),
          ],
        })} />
      </figure>
      {change.length > 0 && (
        <figure>
          <figcaption><b>{say("difference")}</b>: {say("difference_note", {unit})}</figcaption>
          <Picture deps={deps} label={say("difference_alt", {title, last: years.at(-1).year, x: more(change.at(-1).middle)})} make={(width, type) => Plot.plot({
            width, height: Math.max(150, width * 0.26), marginRight: 8.5 * type, marginLeft: gutter(type, within(change), more), marginBottom: 2.2 * type, style: {fontSize: `${type}px`}, className: "plot",
            x: {tickFormat: "d", label: null, ticks: Math.min(15, width / (4.2 * type) - 3)}, y: {grid: true, label: null, ticks: 5, tickFormat: more},
            marks: [
              Plot.areaY(change, {x: "year", y1: "low", y2: "high", fill: "var(--policy)", fillOpacity: 0.2}),
              Plot.ruleY([0], {stroke: "var(--text)"}),
              Plot.lineY(change, {x: "year", y: "middle", stroke: "var(--policy)", strokeWidth: 2.6}),
            ],
          })} />
        </figure>
      )}
      {dots.length > 1 && (
        <figure>
          <figcaption><b>{say("dots")}</b>: {say("dots_note", {title})}</figcaption>
          <Picture deps={deps} label={say("dots_alt", {more: whole.more, count: whole.n, x: signed(number(mean(dots), 1))})} make={(width, type) => Plot.plot({
            width, height: Math.max(8.5 * type, 3.5 * type + pile(dots, reach, width - 4.8 * type, Math.max(5, 0.36 * type))), marginRight: 2.4 * type, marginLeft: 2.4 * type, marginBottom: 2.2 * type, style: {fontSize: `${type}px`}, className: "plot",
            x: {label: null, tickFormat: (x) => `${signed(number(x, Math.abs(x) % 1 ? 1 : 0))} %`, nice: true, ticks: Math.min(9, width / (5.5 * type)), domain: reach},
            marks: [
              Plot.ruleX([0], {stroke: "var(--text)"}),
              Plot.dot(dots, Plot.dodgeY({x: (x) => x, r: Math.max(5, 0.36 * type), fill: (x) => (x > 0 ? "var(--other)" : "var(--policy)"), stroke: "var(--page)"})),
              Plot.tickX([mean(dots)], {stroke: "var(--text)", strokeWidth: 3, insetTop: 4.6 * type}),
            ],
          })} />
        </figure>
      )}
      </div>
      <Numbers title={title} unit={unit} usual={usual} policy={policy} change={change} say={say} metric={metric} />
    </>
  );
}

function Numbers({title, unit, usual, policy, change, say, metric}) {
  const rows = usual.map((row, k) => [row.year, row.low, row.middle, row.high, ...(policy[k] ? [policy[k].low, policy[k].middle, policy[k].high] : []), ...(change[k] ? [change[k].middle] : [])]);
  const heads = [say("year"), ...["low", "middle", "high"].map((end) => `${say("usual")} ${say(`column_${end}`)}`), ...(policy.length ? ["low", "middle", "high"].map((end) => `${say("policy")} ${say(`column_${end}`)}`) : []), ...(change.length ? [say("difference")] : [])];
  const file = () => URL.createObjectURL(new Blob([[heads, ...rows].map((row) => row.join(",")).join("\n")], {type: "text/csv"}));
  const drawing = (k) => {
    const figure = document.querySelectorAll(".results svg.plot")[k]?.cloneNode(true), style = getComputedStyle(document.documentElement);
    figure?.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const text = (figure?.outerHTML ?? "<svg xmlns='http://www.w3.org/2000/svg'/>").replace(/var\((--[\w-]+)\)/g, (all, name) => style.getPropertyValue(name) || all);
    return URL.createObjectURL(new Blob([text], {type: "image/svg+xml"}));
  };
  return (
    <details><summary>{say("tables")}</summary>
      <p class="row"><a href="#" download={`${metric}.csv`} onClick={(event) => { event.currentTarget.href = file(); }}>CSV</a> {say("save_figures")} {["years", "difference", "dots"].map((name, k) => <a key={name} href="#" download={`${metric}-${name}.svg`} onClick={(event) => { event.currentTarget.href = drawing(k); }}>{k + 1}</a>)}</p>
      <div class="wide" tabIndex={0}><table><caption>{title}, {unit}</caption>
        <thead><tr>{heads.map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={row[0]}>{row.map((x, k) => (k ? <td key={k}>{rough(x)}</td> : <th scope="row" key={k}>{x}</th>))}</tr>)}</tbody>
      </table></div>
    </details>
  );
}
