// The policy: where it starts from, what it costs, and levers in families; and what nobody can decide: assumptions.
import {useMemo, useState} from "preact/hooks";
import {dollars, number, signed} from "./words.js";
import {MOST_SCALE, reach, YEARS} from "./link.js";
import {Difference} from "./policy.js";

const FAMILIES = ["militarized", "demand", "roots", "cross"];
const FIRST = ["kingpin_targeting", "military_deployment", "treatment", "recruitment_prevention", "arms_control", "justice"];

export function Levers({choice, move, say, data, extra}) {
  const {country, policies} = data;
  const names = Object.keys(country.levers), rest = names.filter((name) => !FIRST.includes(name)), moved = (some) => some.filter((name) => choice.changes[name]).length;
  const shift = (lever, change) => {
    const after = {by: 0, since: YEARS[0], ...choice.changes[lever], ...change}, changes = {...choice.changes, [lever]: after};
    if (!after.by) delete changes[lever];
    move({changes, scale: 1});
  };
  const lever = (name) => <Lever key={name} name={name} choice={choice} shift={shift} say={say} data={data} extra={extra.levers[name]} />;
  const touched = Object.keys(choice.changes).length > 0 || (choice.scale ?? 1) !== 1;
  return (
    <section class="levers" aria-label={say("levers")}>
      <label class="row">{say("built_on")}
        <select value={choice.policy} onChange={(event) => move({policy: event.currentTarget.value, changes: {}, scale: 1})}>
          {Object.keys(policies).map((name) => <option key={name} value={name}>{say.name_("policies", name)}</option>)}
        </select>
      </label>
      <Budget extra={extra} say={say} data={data} />
      {FIRST.map(lever)}
      <details class="more" open={moved(rest) > 0 || undefined}>
        <summary>{say("more_levers", {count: rest.length})}</summary>
        {FAMILIES.map((family) => {
          const own = rest.filter((name) => country.levers[name].family === family);
          return (
            <details class="family" key={family} open={moved(own) > 0 || undefined}>
              <summary>{say(`family_${family}`)}{moved(own) ? ` (${moved(own)})` : ""}</summary>
              {own.map(lever)}
            </details>
          );
        })}
      </details>
      {touched && <p><button type="button" onClick={() => move({changes: {}, scale: 1})}>{say("reset")}</button></p>}
      {choice.assumptions && <><Equal choice={choice} move={move} say={say} data={data} extra={extra} /><Assumptions choice={choice} move={move} say={say} data={data} /></>}
    </section>
  );
}

function Lever({name, choice, shift, say, data, extra}) {
  const lever = data.country.levers[name], {by, since} = choice.changes[name] ?? {by: 0, since: YEARS[0]};
  const [low, high] = reach(name, choice, data), step = (high - low) / 40, capped = by >= high - step / 2;
  const shown = by ? signed(number(by, Math.abs(by) < 10 ? 2 : 0)) : say("as_is"), unit = say("unit_is", {unit: say.unit("levers", name)});
  const price = Math.abs(extra) >= 5e4 ? `${extra < 0 ? "−" : "+"}${dollars(extra, say)}${say("a_year")}` : say("price_unit", {cost: dollars(lever.cost[1] * 1e6, say)});
  const cap = capped ? say("capped", {cap: number(lever.high, lever.high % 1 ? 1 : 0)}) : "";
  return (
    <div class="lever">
      <label for={name}>{say.name_("levers", name)} <output for={name}>{shown}</output></label>
      <input type="range" id={name} min={low} max={high} step={step} value={by} aria-valuetext={`${shown}. ${unit} ${price}. ${cap}`}
        onInput={(event) => { const x = Number(event.currentTarget.value); shift(name, {by: Math.abs(x) < step / 2 ? 0 : x}); }} />
      <div class="fine">
        <span>{price}</span>{cap && <b>{cap}</b>}
        {by !== 0 && <label>{say("from_year")} <select value={since} aria-label={say("lever_start", {lever: say.name_("levers", name)})} onChange={(event) => shift(name, {since: Number(event.currentTarget.value)})}>
          {Array.from({length: YEARS[1] - YEARS[0] + 1}, (_, k) => YEARS[0] + k).map((year) => <option key={year} value={year}>{year}</option>)}
        </select></label>}
      </div>
      <details class="about"><summary>{unit}</summary>
        <p>{say.about("levers", name)} {say("lag_is", {weeks: number(lever.lag)})} {say("price_range", {low: dollars(lever.cost[0] * 1e6, say), high: dollars(lever.cost[2] * 1e6, say), us: number(100 * lever.payer)})} {say(`evidence_${lever.evidence}`)}. {lever.silent && say("silent", {why: lever.silent})}</p>
        <p class="soft">{lever.sources.join("; ")}</p>
      </details>
    </div>
  );
}

function Budget({extra, say, data}) {
  if (Math.abs(extra.mid) < 5e4) return <p class="budget">{say("budget_usual")}</p>;
  const goal = data.budgets.merida, part = (usd) => `${Math.min(100, (50 * Math.max(0, usd)) / goal)}%`;
  return (
    <div class="budget">
      <p>{say("budget")}: <b>{extra.mid < 0 ? "−" : "+"}{dollars(extra.mid, say)}</b>{say("a_year")} ({say("range", {low: dollars(Math.min(extra.low, extra.high), say), high: dollars(Math.max(extra.low, extra.high), say)})})</p>
      <div class="bar" role="img" aria-label={say("budget_alt", {us: dollars(extra.us, say), mx: dollars(extra.mx, say), budget: dollars(goal, say)})}>
        <i class="us" style={{left: 0, width: part(extra.us)}} /><i class="mx" style={{left: part(extra.us), width: part(extra.mx)}} /><i class="goal" style={{left: "50%"}} />
      </div>
      <p class="soft"><span class="key us" />{say("budget_us", {cost: dollars(extra.us, say)})} <span class="key mx" />{say("budget_mx", {cost: dollars(extra.mx, say)})} · {say("budget_mark", {cost: dollars(goal, say)})}</p>
    </div>
  );
}

/** The same policy, larger or smaller, until it costs what something else does. */
function Equal({choice, move, say, data, extra}) {
  const [goal, aim] = useState("merida"), [told, tell] = useState(null);
  const {policies, usual, budgets, country} = data, base = policies[usual].plans;
  const costs = useMemo(() => ({...Object.fromEntries(Object.keys(policies).map((name) => [name, new Difference(base, policies[name].plans, country).cost()[1] / (country.weeks / (365.2425 / 7))])), ...budgets}), []);
  const others = Object.keys(policies).filter((name) => !(name in budgets) && costs[name] > 5e4);
  const scale = () => {
    const found = new Difference(base, extra.unscaled, country).solve(costs[goal]), factor = Math.min(found.factor, MOST_SCALE);
    tell({status: extra.same ? "empty" : found.status, question: JSON.stringify([choice.policy, choice.changes, factor]), factor});
    if (!extra.same) move({scale: factor});
  };
  const current = told && told.question === JSON.stringify([choice.policy, choice.changes, choice.scale]);
  return (
    <div class="budget equal">
      <label>{say("equal_goal")} <select value={goal} onChange={(event) => aim(event.currentTarget.value)}>
        {Object.keys(budgets).map((name) => <option key={name} value={name}>{say(`budget_${name}`, {cost: dollars(budgets[name], say)})}</option>)}
        {others.map((name) => <option key={name} value={name}>{say.name_("policies", name)}: {dollars(costs[name], say)}</option>)}
      </select></label> <button type="button" onClick={scale}>{say("equal_cost")}</button>
      <p role="status">{current || told?.status === "empty" ? say(`equal_${told.status}`, {factor: number(told.factor, 2), cost: dollars(extra.mid, say)}) : choice.scale !== 1 ? say("equal_met", {factor: number(choice.scale, 2), cost: dollars(extra.mid, say)}) : ""}</p>
    </div>
  );
}

/** Assumptions that the literature disagrees about, for business as usual too; left alone, each world has its own. */
function Assumptions({choice, move, say, data}) {
  const fixed = choice.assumptions, set = (name, value) => { const after = {...fixed, [name]: value}; if (value === undefined) delete after[name]; move({assumptions: after}); };
  return (
    <details class="family assumptions"><summary>{say("assumptions")}{Object.keys(fixed).length ? ` (${Object.keys(fixed).length})` : ""}</summary>
      <p class="soft">{say("assumptions_note")}</p>
      {Object.entries(data.assumptions).map(([name, one]) => {
        const value = fixed[name] ?? one.default, text = name in fixed ? String(Number(value.toPrecision(3))) : say("drawn"), whole = one.unit === "switch";
        return (
          <div class="lever" key={name}>
            <label for={`a-${name}`}>{say.name_("assumptions", name)} <output for={`a-${name}`}>{text}</output></label>
            <input type="range" id={`a-${name}`} min={one.low} max={one.high} step={whole ? 1 : (one.high - one.low) / 40} value={value} aria-valuetext={text} onInput={(event) => set(name, Number(event.currentTarget.value))} />
            <div class="fine"><span>{say("range", {low: one.low, high: one.high})}</span>{name in fixed && <button type="button" onClick={() => set(name)}>{say("release")}</button>}</div>
            <details class="about"><summary>{say("assumption_why")}</summary><p lang="en">{one.why} {one.source}</p></details>
          </div>
        );
      })}
    </details>
  );
}
