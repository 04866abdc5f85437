// The whole model in the lesson: levers, what follows, and a goal to be reached in two countries.
import * as Plot from "@observablehq/plot";
import {useEffect, useMemo, useState} from "preact/hooks";
import {Answer, Charts} from "./charts.jsx";
import {Engine, extraCost, useFound} from "./engine.js";
import {Levers} from "./levers.jsx";
import {changed} from "./policy.js";
import {mean, paired, whole} from "./stats.js";
import {Picture} from "./picture.jsx";
import {dollars, number, signed, speaker} from "./words.js";
import {lesson, say} from "./parts.jsx";

const ROUNDING = 1.005; // of a budget, so that a slider's step does not decide
let engine; // one for as long as the page is open: what was computed once is kept
export const engineOf = (model, broke = () => {}) => (engine ??= new Engine(model, broke));

/** In which worlds a mix reaches the goal: true, false, and nothing where a run is not there yet. */
export function reached(found, goal, {country: {days}, metrics}) {
  const change = (metric, world) => { const [before, after] = [found.usual, found.policy].map((runs) => whole(runs[world].series[metric], metrics[metric].kind, days)); return (100 * (after - before)) / Math.abs(before); };
  const hit = (x) => (goal.change < 0 ? x <= goal.change : x >= goal.change);
  return Array.from({length: found.usual.length}, (_, world) => (found.usual[world] && found.policy[world] ? hit(change(goal.metric, world)) && goal.still.every(({metric}) => change(metric, world) <= 0) : undefined));
}

/** What a mix did: worlds reached in both countries, and the mean change of the goal and of what must not rise, in per cent. */
export function score(found, goal, model) {
  const own = {usual: found.usual.slice(0, goal.pairs), policy: found.policy.slice(0, goal.pairs)}, hits = reached(found, goal, model);
  const moved = (metric) => { const all = paired(own, metric, model.metrics[metric].kind, model.country.days); return Number(((100 * all.middle) / all.base).toFixed(2)); };
  return {met: [hits.slice(0, goal.pairs), hits.slice(goal.pairs)].map((some) => some.filter(Boolean).length), at: [goal.metric, ...goal.still.map(({metric}) => metric)].slice(0, 2).map(moved)};
}

/** Worlds as squares, full where the goal is reached. */
function Hits({hits, count}) {
  return <span class="hits" aria-hidden="true">{Array.from({length: count}, (_, k) => <i key={k} class={hits[k] ? "full" : hits[k] === false ? "" : "open"} />)}</span>;
}

export const robustness = (met, goal) => Math.min(met[0] / goal.pairs, met[1] / goal.second);

export function goalText(goal, told) {
  const size = number(Math.abs(goal.change), goal.change % 1 ? 1 : 0), still = goal.still.length ? say("goal_still", {what: goal.still.map(({title}) => title).join(", ")}) : "";
  return say(goal.change < 0 ? "goal_less" : "goal_more", {title: goal.title, size, worlds: goal.worlds, pairs: goal.pairs, budget: dollars(goal.budget, told), still});
}

/** Where mixes stand between the two aims; with those of the search to which none is better. */
function Plane({goal, told, own}) {
  if (!goal.still.length) return null;
  const mine = own.map(({at, met}) => ({x: at[0], y: at[1], full: robustness(met, goal) >= goal.worlds / goal.pairs})), front = goal.front.map(({at, best}) => ({x: at[0], y: at[1], best})), plane = [...mine, ...front];
  const percent = (x) => `${signed(number(x, Math.abs(x) < 10 && x % 1 ? 1 : 0))} %`, still = goal.still[0].title, title = say("mixes_plane", {x: goal.title, y: still});
  const reach = (name) => { const all = plane.map((one) => one[name]), pad = 0.1 * (Math.max(0, ...all) - Math.min(0, ...all)) || 1; return [Math.min(0, ...all) - pad, Math.max(0, ...all) + pad]; };
  const spoken = (levers) => Object.entries(levers).map(([lever, [amount, day]]) => `${told.name_("levers", lever)} ${signed(number(amount, 1))} (${day.slice(0, 4)})`).join("; ");
  return (
    <figure><figcaption>{title} {front.length > 0 && say("mixes_front")}</figcaption>
      <Picture deps={[JSON.stringify(plane)]} label={`${title} ${mine.map(({x, y}) => `${percent(x)}, ${percent(y)}`).join("; ")}. ${front.length ? `${say("mixes_front")} ${front.map(({x, y}) => `${percent(x)}, ${percent(y)}`).join("; ")}` : ""}`} make={(width, type) => Plot.plot({
        width, height: Math.min(width, 26 * type), marginLeft: 4.4 * type, marginRight: 2 * type, marginBottom: 3.4 * type, marginTop: 2 * type, style: {fontSize: `${type}px`}, className: "plot",
        x: {domain: reach("x"), label: goal.title, tickFormat: percent, ticks: Math.min(6, width / (8 * type))}, y: {domain: reach("y"), label: still, tickFormat: percent, ticks: 5},
        marks: [Plot.ruleX([0]), Plot.ruleY([0]), Plot.ruleX([goal.change], {strokeDasharray: "4 4"}),
          Plot.dot(front, {x: "x", y: "y", r: 0.5 * type, symbol: "diamond", stroke: "var(--mine)", strokeWidth: 2, fill: (one) => (one.best ? "var(--mine)" : "var(--page)")}),
          Plot.dot(mine, {x: "x", y: "y", r: 0.5 * type, stroke: "var(--policy)", strokeWidth: 3, fill: (one) => (one.full ? "var(--policy)" : "var(--page)")})],
      })} />
      {front.length > 0 && <details><summary>{say("mixes_front_table")}</summary><div class="wide" tabIndex={0}><table><thead><tr><th scope="col">{goal.title}</th><th scope="col">{still}</th><th /><th scope="col">{say("mixes_what")}</th></tr></thead>
        <tbody>{goal.front.map(({at, levers, best}) => <tr key={spoken(levers)}><th scope="row">{percent(at[0])}</th><td>{percent(at[1])}</td><td>{best ? "◆" : ""}</td><td>{spoken(levers)}</td></tr>)}</tbody></table></div></details>}
    </figure>
  );
}

function Challenge({goal, found, extra, same, model, told, tried, tryIt, send}) {
  const hits = reached(found, goal, model), first = hits.slice(0, goal.pairs), done = first.filter((x) => x !== undefined).length, met = first.filter(Boolean).length;
  const dear = extra.mid > goal.budget * ROUNDING, second = hits.slice(goal.pairs), there = second.filter((x) => x !== undefined).length, over = there === goal.second;
  const {met: both} = over ? score(found, goal, model) : {met: [met, 0]};
  return (
    <section class="task" aria-labelledby="h-goal"><h3 id="h-goal">{say("goal")}</h3><p><b>{goalText(goal, told)}</b></p>
      {same ? <p>{say("goal_begin")}</p> : <>
        <p role="status">{done < goal.pairs ? say("goal_wait", {done, pairs: goal.pairs}) : say("goal_met", {met, pairs: goal.pairs})} {dear ? say("goal_dear", {cost: dollars(extra.mid, told), budget: dollars(goal.budget, told)}) : ""}</p>
        <Hits hits={first} count={goal.pairs} />
        {!tried && <p><button type="button" class="main" disabled={dear || done < goal.pairs} onClick={tryIt}>{say("goal_try")}</button></p>}
        {tried && <><p>{goal.differs}</p><p role="status">{over ? <><b>{say("goal_second", {met: both[1], pairs: goal.second})}</b> {say("goal_robust", {share: number(100 * robustness(both, goal))})}</> : say("goal_wait", {done: there, pairs: goal.second})}</p><Hits hits={second} count={goal.second} />{over && <Plane goal={goal} told={told} own={[score(found, goal, model)]} />}</>}
        {tried && over && send?.(score(found, goal, model))}
      </>}
    </section>
  );
}

/** Levers, answers, pictures; `send` makes what follows a mix that was tried in both countries. */
export function Move({model, goal, send}) {
  const [broken, setBroken] = useState(""), [tried, setTried] = useState("");
  engineOf(model, setBroken);
  const {country, policies, usual, words} = model, told = useMemo(() => speaker(Object.values(words)[0], Object.values(words)[0]), [words]);
  const [choice, choose] = useState({policy: !goal && lesson.about in policies ? lesson.about : usual, changes: {}, outcome: "homicides", language: Object.keys(words)[0]});
  const question = JSON.stringify([choice.policy, choice.changes]), usualPlans = policies[usual].plans;
  const plans = useMemo(() => changed(policies[choice.policy].plans, choice.changes, country), [question]), extra = useMemo(() => extraCost(plans, usualPlans, country), [question]);
  const same = JSON.stringify(plans) === JSON.stringify(usualPlans), found = useFound(engine, plans, usualPlans, country.worlds + (goal && tried === question ? goal.second : 0));
  const own = {usual: found.usual.slice(0, country.worlds), policy: found.policy.slice(0, country.worlds)};
  const move = (change) => choose((before) => ({...before, ...change})), props = {choice, move, say: told, data: model, same, extra}, levers = useMemo(() => <Levers {...props} />, [choice]);
  if (broken || engine.broken) return <p class="alert" role="alert">{say("move_broken", {reason: broken || engine.broken})}</p>;
  return (
    <>
      <p>{say("move_how", {pairs: country.worlds})}</p>
      {goal && <Challenge goal={goal} found={found} extra={extra} same={same} model={model} told={told} tried={tried === question} tryIt={() => setTried(question)} send={send && ((result) => send({arm: lesson.arms.findIndex((one) => one.id === choice.policy), changes: choice.changes, ...result}))} />}
      <div class="columns free">{levers}<div class="results"><Answer {...props} found={own} /><Charts {...props} found={own} /></div></div>
    </>
  );
}

const SHOWN = 8; // mixes on the board

/** Mixes that this machine has computed again, the most robust first; what somebody claimed and was not found is left out. */
function useChecked(mixes, goal, model) {
  const [known, setKnown] = useState({}), key = ({arm, changes}) => JSON.stringify([arm, changes]);
  const next = mixes.find((mix) => !(key(mix) in known));
  engineOf(model);
  useEffect(() => {
    if (!next) return undefined;
    let over = false;
    const {policies, usual, country} = model, plans = changed(policies[lesson.arms[next.arm].id]?.plans ?? policies[usual].plans, next.changes, country);
    const runs = (own) => Promise.all(Array.from({length: goal.pairs + goal.second}, (_, world) => engine.run(own, world, {}, world)));
    Promise.all([runs(policies[usual].plans), runs(plans)]).then(([before, policy]) => {
      const dear = extraCost(plans, policies[usual].plans, country).mid > goal.budget * ROUNDING;
      if (!over) setKnown((now) => ({...now, [key(next)]: dear ? null : score({usual: before, policy}, goal, model)}));
    }, () => {});
    return () => { over = true; };
  }, [next && key(next)]);
  return mixes.filter((mix) => known[key(mix)]).map((mix) => ({...mix, ...known[key(mix)]})).sort((a, b) => robustness(b.met, goal) - robustness(a.met, goal) || b.met[0] - a.met[0]);
}

/** The class's mixes: a rank of robustness, and where they stand between the two aims. */
export function Mixes({mixes, goal, model}) {
  const told = useMemo(() => speaker(Object.values(model.words)[0], Object.values(model.words)[0]), [model]), ranked = useChecked(mixes, goal, model);
  const spoken = ({changes, arm}) => [...(lesson.arms[arm].id === model.usual ? [] : [lesson.arms[arm].title]), ...Object.entries(changes).map(([lever, {by}]) => `${told.name_("levers", lever)} ${signed(number(by, Math.abs(by) < 10 ? 1 : 0))}`)].join("; ");
  return (
    <section class="task" aria-labelledby="h-mixes"><h2 id="h-mixes">{say("mixes")}</h2><p>{goalText(goal, told)} {goal.differs}</p>
      <p role="status">{say("mixes_count", {count: mixes.length, checked: ranked.length})}</p>
      {ranked.length > 0 && <div class="wide" tabIndex={0}><table><thead><tr><th scope="col">{say("mixes_robust")}</th><th scope="col">{say("mixes_here")}</th><th scope="col">{say("mixes_there")}</th><th scope="col">{say("mixes_what")}</th><th scope="col">{say("mixes_why")}</th></tr></thead>
        <tbody>{ranked.slice(0, SHOWN).map((mix, k) => <tr key={k}><th scope="row">{number(100 * robustness(mix.met, goal))} %</th><td>{mix.met[0]}/{goal.pairs}</td><td>{mix.met[1]}/{goal.second}</td><td>{spoken(mix)}</td><td>{lesson.reasons[mix.reason]}</td></tr>)}</tbody></table></div>}
      {ranked.length > 0 && <Plane goal={goal} told={told} own={ranked} />}
    </section>
  );
}
