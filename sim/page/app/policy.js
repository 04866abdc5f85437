// Dated levers as a visitor moves them, and what they cost; what they do in the model is worked out beside the kernel.
// A plan: {lever, points: [[day, intensity]], ramp_weeks, where, target, rank, mode}.

const MILLION = 1e6, DAY = 864e5;

/** Scheduled intensity by week: steps at their days, each reached linearly over the ramp. */
function schedule(plan, {weeks, start}) {
  const x = new Float64Array(weeks);
  let level = 0;
  for (const [day, value] of plan.points) {
    const begin = (Date.parse(day) - Date.parse(start)) / DAY / 7;
    for (let now = 0; now < weeks; now++) {
      if (now < begin) continue;
      const part = plan.ramp_weeks ? Math.min(1, (now - begin + 1) / plan.ramp_weeks) : 1;
      x[now] = level + (value - level) * part;
    }
    level = value;
  }
  return x;
}

/** What plans cost: US$ a year over the run at low, mid and high prices, and who pays at mid prices. */
export function cost(plans, country) {
  const found = {low: 0, mid: 0, high: 0, us: 0, mx: 0};
  for (const plan of plans) {
    const lever = country.levers[plan.lever], x = schedule(plan, country);
    const scale = MILLION * (lever.local ? reach(plan.where, country) : 1) / country.weeks;
    const units = x.reduce((sum, value) => sum + value, 0) * scale;
    ["low", "mid", "high"].forEach((price, k) => { found[price] += units * lever.cost[k]; });
    found.us += units * lever.cost[1] * lever.payer;
    found.mx += units * lever.cost[1] * (1 - lever.payer);
  }
  return found;
}

function reach(where, country) {
  if (!where.length) return 1;
  return country.places.reduce((sum, place) => sum + (where.includes(place.id) || where.includes(place.state) ? place.share : 0), 0);
}

/**
 * The plans of a policy after changes, by the names of levers, as scenarios have them: sums over them are then the same to the last bit.
 * More comes on top of the schedule that holds everywhere, less is taken from every schedule.
 * @param base plans as the scenario writes them.
 * @param changes lever -> {by, since}: units more or less, from the first of January of a year.
 */
export function changed(base, changes, country) {
  let plans = base;
  for (const [lever, change] of Object.entries(changes)) {
    const own = plans.filter((plan) => plan.lever === lever), others = plans.filter((plan) => plan.lever !== lever);
    const moved = (plan) => shifted(plan, change, country);
    let after = own.map((plan) => (change.by < 0 ? moved(plan) : plan));
    if (change.by > 0) {
      const at = own.findIndex((plan) => !plan.where.length && !plan.target.length && !plan.rank && !plan.mode);
      const everywhere = {lever, points: [[country.start, 0]], ramp_weeks: 0, where: [], target: [], rank: null, mode: null};
      after = at < 0 ? [...own, moved(everywhere)] : own.map((plan, k) => (k === at ? moved(plan) : plan));
    }
    plans = [...others, ...after];
  }
  return [...plans].sort(byLever);
}

function shifted(plan, {by, since}, country) {
  const day = `${since}-01-01`, high = country.levers[plan.lever].high;
  const before = plan.points.filter(([when]) => when < day), later = plan.points.filter(([when]) => when > day);
  const level = before.length ? before.at(-1)[1] : 0;
  const first = plan.points.find(([when]) => when === day) ?? [day, level];
  const bounded = (x) => Number(Math.min(Math.max(x + by, 0), high).toFixed(6));
  return {...plan, points: [...before, ...[first, ...later].map(([when, x]) => [when, bounded(x)])]};
}

const WEEKS_A_YEAR = 365.2425 / 7, PRICES = 3;
const clip = (x, high) => Math.min(Math.max(x, 0), high);
const aim = ({lever, where, target, rank, mode}) => JSON.stringify([lever, where, target, rank, mode]);
const idle = (plan) => ({...plan, points: [[plan.points[0][0], 0]]});
const byLever = (a, b) => (a.lever < b.lever ? -1 : Number(a.lever > b.lever));

/** What a policy changes against business as usual, and the same made larger or smaller (scaling.py). */
export class Difference {
  constructor(usual, other, country) {
    this.usual = usual;
    this.other = other;
    this.country = country;
    const [before, after] = [usual, other].map((plans) => {
      const found = new Map(), seen = new Map();
      for (const plan of plans) {
        const key = aim(plan), count = seen.get(key) ?? 0;
        found.set(`${count} ${key}`, plan);
        seen.set(key, count + 1);
      }
      return found;
    });
    this.rows = [...new Set([...after.keys(), ...before.keys()])].map((key) => {
      const one = before.get(key) ?? idle(after.get(key)), two = after.get(key) ?? idle(before.get(key)), lever = country.levers[two.lever];
      const base = schedule(one, country), price = MILLION * (lever.local ? reach(two.where, country) : 1) / WEEKS_A_YEAR;
      return {one, two, base, change: schedule(two, country).map((x, week) => x - base[week]), high: lever.high, price: lever.cost.map((cost) => cost * price)};
    });
  }

  intensity({base, change, high}, factor) { return base.map((x, week) => clip(x + factor * change[week], high)); }

  /** US$ beyond business as usual over the run, at low, mid and high prices. */
  cost(factor = 1) {
    return Array.from({length: PRICES}, (_, k) => this.rows.reduce((sum, row) => sum + row.price[k] * this.intensity(row, factor).reduce((all, x, week) => all + x - row.base[week], 0), 0));
  }

  /** The smallest factor that spends so much a year at mid prices: it is linear until the next week of a schedule meets its bound. */
  solve(usdAYear) {
    const goal = (usdAYear * this.country.weeks) / WEEKS_A_YEAR;
    if (this.cost()[1] <= 0) return {status: "saves", factor: 1};
    const stops = this.rows.flatMap(({base, change, high, price}) => [...change.keys()].filter((week) => change[week] !== 0).map((week) => ({
      at: (change[week] > 0 ? high - base[week] : -base[week]) / change[week], slope: price[1] * change[week],
    }))).sort((a, b) => a.at - b.at);
    let slope = stops.reduce((sum, stop) => sum + stop.slope, 0), spent = 0, from = 0, best = {factor: 0, spent: 0};
    for (const stop of stops) {
      const next = spent + slope * (stop.at - from);
      if (next >= goal) return {status: "met", factor: Number((from + (goal - spent) / slope).toPrecision(6))};
      [spent, from, slope] = [next, stop.at, slope - stop.slope];
      if (spent > best.spent) best = {factor: from, spent};
    }
    return {status: "far", factor: Number(best.factor.toPrecision(6))};
  }

  /** The policy with its difference multiplied: on its own dates where that is exact, else with a step a week. */
  scaled(factor) {
    if (factor === 1) return this.other;
    if (factor === 0) return this.usual;
    return this.rows.map((row) => {
      const {one, two, high} = row, x = this.intensity(row, factor), days = [...new Set([...one.points, ...two.points].map(([day]) => day))].sort();
      const level = (plan, day) => plan.points.filter(([begin]) => begin <= day).at(-1)?.[1] ?? 0;
      const steps = {...two, points: days.map((day) => [day, clip(level(one, day) + factor * (level(two, day) - level(one, day)), high)])};
      if (schedule(steps, this.country).every((value, week) => Math.abs(value - x[week]) <= 1e-9)) return steps;
      const start = Date.parse(this.country.start), weeks = [...x.keys()].filter((week) => week === 0 || x[week] !== x[week - 1]);
      return {...two, ramp_weeks: 0, points: weeks.map((week) => [new Date(start + week * 7 * DAY).toISOString().slice(0, 10), x[week]])};
    }).sort(byLever);
  }
}

/** A scenario file that asks the same question. */
export function scenarioFile(name, base, plans, parameters, title, link) {
  const lines = [`# from ${link}`, `extends = ${JSON.stringify(name)}`, `title = ${JSON.stringify(title)}`];
  if (Object.keys(parameters).length) lines.push("", "[parameters]", ...Object.entries(parameters).map(([key, value]) => `${key} = ${value}`));
  for (const lever of new Set(plans.map((plan) => plan.lever))) {
    const [own, before] = [plans, base].map((all) => all.filter((plan) => plan.lever === lever));
    if (JSON.stringify(own) === JSON.stringify(before)) continue;
    for (const plan of own) {
      lines.push("", `[[policy.${lever}]]`, `intensity = ${JSON.stringify(plan.points)}`);
      for (const key of ["ramp_weeks", "where", "target", "rank", "mode"]) if (plan[key] && plan[key].length !== 0) lines.push(`${key} = ${JSON.stringify(plan[key])}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
