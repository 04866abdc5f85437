// Sums over worlds; a run's series are monthly.

/** Type 7 quantile, as NumPy's. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort(), at = q * (sorted.length - 1), low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** One value a year: what a flow sums to, the mean of a stock; years that the run does not cover whole are left out. */
export function yearly(series, kind, years) {
  return years.map(({first, last}) => {
    let sum = 0;
    for (let month = first; month <= last; month++) sum += series[month];
    return kind === "flow" ? sum : sum / (last - first + 1);
  });
}

/** The whole run in one number: sum of a flow, mean of a stock weighted by days. */
export function total(series, kind, days) {
  if (kind === "flow") return series.reduce((sum, x) => sum + x, 0);
  const length = days.reduce((sum, x) => sum + x, 0);
  return series.reduce((sum, x, month) => sum + x * days[month], 0) / length;
}

/** The same, a flow as a rate a year. */
export const whole = (series, kind, days) => total(series, kind, days) * (kind === "flow" ? 365.2425 / days.reduce((sum, x) => sum + x, 0) : 1);

/** Changes of an outcome in every pair that is there, and their mean with a 95 % interval in per cent of business as usual. */
export function paired(found, metric, kind, days) {
  const worlds = found.policy.map((run, world) => (run && found.usual[world] ? world : -1)).filter((world) => world >= 0);
  const before = worlds.map((world) => whole(found.usual[world].series[metric], kind, days));
  const change = worlds.map((world, n) => whole(found.policy[world].series[metric], kind, days) - before[n]);
  if (!worlds.length) return null;
  const {mean: middle, low, high, up} = estimate(change);
  return {worlds, change, base: mean(before), middle, low, high, more: up, n: change.length};
}

export const WIDE = 2; // per cent, or points: an interval that reaches beyond it is told as wide, never as "at most"

/** Mean of one number per world and its 95 % interval. */
export function estimate(values) {
  const n = values.length, middle = mean(values);
  const half = n > 1 ? student(n - 1) * Math.sqrt(values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (n - 1) / n) : NaN;
  return {mean: middle, low: middle - half, high: middle + half, up: values.filter((x) => x > 0).length};
}

/** A difference split over responses (why.py): `gaps` is the difference in each world, by what is switched off. */
export function decompose(gaps, channels) {
  const whole = gaps.all, each = (make) => estimate(whole.map((_, world) => make(world)));
  const parts = channels.map((name) => ({
    name, contribution: each((w) => whole[w] - gaps[`without ${name}`][w]), without: estimate(gaps[`without ${name}`]), alone: gaps[`only ${name}`] && each((w) => gaps[`only ${name}`][w] - gaps.bare[w]),
  })).sort((a, b) => Math.abs(b.contribution.mean) - Math.abs(a.contribution.mean));
  const rest = each((w) => whole[w] - gaps.bare[w] - channels.reduce((sum, name) => sum + whole[w] - gaps[`without ${name}`][w], 0));
  return {difference: estimate(whole), parts: [...parts, {name: "direct", contribution: estimate(gaps.bare)}, {name: "interaction", contribution: rest}]};
}

/** 97.5 % quantile of Student's t, by bisection of its exact series (Abramowitz & Stegun 26.7.3-4). */
function student(freedom) {
  const odd = freedom % 2;
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < 60; step++) {
    const angle = (low + high) / 2, cos = Math.cos(angle), sin = Math.sin(angle);
    let term = odd ? cos : 1, sum = freedom === 1 ? 0 : term;
    for (let k = 1 + odd; k < freedom - 1; k += 2) { term *= (k / (k + 1)) * cos * cos; sum += term; }
    const inside = odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
    if (inside < 0.95) low = angle; else high = angle;
  }
  return Math.sqrt(freedom) * Math.tan((low + high) / 2);
}
