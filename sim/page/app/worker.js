// One kernel in a worker: a world is played under a policy, or told month by month.
import {Kernel, Worlds} from "./country.js";
import {total} from "./stats.js";

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c510a"];
const OTHERS = "#8a9199", KINGPIN = 1;
let worlds;

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const inflated = (content) => new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();

onmessage = async ({data: {open, task}}) => {
  try {
    if (open) {
      worlds = await Worlds.open(await Kernel.load(await inflated(bytes(open.kernel))), open.header, bytes(open.worlds));
      postMessage({ready: true});
    } else {
      postMessage({result: {run, sums, story, fork}[task.kind](task)});
    }
  } catch (error) {
    postMessage({error: String(error.message ?? error)});
  }
};

function run({plans, world, parameters}) {
  const country = worlds.country(world, plans, null, parameters).run();
  const series = country.series();
  return {series, digest: country.digest(series)};
}

/** Every outcome over the whole run, in one number each. */
function sums({plans, world, parameters}) {
  const series = worlds.country(world, plans, null, parameters).run().series(), {metrics, days} = worlds.header;
  return Object.fromEntries(metrics.map(([name, kind]) => [name, total(series[name], kind, days)]));
}

/** Kingpins taken by the state, in order: week, row of their group, and row of the group it descends from. */
function falls(country) {
  const names = country.names(), row = new Map(names.map((name, n) => [name, n])), parent = country.column("cartel", "parent");
  const root = (n) => { while (parent[n] >= 0n) n = Number(parent[n]); return n; };
  return country.events().filter((event) => event.kind === "removal" && !event.cause.startsWith("lieutenant")).map((event) => {
    const fallen = row.get(event.cartel);
    return {week: event.week, row: fallen, root: root(fallen), size: event.size};
  });
}

/** The fall in the same family that is nearest in time, and people killed in the months after it: with it, and had it not happened. */
function fork({plans, world, parameters, root, week, months}) {
  const country = worlds.country(world, plans, null, parameters).run(), {first, founders} = country.header, family = Math.min(root, founders.length);
  const alike = falls(country).filter((fall) => Math.min(fall.root, founders.length) === family);
  if (!alike.length) return null;
  const fall = alike.reduce((best, one) => (Math.abs(one.week - week) < Math.abs(best.week - week) ? one : best));
  const killed = (one) => one.series().homicides.slice(first[fall.week], first[fall.week] + months).reduce((sum, x) => sum + x, 0);
  const taken = [killed(country), country.digest()];
  const twin = worlds.country(world, plans, {week: fall.week, row: fall.row, rank: KINGPIN}, parameters).run();
  return {...fall, taken: taken[0], spared: killed(twin), digests: [taken[1], twin.digest()]};
}

/** A world with what stood where at the end of each month, every group, every event, and the kingpins that fell; `taken` is one more, {week, cartel}. */
function story({plans, world, spared, parameters, taken}) {
  const fall = spared && {week: spared.week, row: spared.row, rank: KINGPIN}, country = worlds.country(world, plans, fall, parameters);
  if (taken) country.script.set(taken.week, [...(country.script.get(taken.week) ?? []), ["removal", taken.cartel, null, "capture", null]]);
  const {first, months, places, founders, start} = country.header, maps = {rate: [], groups: [], dominant: []};
  const killed = months.map(() => new Float64Array(places.length)), residents = [];
  for (let week = 0; week < first.length; week++) {
    country.run(week + 1);
    country.column("territory", "homicides").forEach((x, k) => { killed[first[week]][k] += x; });
    if (first[week + 1] === first[week]) continue;
    residents[first[week]] = Float64Array.from(country.column("territory", "population"));
    [maps.dominant[first[week]], maps.groups[first[week]]] = presence(country);
  }
  for (let month = 0; month < months.length; month++) {
    for (const what of ["dominant", "groups"]) maps[what][month] ??= maps[what][month - 1];
    residents[month] ??= residents[month - 1];
    const from = Math.max(0, month - 11), length = month - from + 1;
    maps.rate[month] = places.map((_, k) => {
      let sum = 0;
      for (let m = from; m <= month; m++) sum += killed[m][k];
      return (1e5 * sum * 12) / length / residents[month][k];
    });
  }
  const names = country.names(), row = new Map(names.map((name, n) => [name, n])), at = new Map(places.map((id, k) => [id, k]));
  const born = country.genealogy(), home = country.column("cartel", "home"), year = (week) => new Date(Date.parse(start) + week * 7 * 864e5).getUTCFullYear();
  const split = new Map(country.events().filter((event) => event.kind === "split").map((event) => [row.get(event.other), at.get(event.territory)])); // named by where they broke away
  const groups = born.map((one, n) => ({
    founder: n < founders.length, id: one.cartel, home: split.get(n) ?? Number(home[n]), year: year(one.born), parent: row.get(one.parent) ?? -1, peak: one.peak, cell: one.cell,
    born: first[Math.min(one.born, first.length - 1)], died: one.died === null ? null : first[Math.min(one.died, first.length - 1)],
  }));
  const same = new Map(); // groups that broke away in one place and year are told apart by a number
  for (const group of groups) { const key = `${group.home} ${group.year}`; if (!group.founder) same.set(key, group.nth = (same.get(key) ?? 0) + 1); }
  const held = new Map(); // place-months in which a group is the strongest
  for (const month of maps.dominant) for (const n of month) if (n >= 0) held.set(n, (held.get(n) ?? 0) + 1);
  const main = [...held.keys()].sort((a, b) => held.get(b) - held.get(a)).slice(0, COLOURS.length), colours = groups.map((_, n) => COLOURS[main.indexOf(n)] ?? OTHERS);
  const events = country.events().map((event) => ({
    ...event, month: first[event.week], cartel: row.get(event.cartel) ?? -1, other: row.get(event.other) ?? -1, territory: at.get(event.territory) ?? -1,
  }));
  const series = country.series();
  return {
    maps, groups, colours, main, events, falls: falls(country).map((one) => ({...one, month: first[one.week]})),
    series: {homicides: series.homicides, groups_active: series.groups_active}, digest: country.digest(),
  };
}

/** In every place, the row of the cartel with most members, and how many cartels there are. */
function presence(country) {
  const count = country.get("count", "plazas"), [cartel, territory, members] = ["cartel", "territory", "members"].map((name) => country.column("plaza", name));
  const {places} = country.header, most = new Float64Array(places.length), strongest = places.map(() => -1), groups = places.map(() => 0);
  for (let i = 0; i < count; i++) {
    if (cartel[i] < 0n || members[i] === 0) continue;
    const k = Number(territory[i]);
    groups[k]++;
    if (members[i] > most[k]) [most[k], strongest[k]] = [members[i], Number(cartel[i])];
  }
  return [strongest, groups];
}
