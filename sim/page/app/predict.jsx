// Guess before the worlds are seen: what is expected is fixed first, then laid beside what came out.
import {useState} from "preact/hooks";
import {paired} from "./stats.js";
import {number, signed} from "./words.js";

const ASKED = ["homicides", "overdose_deaths", "groups_active"], NEAR = 2; // per cent

export function Predict({say, choice, commit}) {
  const [guesses, guess] = useState({}), [because, why] = useState(""), metrics = [...new Set([choice.outcome, ...ASKED])].slice(0, ASKED.length);
  const text = (x) => (x === undefined ? say("guess_none") : `${signed(number(x))} %`);
  return (
    <form class="budget predict" onSubmit={(event) => { event.preventDefault(); commit({guesses, because}); }}>
      <h2>{say("predict_ask")}</h2>
      {metrics.map((metric) => (
        <div class="lever" key={metric}><label for={`g-${metric}`}>{say.name_("metrics", metric)} <output>{text(guesses[metric])}</output></label>
          <input type="range" id={`g-${metric}`} min={-50} max={50} step={1} value={guesses[metric] ?? 0} aria-valuetext={text(guesses[metric])} onInput={(event) => guess({...guesses, [metric]: Number(event.currentTarget.value)})} />
          <div class="fine ends"><span>−50 %</span><span>0</span><span>+50 %</span></div></div>
      ))}
      <label>{say("predict_why")} <input type="text" maxLength={300} value={because} onInput={(event) => why(event.currentTarget.value)} /></label>
      <p><button class="main" disabled={!Object.keys(guesses).length}>{say("predict_commit")}</button></p>
    </form>
  );
}

export function Judged({fixed, found, say, data}) {
  const rows = Object.entries(fixed.guesses).map(([metric, guess]) => ({metric, guess, all: paired(found, metric, data.metrics[metric].kind, data.country.days)})).filter(({all}) => all && all.base);
  return (
    <div class="budget judged"><table><caption>{say("predict_table")}</caption>
      <thead><tr><th scope="col">{say("outcome")}</th><th scope="col">{say("predict_guess")}</th><th scope="col">{say("predict_mean")}</th><th scope="col">{say("predict_near", {near: NEAR})}</th></tr></thead>
      <tbody>{rows.map(({metric, guess, all}) => <tr key={metric}><th scope="row">{say.name_("metrics", metric)}</th><td>{signed(number(guess))} %</td><td>{signed(number((100 * all.middle) / all.base, 1))} %</td>
        <td>{all.change.filter((x) => Math.abs((100 * x) / all.base - guess) <= NEAR).length}/{all.n}</td></tr>)}</tbody>
    </table>{fixed.because && <p>{say("predict_reason", {why: fixed.because})}</p>}</div>
  );
}

/** A goal to begin with, and how far the policy is from it. */
export function Mission({found, extra, same, say, data}) {
  const {days, worlds} = data.country, get = (metric) => (same ? null : paired(found, metric, data.metrics[metric].kind, days)), killed = get("homicides"), extorted = get("extortion_incidents"), need = Math.ceil((2 / 3) * worlds);
  const fewer = killed ? killed.change.filter((x) => x < 0).length : 0;
  const goals = [["mission_fewer", fewer >= need, {fewer, count: worlds, need}], ["mission_cost", !same && extra.mid <= data.budgets.merida * 1.002, {}], ["mission_extortion", Boolean(extorted) && extorted.middle <= 0, {}]];
  return (
    <div class="mission"><b>{say("mission")}</b>{" "}
      {goals.map(([key, reached, blanks]) => <span key={key} class={reached ? "reached" : ""}>{reached ? "✓" : "○"} {say(key, blanks)}</span>)}
      {same && <span>{say("mission_hint")}</span>}
    </div>
  );
}
