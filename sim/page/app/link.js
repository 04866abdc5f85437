// A choice fits in the part of the address behind "#"; what is as usual is left out, what cannot be understood is left out and said.
export const OUTCOMES = ["homicides", "overdose_deaths", "groups_active", "extortion_incidents"];
export const YEARS = [2007, 2020];
export const MOST_SCALE = 50;
const plain = (data) => ({
  policy: data.usual, changes: {}, assumptions: {}, scale: 1, outcome: "homicides", language: (navigator.language ?? "en").startsWith("es") ? "es" : "en",
  look: "auto", view: "charts", world: 1, month: -1, map: "dominant", form: "outlines", spared: -1, predict: false,
});
const one = (...all) => (value) => all.includes(value);
const VALID = {
  policy: (value, data) => Object.hasOwn(data.policies, value), outcome: (value, data) => Object.hasOwn(data.metrics, value), language: one("en", "es"),
  view: one("charts", "why", "map", "tree", "events"), map: one("dominant", "groups", "rate"), form: one("outlines", "tiles"), look: one("auto", "light", "dark"),
};
const NUMBER = /^[+-]?\d{1,12}(\.\d{0,12})?$/;

/** Least and greatest change of a lever: down to nothing at all, up to where more of it does nothing more. */
export function reach(lever, choice, data) {
  const own = data.policies[choice.policy].plans.filter((plan) => plan.lever === lever), day = `${choice.changes[lever]?.since ?? YEARS[0]}-01-01`;
  const everywhere = own.find((plan) => !plan.where.length && !plan.target.length && !plan.rank && !plan.mode)?.points ?? [];
  const least = Math.min(everywhere.filter(([when]) => when <= day).at(-1)?.[1] ?? 0, ...everywhere.filter(([when]) => when > day).map(([, x]) => x));
  return [-Math.max(0, ...own.flatMap((plan) => plan.points.map(([, x]) => x))), data.country.levers[lever].high - least];
}

/** What an address chooses, and what of it could not be understood. */
export function fromHash(hash, data) {
  const choice = plain(data), problems = [], within = (x, low, high) => Math.min(Math.max(x, low), high);
  for (const [name, value] of [...new URLSearchParams(hash.slice(1, 4000))].slice(0, 100).sort(([a], [b]) => Number(b === "policy") - Number(a === "policy"))) {
    const assumption = name.startsWith("assume.") && Object.hasOwn(data.assumptions, name.slice(7)) && data.assumptions[name.slice(7)], [amount, since = YEARS[0]] = value.split("@");
    if (Object.hasOwn(VALID, name) && VALID[name](value, data)) choice[name] = value;
    else if (["world", "month", "spared"].includes(name) && /^-?\d{1,5}$/.test(value)) choice[name] = Number(value);
    else if (name === "predict") choice.predict = value === "1";
    else if (name === "scale" && NUMBER.test(value)) choice.scale = within(Number(value), 0, MOST_SCALE);
    else if (assumption && NUMBER.test(value)) choice.assumptions[name.slice(7)] = within(Number(value), assumption.low, assumption.high);
    else if (Object.hasOwn(data.country.levers, name) && NUMBER.test(amount) && NUMBER.test(since)) {
      const by = within(Number(amount), ...reach(name, choice, data));
      if (by) choice.changes[name] = {by, since: within(Math.round(since), ...YEARS)};
    } else problems.push(name.slice(0, 60));
  }
  choice.world = within(choice.world, 1, data.country.worlds);
  return {choice, problems};
}

export function toHash(choice, data) {
  const usual = plain(data), pairs = [];
  for (const [lever, {by, since}] of Object.entries(choice.changes)) pairs.push([lever, `${Number(by.toPrecision(6))}@${since}`]);
  for (const [name, value] of Object.entries(choice.assumptions)) pairs.push([`assume.${name}`, Number(value.toPrecision(6))]);
  for (const name of Object.keys(usual)) {
    if (name !== "changes" && name !== "assumptions" && choice[name] !== usual[name]) pairs.push([name, name === "predict" ? 1 : choice[name]]);
  }
  return pairs.length ? `#${new URLSearchParams(pairs).toString().replaceAll("%40", "@")}` : "";
}
