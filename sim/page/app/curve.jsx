// A curve by year: drawn by a pupil, then crossed by the model's worlds.
import * as Plot from "@observablehq/plot";
import {useEffect, useRef, useState} from "preact/hooks";
import {Picture} from "./picture.jsx";
import {number, rough} from "./words.js";
import {mean, quantile} from "./stats.js";

export const NEAR = 0.15; // a world runs along a line that stays within this share of it on average
const STEP = 250; // people, by which a line moves
const PACE = 260; // milliseconds from one world to the next

/** In how many worlds the line stays near, and in how many it ends below. */
export function along(line, paths, known) {
  const near = paths.filter((path) => { const drawn = path.slice(known); return mean(drawn.map((x, k) => Math.abs(x - line[k]))) <= NEAR * mean(drawn); });
  return {near: near.length, above: paths.filter((path) => path.at(-1) > line.at(-1)).length, count: paths.length};
}

/** Counts up to `count`, one at a time; at once for those who want no motion. */
export function useOneByOne(count, go) {
  const [shown, show] = useState(0);
  useEffect(() => {
    if (!go) { show(0); return undefined; }
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) { show(count); return undefined; }
    const timer = setInterval(() => show((n) => { if (n >= count) clearInterval(timer); return Math.min(n + 1, count); }), PACE);
    return () => clearInterval(timer);
  }, [count, go]);
  return go ? shown : 0;
}

/** The frame that drawing and revealing share, so that nothing jumps. */
function plot({lesson, say, line, lines, worlds, shown, usual}, width, type) {
  const {years, known, top} = lesson, first = known.length, at = years[first - 1], phone = width < 480;
  const rows = (values, from = first) => values.map((value, k) => ({year: years[from + k], value}));
  const from = (own) => [{year: at, value: known.at(-1)}, ...rows(own)];
  const seen = (worlds ?? []).slice(0, shown);
  const high = Math.max(top, ...seen.flat(), ...(usual ?? []).flat());
  const middle = usual && years.map((year, k) => ({year, value: quantile(usual.map((path) => path[k]), 0.5)}));
  const last = (some, text, dy) => Plot.text([some.at(-1)], {x: "year", y: "value", text: () => text, textAnchor: "start", dx: 7, dy, lineWidth: 7, fontWeight: 650});
  const right = phone ? 12 : 8.6 * type;
  return Plot.plot({
    width, height: Math.max(phone ? 300 : 260, Math.min(width * 0.46, innerHeight * 0.62)), marginLeft: 4.4 * type, marginRight: right, marginBottom: 2.2 * type, marginTop: 1.4 * type,
    style: {fontSize: `${type}px`}, className: "plot",
    x: {domain: [years[0], years.at(-1)], tickFormat: (x) => (phone ? `’${String(x).slice(2)}` : String(x)), ticks: years.filter((_, k) => k % (width / type < 42 ? 2 : 1) === 0), label: null, insetLeft: 1.2 * type},
    y: {domain: [0, high], clamp: true, grid: true, label: null, ticks: 6, tickFormat: (x) => number(x)},
    marks: [
      Plot.ruleX([at + 0.5], {stroke: "var(--edge)", strokeDasharray: "3 4"}),
      ...seen.map((path, k) => Plot.lineY(rows(path, 0).slice(first - 1), {x: "year", y: "value", stroke: "var(--policy)", strokeWidth: k === shown - 1 && shown < worlds.length ? 0.2 * type : 0.085 * type, strokeOpacity: k === shown - 1 && shown < worlds.length ? 1 : 0.6})),
      ...(lines ?? []).map((own) => Plot.lineY(from(own.line), {x: "year", y: "value", stroke: "var(--mine)", strokeWidth: 0.11 * type, strokeOpacity: worlds ? 0.8 : 0.6})),
      middle && Plot.lineY(middle, {x: "year", y: "value", stroke: "var(--usual)", strokeWidth: 2.6, strokeDasharray: "7 4"}),
      Plot.lineY(rows(known, 0), {x: "year", y: "value", stroke: "var(--usual)", strokeWidth: 3}),
      Plot.dot(rows(known, 0), {x: "year", y: "value", fill: "var(--usual)", r: 4}),
      line.some((x) => x !== null) && Plot.lineY(from(line).filter((row) => row.value !== null), {x: "year", y: "value", stroke: "var(--page)", strokeWidth: 7}),
      line.some((x) => x !== null) && Plot.lineY(from(line).filter((row) => row.value !== null), {x: "year", y: "value", stroke: "var(--mine)", strokeWidth: 4}),
      Plot.dot(rows(line).filter((row) => row.value !== null), {x: "year", y: "value", fill: "var(--mine)", stroke: "var(--page)", r: 5}),
      !phone && middle && last(middle, say("usual"), 0),
      !phone && !middle && line.at(-1) !== null && last(rows(line), say("mine"), 0),
      Plot.text([{year: at + 0.5, value: high}], {x: "year", y: "value", text: () => say("from_here"), textAnchor: "start", dx: 5, dy: 2, lineAnchor: "top", fill: "var(--soft)"}),
    ].filter(Boolean),
  });
}

/** Drag it, or move it by one slider a year. */
export function Draw({lesson, say, line, setLine, fixed}) {
  const figure = useRef(), held = useRef(null), {years, known, top} = lesson, first = known.length;
  const snap = (value) => Math.min(top, Math.max(0, Math.round(value / STEP) * STEP));
  const start = (event) => { if (fixed) return; event.currentTarget.setPointerCapture(event.pointerId); held.current = null; drag(event); };
  const drag = (event) => {
    if (fixed || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = figure.current.getBoundingClientRect(), scale = figure.current.viewBox.baseVal.width / box.width;
    const x = figure.current.scale("x").invert((event.clientX - box.left) * scale), value = snap(figure.current.scale("y").invert((event.clientY - box.top) * scale));
    const k = Math.round(x) - years[first];
    if (k < 0) { held.current = null; return; }
    const end = Math.min(k, years.length - first - 1), [from, was] = held.current ?? [end, value];
    held.current = [end, value];
    setLine((before) => before.map((own, n) => {
      if (n < Math.min(from, end) || n > Math.max(from, end)) return own;
      return snap(from === end ? value : was + ((value - was) * (n - from)) / (end - from));
    }));
  };
  const slide = (k, value) => setLine((before) => {
    const reached = before.findLastIndex((x) => x !== null), previous = before[reached] ?? known.at(-1);
    return before.map((own, n) => (n === k ? value : n > reached && n < k ? snap(previous + ((value - previous) * (n - reached)) / (k - reached)) : own));
  });
  const told = line.every((x) => x !== null) ? say("line_alt", {first: years[first], a: number(line[0]), last: years.at(-1), b: number(line.at(-1))}) : say("undrawn");
  return (
    <div class="draw">
      <Picture deps={[line, fixed, lesson]} make={(width, type) => plot({lesson, say, line}, width, type)} label={`${say("draw_alt", {year: years[first - 1], value: number(known.at(-1))})} ${told}`}
        onFigure={(made) => { figure.current = made; }} style={{touchAction: fixed ? "auto" : "none", cursor: fixed ? "default" : "crosshair"}} data-draw="" onPointerDown={start} onPointerMove={drag} />
      {!fixed && (
        <details class="sliders"><summary>{say("sliders")}</summary>
          <div class="knots">{line.map((value, k) => (
            <label key={years[first + k]}><span>{years[first + k]}</span>
              <input type="range" min={0} max={top} step={STEP} value={value ?? line.findLast((x, n) => n < k && x !== null) ?? known.at(-1)} aria-valuetext={value === null ? say("undrawn") : say("people", {number: number(value)})}
                onInput={(event) => slide(k, Number(event.currentTarget.value))} onClick={(event) => slide(k, Number(event.currentTarget.value))} />
              <output>{value === null ? "–" : number(value)}</output>
            </label>
          ))}</div>
        </details>
      )}
    </div>
  );
}

/** Worlds through a line, or through a class's lines, one by one. */
export function Reveal({lesson, say, line, lines, answers, arm, go}) {
  const answer = answers?.arms[lesson.arms[arm].id], policy = answer?.policy, usual = answer && answers.arms[answer.usual].policy, count = policy?.length ?? 0, shown = useOneByOne(count, go && count > 0), over = count > 0 && shown === count;
  const found = line && count ? along(line, policy.slice(0, shown), lesson.known.length) : null;
  const label = !count ? say("class_alt", {count: lines?.length ?? 0})
    : say("reveal_alt", {count, a: rough(quantile(policy.map((path) => path.at(-1)), 0.5)), b: rough(quantile(usual.map((path) => path.at(-1)), 0.5)), last: lesson.years.at(-1)});
  const blank = lesson.years.slice(lesson.known.length).map(() => null);
  return (
    <figure class="reveal">
      <figcaption class="legend">
        {line && <span><i class="swatch mine" />{say("mine")}</span>}{lines?.length > 0 && <span><i class="swatch mine thin" />{say("class_lines", {count: lines.length})}</span>}
        {count > 0 && <span><i class="swatch policy" />{say("world_lines", {shown, count})}</span>}{over && <span><i class="swatch usual" />{say("usual_middle")}</span>}
      </figcaption>
      <Picture deps={[line, lines, shown, over, lesson]} label={label} make={(width, type) => plot({lesson, say, line: line ?? blank, lines, worlds: policy, shown, usual: over ? usual : null}, width, type)} />
      {line && <p class="verdict" role="status">{found && (over ? <><b>{say("inside", found)}</b> {say("inside_how", {near: Math.round(100 * NEAR), above: found.above, count: found.count, last: lesson.years.at(-1)})}</> : say("inside_so_far", {near: found.near, shown}))}</p>}
    </figure>
  );
}
