// The page that simulates: what a visitor chose, what the workers found, and the views of it.
import {render} from "preact";
import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {changed, Difference, scenarioFile} from "./policy.js";
import {Engine, extraCost, useFound} from "./engine.js";
import {fromHash, toHash} from "./link.js";
import {Levers} from "./levers.jsx";
import {Answer, Charts} from "./charts.jsx";
import {Judged, Mission, Predict} from "./predict.jsx";
import {Story} from "./story.jsx";
import {Why} from "./why.jsx";
import {speaker, told as data} from "./words.js";

const {country, policies, words} = data;
const VIEWS = {charts: Charts, why: Why, map: Story, tree: Story, events: Story}, LOOKS = ["auto", "light", "dark"];
const BURST = 700; // ms within which changes are one step for Back

function App() {
  const [{choice, problems}, open] = useState(() => fromHash(location.hash, data)), choose = (make) => open((before) => ({...before, choice: make(before.choice)}));
  const engine = useMemo(() => new Engine(data, (reason) => setBroken(reason)), []);
  const [broken, setBroken] = useState(engine.broken);
  const [fixed, fix] = useState(null), step = useRef({at: 0});
  const say = useMemo(() => speaker(words[choice.language], words.en), [choice.language]);
  const question = JSON.stringify([choice.policy, choice.changes, choice.scale, choice.assumptions]);
  const usualPlans = policies[data.usual].plans, parameters = choice.assumptions;
  const unscaled = useMemo(() => changed(policies[choice.policy].plans, choice.changes, country), [question]);
  const plans = useMemo(() => new Difference(usualPlans, unscaled, country).scaled(choice.scale), [question]);
  const same = JSON.stringify(plans) === JSON.stringify(usualPlans);
  const sealed = choice.predict && !same && fixed?.question !== question;

  useEffect(() => {
    const hash = toHash(choice, data), now = {question, view: choice.view, outcome: choice.outcome, world: choice.world, spared: choice.spared}, last = step.current;
    const key = JSON.stringify(now), first = !last.key, again = first || last.key === key || Date.now() - last.at < BURST;
    step.current = {key, at: last.key === key && !first ? last.at : Date.now()};
    if (hash !== location.hash || first) history[again ? "replaceState" : "pushState"](null, "", hash || location.pathname + location.search);
  }, [choice]);
  useEffect(() => {
    const back = () => { step.current = {at: 0}; open(fromHash(location.hash, data)); };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  useEffect(() => { document.documentElement.lang = choice.language; document.title = say("page_title"); }, [choice.language]);
  useEffect(() => { document.documentElement.dataset.look = choice.look; }, [choice.look]);
  const found = useFound(engine, plans, usualPlans, country.worlds, parameters);
  const move = (change) => choose((before) => ({...before, ...change}));
  const extra = useMemo(() => ({...extraCost(plans, usualPlans, country), unscaled, same}), [question]);
  const levers = useMemo(() => <Levers choice={choice} move={move} say={say} data={data} extra={extra} />, [choice]), View = VIEWS[choice.view]; // not again for every world that comes in
  if (broken) return <main class="broken"><h1>{say("page_title")}</h1><p role="alert">{say("broken", {reason: broken})}</p><Kept say={say} /></main>;
  return (
    <div class="page">
      <a class="skip" href="#results" onClick={(event) => { event.preventDefault(); document.getElementById("results").focus(); }}>{say("skip")}</a>
      <header class="top">
        <div><h1>{say("page_title")}</h1><p class="soft tagline">{say("tagline")}</p></div>
        <nav class="row" aria-label={say("head")}>
          <button type="button" lang={choice.language === "en" ? "es" : "en"} onClick={() => move({language: choice.language === "en" ? "es" : "en"})}>{say("other_language")}</button>
          <Share say={say} />
          <details class="menu"><summary>{say("more")}</summary><div>
            <label class="row">{say("look")} <select value={choice.look} onChange={(event) => move({look: event.currentTarget.value})}>{LOOKS.map((look) => <option key={look} value={look}>{say(`look_${look}`)}</option>)}</select></label>
            <label class="row"><input type="checkbox" checked={choice.predict} onChange={(event) => move({predict: event.currentTarget.checked})} /> {say("predict")}</label>
            <SaveScenario choice={choice} plans={plans} say={say} />
          </div></details>
        </nav>
      </header>
      {problems.length > 0 && <p class="alert" role="alert">{say("link_problems", {names: problems.join(", ")})}</p>}
      <main class="columns">
        {levers}
        <section class="results" id="results" tabIndex={-1} aria-label={say("results")}>
          {sealed ? <div class="answer"><p>{say("predict_locked")}</p></div> : <Answer found={found} choice={choice} move={move} say={say} data={data} same={same} />}
          <Mission found={sealed ? {usual: [], policy: []} : found} extra={extra} same={same || sealed} say={say} data={data} />
          {sealed ? <Predict say={say} choice={choice} commit={(guess) => fix({...guess, question})} /> : (
            <>
              {choice.predict && fixed?.question === question && <Judged fixed={fixed} found={found} say={say} data={data} />}
              <div class="row tabs" role="group" aria-label={say("views")}>
                {Object.keys(VIEWS).map((view) => <button type="button" key={view} aria-pressed={choice.view === view} onClick={() => move({view})}>{say(`view_${view}`)}</button>)}
              </div>
              <View found={found} choice={choice} move={move} say={say} data={data} engine={engine} plans={plans} parameters={parameters} same={same} />
            </>
          )}
          <p class="soft fine-print">{say("made_of", {version: data.version, kernel: data.kernel})}</p>
          {!sealed && <Digests found={found} say={say} />}
        </section>
      </main>
    </div>
  );
}

/** A scenario file that `cartelitos run` takes. */
function SaveScenario({choice, plans, say}) {
  const moved = Object.entries(choice.changes).map(([lever, {by, since}]) => `${say.name_("levers", lever)} ${by > 0 ? "+" : ""}${Number(by.toPrecision(4))} (${since})`);
  const title = [say.name_("policies", choice.policy), ...moved, ...(choice.scale === 1 ? [] : [`× ${choice.scale}`])].join(", ");
  const file = () => URL.createObjectURL(new Blob([scenarioFile(choice.policy, policies[choice.policy].plans, plans, choice.assumptions, title, toHash(choice, data))], {type: "application/toml"}));
  return <a href="#" download="mine.toml" onClick={(event) => { event.currentTarget.href = file(); }}>{say("save_scenario")}</a>;
}

/** What was computed when the page was made, for a browser that cannot simulate. */
function Kept({say}) {
  return <table><caption>{say("kept")}</caption><tbody>{data.kept.map((row) => <tr key={row[0]}>{row.map((text) => <td key={text}>{text}</td>)}</tr>)}</tbody></table>;
}

/** What `cartelitos rerun` prints of the same runs. */
function Digests({found, say}) {
  const rows = found.usual.map((run, world) => [world + 1, run?.digest, found.policy[world]?.digest]).filter(([, digest]) => digest);
  return (
    <details class="digests"><summary>{say("digests")}</summary><p>{say("digests_note")}</p>
      <table><thead><tr><th scope="col">{say("world")}</th><th scope="col">{say("usual")}</th><th scope="col">{say("policy")}</th></tr></thead>
        <tbody>{rows.map(([world, usual, policy]) => <tr key={world}><th scope="row">{world}</th><td>{usual}</td><td>{policy ?? "–"}</td></tr>)}</tbody>
      </table>
    </details>
  );
}

function Share({say}) {
  const [told, tell] = useState("");
  const copy = () => (navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject()).then(() => tell("shared"), () => tell("share_by_hand"));
  return <><button type="button" onClick={copy}>{say("share")}</button><span class="soft" role="status">{told && say(told)}</span></>;
}

render(<App />, document.getElementById("app"));
