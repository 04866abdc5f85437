// Plays the compiled model outside Python: in a page, in a worker, in Node. No dependencies, no network.
//
//   const kernel = await Kernel.load(bytesOfWasm)
//   const country = new Country(kernel, header, bytes)   // of `beginning.py`
//   country.run()                                        // to the end
//   country.series(), country.events(), country.genealogy(), country.digest()
//
// What stands here repeats what stands in Python between compiled weeks, and nothing else: growth of tables and scripted events
// (`model.py`, `state.py`), months (`record.py`), names. A test compares all of it, to the last bit.
"use strict";

class Kernel {
  // Compiled code and the memory it works in.
  static async load(bytes) {
    return new Kernel((await WebAssembly.instantiate(bytes, {})).instance);
  }

  constructor(instance) {
    this.code = instance.exports;
    this.memory = this.code.memory;
    let at = this.code.cartelitos.value;
    const text = new Uint8Array(this.memory.buffer);
    const start = at;
    while (text[at] !== 0) at++;
    const said = JSON.parse(new TextDecoder().decode(text.slice(start, at)));
    this.about = said;
    this.table = said.table;
    this.entries = new Map();  // name of a function -> its entry, whatever module it stands in
    for (const entry of Object.keys(said.table)) {
      const name = entry.split(".").pop();
      this.entries.set(name, this.entries.has(name) ? null : entry);
    }
    this.base = (this.code.__heap_base.value + 63) & ~63;
    this.clear();
  }

  clear() {
    // Give all memory back but what every call needs.
    this.top = this.base;
    this.words = this.allocate(512);
    this.results = this.allocate(256);
  }

  allocate(size) {
    // The address of so many zeroed bytes.
    const at = this.top, end = (at + size + 63) & ~63;
    const lacking = end - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / 65536) + 16);
    this.top = end;
    new Uint8Array(this.memory.buffer, at, end - at).fill(0);
    return at;
  }

  floats(at, length) { return new Float64Array(this.memory.buffer, at, length); }
  ints(at, length) { return new BigInt64Array(this.memory.buffer, at, length); }
  bytes(at, length) { return new Uint8Array(this.memory.buffer, at, length); }

  call(name, ...given) {
    // Call an entry: an address where Python hands over a table, [address, ...lengths] for an array, BigInt or number otherwise.
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`the kernel has no ${name}, or several`);
    const [letters, back] = this.table[entry];
    const words = this.ints(this.words, 64), reals = this.floats(this.words, 64);
    let place = 0;
    letters.forEach((letter, number) => {
      const value = given[number];
      if (letter === "d") reals[place++] = value;
      else if (Array.isArray(value)) for (const each of value) words[place++] = BigInt(each);
      else words[place++] = letter === "Q" ? BigInt.asIntN(64, BigInt(value)) : BigInt(value);
    });
    if (this.code[entry](this.words, this.results) !== 0) throw new Error(`${name} failed in compiled code`);
    const found = back.map((letter, number) => {
      if (letter === "d") return this.floats(this.results + 8 * number, 1)[0];
      const word = this.ints(this.results + 8 * number, 1)[0];
      return letter === "Q" ? BigInt.asUintN(64, word) : Number(word);
    });
    return found.length > 1 ? found : found[0];
  }
}

const SIZES = { f8: 8, i8: 8, u8: 8, i4: 4, i2: 2 };
const VIEWS = { f8: Float64Array, i8: BigInt64Array, u8: BigUint64Array, i4: Int32Array, i2: Int16Array };
const NOT_BEGUN = -1, NOWHERE = -1, YEAR = 52, MOST_PUSHES = 2000;
const product = (shape) => shape.reduce((all, each) => all * each, 1);

// A copy of the first entries of a column, as whole numbers.
const whole = (column, count) => {
  const values = column.slice(0, count);
  return values instanceof BigInt64Array ? values : BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
};

class Country {
  // A run: `header` and `bytes` say how it begins; `spared` is a leader to whom nothing happens, {week, row, rank} with rank 1 for the
  // kingpin, 2 for a lieutenant, 3 for a captive.
  constructor(kernel, header, bytes, spared = null, fields = header.fields, policy = null) {
    this.kernel = kernel;
    this.header = header;
    this.parts = new Map();
    this.week = 0;
    this.strangers = [];
    let from = 0, words = 0;
    const take = (size) => {
      const at = kernel.allocate(size);
      kernel.bytes(at, size).set(bytes.subarray(from, from + size));
      from += (size + 7) & ~7;
      return at;
    };
    for (const [number, field] of fields.entries()) {
      const part = { ...field, word: words }, given = policy && policy.fields[field.name];
      if (field.kind === "table") {
        part.floats = take(8 * field.real.length * field.rows);
        part.ints = take(8 * field.whole.length * field.rows);
        words += 3 + field.real.length + field.whole.length;
      } else if (field.kind === "numbers") {
        part.at = take(8 * field.names.length);
        words += 1;
      } else if (field.kind === "number") {
        part.at = take(8);
        words += 1;
      } else {
        if (given) {
          part.at = kernel.allocate(given.values.byteLength);
          kernel.bytes(part.at, given.values.byteLength).set(new Uint8Array(given.values.buffer));
          from += (SIZES[field.type] * product(header.fields[number].shape) + 7) & ~7;
        } else part.at = take(SIZES[field.type] * product(field.shape));
        words += field.kind === "stack" ? field.shape.length : 1 + field.shape.length;
      }
      this.parts.set(field.name, part);
    }
    this.address = kernel.allocate(8 * words);
    for (const part of this.parts.values()) this.point(part);
    const view = (length) => {
      const found = new Float64Array(bytes.slice(from, from + 8 * length).buffer);
      from += 8 * length;
      return found;
    };
    this.share = view(header.weeks);
    this.weekly = Object.fromEntries(header.weekly.map((name) => [name, view(header.weeks)]));
    if (policy) {
      this.weekly = policy.weekly;
      this.array("zone").set(policy.places.map(BigInt));
      this.column("cartel", "zone").set(policy.founders.map(BigInt));
    }
    this.script = new Map();
    for (const [week, ...event] of header.script) this.script.set(week, [...(this.script.get(week) || []), event]);
    if (spared) {
      this.set("spared", "week", spared.week);
      this.set("spared", "row", spared.row);
      this.set("spared", "rank", spared.rank);
    }
  }

  point(part) {
    // Write down where a part lies.
    const words = this.kernel.ints(this.address + 8 * part.word, 64);
    if (part.kind === "table") {
      const columns = part.real.map((_, n) => part.floats + 8 * part.rows * n).concat(part.whole.map((_, n) => part.ints + 8 * part.rows * n));
      [part.rows, part.floats, part.ints, ...columns].forEach((value, n) => { words[n] = BigInt(value); });
    } else if (part.kind === "number") {
      words[0] = this.kernel.ints(part.at, 1)[0];
    } else {
      const shape = part.kind === "numbers" ? [] : part.kind === "stack" ? part.shape.slice(0, -1) : part.shape;
      [part.at, ...shape].forEach((value, n) => { words[n] = BigInt(value); });
    }
  }

  // reading and writing by name ---------------------------------------------------------------------------------------------------

  column(table, name) {
    // A column of a table as it is now; a view that is good until the next call.
    const part = this.parts.get(table), real = part.real.indexOf(name);
    return real >= 0
      ? this.kernel.floats(part.floats + 8 * part.rows * real, part.rows)
      : this.kernel.ints(part.ints + 8 * part.rows * part.whole.indexOf(name), part.rows);
  }

  array(name) {
    const part = this.parts.get(name);
    return new VIEWS[part.type](this.kernel.memory.buffer, part.at, product(part.shape));
  }

  get(numbers, name) {
    const part = this.parts.get(numbers), at = part.at + 8 * part.names.indexOf(name);
    return part.type === "f8" ? this.kernel.floats(at, 1)[0] : Number(this.kernel.ints(at, 1)[0]);
  }

  set(numbers, name, value) {
    const part = this.parts.get(numbers), at = part.at + 8 * part.names.indexOf(name);
    if (part.type === "f8") this.kernel.floats(at, 1)[0] = value;
    else this.kernel.ints(at, 1)[0] = BigInt(value);
  }

  call(name, ...given) { return this.kernel.call(name, this.address, ...given); }

  // growth (state.py) -------------------------------------------------------------------------------------------------------------

  rows(name) {
    const part = this.parts.get(name);
    return part.kind === "table" ? part.rows : part.shape[part.shape.length - 1];
  }

  makeRoom(groups = this.header.groups) {
    const needs = this.call("needs", groups);
    this.header.growing.forEach((name, number) => {
      while (needs[number] > this.rows(name)) this.widen(name);
    });
  }

  widen(name) {
    const more = 2 * this.rows(name) + this.header.odd;
    for (const other of this.header.together[name] || [name]) this.stretch(this.parts.get(other), (shape) => [...shape.slice(0, -1), more], 0);
    if (name === "cartel") {
      this.stretch(this.parts.get("at"), (shape) => [more, shape[1]], this.header.empty.at);
      this.stretch(this.parts.get("feud"), () => [more, more], this.header.empty.feud);
    }
  }

  stretch(part, shaped, empty) {
    // Copy an array, or both blocks of a table, into a larger one.
    const move = (type, at, shape, wider) => {
      const target = this.kernel.allocate(SIZES[type] * product(wider));
      const kind = VIEWS[type], buffer = this.kernel.memory.buffer;
      const old = new kind(buffer, at, product(shape)), fresh = new kind(buffer, target, product(wider));
      if (empty) fresh.fill(empty);
      const length = shape[shape.length - 1], room = wider[wider.length - 1];
      for (let line = 0; line * length < old.length; line++) fresh.set(old.subarray(line * length, (line + 1) * length), line * room);
      return target;
    };
    if (part.kind === "table") {
      const [rows] = shaped([part.rows]);
      part.floats = move("f8", part.floats, [part.real.length, part.rows], [part.real.length, rows]);
      part.ints = move("i8", part.ints, [part.whole.length, part.rows], [part.whole.length, rows]);
      part.rows = rows;
    } else {
      const shape = shaped(part.shape);
      part.at = move(part.type, part.at, part.shape, shape);
      part.shape = shape;
    }
    this.point(part);
  }

  // weeks (model.py) --------------------------------------------------------------------------------------------------------------

  run(last = this.header.weeks) {
    // Play to the beginning of a week, or to the end.
    let played = NOT_BEGUN;
    while (this.week < last) {
      const pause = this.script.size ? Math.min(...this.script.keys()) : NOWHERE, stop = Math.min(last, this.week + YEAR);
      [this.week, played] = this.call("weeks", this.week, played, stop, pause);
      if (this.week < stop) this.goBetween(played);
    }
    if (this.week === this.header.weeks) {
      const flow = this.parts.get("flow"), length = flow.names.length;
      this.array("flows").set(this.kernel.floats(flow.at, length), (this.week - 1) * length);
    }
    return this;
  }

  goBetween(played) {
    if (played === NOT_BEGUN) this.makeRoom();
    else if (played < this.get("count", "events")) this.makeRoom(this.offspring(Number(this.column("event", "cartel")[played])));
    else {
      const events = this.script.get(this.week);
      this.script.delete(this.week);
      for (const event of events) this.happen(...event);
    }
  }

  offspring(row) {
    return row >= 0 ? Math.max(this.header.groups, 1 + Number(this.column("cartel", "plazas")[row])) : this.header.groups;
  }

  act(name, row, ...more) {
    this.makeRoom(this.offspring(row));
    this.set("now", "week", this.week);
    this.call(name, row, ...more);
  }

  happen(kind, cartel, rival, mode, rank) {
    const { kinds, causes } = this.header, other = this.find(rival);
    let row = this.find(cartel);
    if (kind === "removal") row = this.remove(cartel, row, causes[mode || "capture"], rank);
    if (row === NOWHERE || (["alliance", "rupture"].includes(kind) && other === NOWHERE)) {
      this.strangers.push([this.get("count", "lines"), cartel]);
      this.tell(kinds.skipped, NOWHERE, NOWHERE, causes[kind]);
    } else if (kind === "split") this.act("quarrel", row);
    else if (other !== NOWHERE) this.tie(row, other, kind === "alliance");
  }

  remove(name, row, mode, rank) {
    const number = row === NOWHERE ? this.header.factions.indexOf(name) : NOWHERE, faction = BigInt(number);
    const largest = (count, members, fits) => {
      let best = NOWHERE;
      for (let each = 0; each < count; each++) if (fits(each) && (best === NOWHERE || members[each] > members[best])) best = each;
      return best;
    };
    if (number !== NOWHERE) {
      const head = this.column("cartel", "boss_faction"), alive = this.column("cartel", "alive");
      const fits = (each) => head[each] === faction && alive[each] > 0n;
      row = largest(this.rows("cartel"), this.column("cartel", "members"), fits);
    }
    if (row !== NOWHERE && rank !== "lieutenant") {
      this.act("remove_kingpin", row, mode);
      return row;
    }
    if (row === NOWHERE && number === NOWHERE) return NOWHERE;
    const cartel = this.column("plaza", "cartel"), members = this.column("plaza", "members"), clan = this.column("plaza", "faction");
    const own = (each) => (row !== NOWHERE ? Number(cartel[each]) === row : clan[each] === faction);
    const plaza = largest(this.get("count", "plazas"), members, (each) => own(each) && cartel[each] >= 0n && members[each] > 0.0);
    if (plaza === NOWHERE) return NOWHERE;
    row = Number(cartel[plaza]);
    this.act("remove_lieutenant", row, Number(this.column("plaza", "territory")[plaza]), mode);
    return row;
  }

  find(name) {
    if (name === null || name === undefined) return NOWHERE;
    const alive = this.column("cartel", "alive");
    return this.names().findIndex((known, row) => known === name && alive[row] > 0n);
  }

  tie(a, b, ally) {
    const part = this.parts.get("tie"), one = this.column("tie", "a"), two = this.column("tie", "b");
    const between = (row) => (Number(one[row]) === a && Number(two[row]) === b) || (Number(one[row]) === b && Number(two[row]) === a);
    const keep = [...Array(this.get("count", "ties")).keys()].filter((row) => !between(row));
    for (const name of [...part.real, ...part.whole]) {
      const column = this.column("tie", name);
      keep.forEach((row, place) => { column[place] = column[row]; });
    }
    this.set("count", "ties", keep.length);
    if (ally) {
      this.call("add_tie", a, b, 1.0);
      this.call("add_tie", b, a, 1.0);
    }
    const { kinds, causes } = this.header;
    this.tell(ally ? kinds.alliance : kinds.rupture, a, b, causes.none);
  }

  tell(kind, row, other, cause) {
    this.makeRoom();
    this.set("now", "week", this.week);
    this.call("tell", kind, row, other, NOWHERE, 0.0, cause);
  }

  // what is left (record.py, run.py, names.py) --------------------------------------------------------------------------------------

  series() {
    // Metric -> Float64Array of months: flows per month, stocks at the end of the month.
    const { metrics, flows, stocks, killings, known, starts_at_one: indices, weeks } = this.header;
    const table = this.array("flows"), months = this.header.months.length, stocked = this.array("stocks");
    const weekly = { ...this.weekly };
    flows.forEach((name, at) => { weekly[name] = Float64Array.from({ length: weeks }, (_, week) => table[week * flows.length + at]); });
    weekly.homicides = Float64Array.from({ length: weeks }, (_, week) => killings.reduce((sum, name) => sum + weekly[name][week], 0.0));
    const found = {};
    for (const [name, kind] of metrics) {
      if (kind === "flow") found[name] = this.byMonth(weekly[name]);
      else {
        const at = stocks.indexOf(name), scale = indices.includes(name) ? Math.max(1e-12, stocked[known[0] * stocks.length + at]) : 0.0;
        found[name] = Float64Array.from({ length: months }, (_, month) => {
          const value = stocked[known[month] * stocks.length + at];
          return scale ? value / scale : value;
        });
      }
    }
    return found;
  }

  byMonth(weekly) {
    const { first } = this.header, size = this.header.months.length;
    const inside = new Float64Array(size), after = new Float64Array(size);
    weekly.forEach((value, week) => {
      inside[first[week]] += value * this.share[week];
      after[Math.min(first[week] + 1, size - 1)] += value * (1.0 - this.share[week]);
    });
    return inside.map((value, month) => value + after[month]);
  }

  names() {
    // Of all groups that ever were, by row.
    const { founders, places, start } = this.header, names = [...founders], children = new Map();
    const [parent, home, born] = ["parent", "home", "born"].map((name) => this.column("cartel", name));
    for (let row = names.length; row < this.get("count", "cartels"); row++) {
      const above = Number(parent[row]), week = Number(born[row]);
      if (above >= 0) {
        children.set(above, (children.get(above) || 0) + 1);
        names.push(`${names[above]}.${children.get(above)}`);
      } else {
        const year = new Date(Date.parse(start) + week * 7 * 86400000).getUTCFullYear();
        names.push(`${places[Number(home[row])].toLowerCase()}-${year}-w${week}`);
      }
    }
    return names;
  }

  events() {
    // Lines of the log: {week, kind, cartel, other, territory, size, cause}, in words.
    const names = this.names(), { places, why, kinds } = this.header, words = Object.keys(kinds), strange = new Map(this.strangers);
    const columns = ["week", "kind", "cartel", "other", "territory", "size", "cause"].map((name) => this.column("log", name));
    return Array.from({ length: this.get("count", "lines") }, (_, line) => {
      const [week, kind, cartel, other, place, size, cause] = columns.map((column) => Math.trunc(Number(column[line])));
      return {
        week, kind: words[kind], cartel: cartel < 0 ? strange.get(line) || "" : names[cartel], other: other < 0 ? "" : names[other],
        territory: place < 0 ? "" : places[place], size, cause: why[cause],
      };
    });
  }

  genealogy() {
    // Every group that ever was: {cartel, parent, born, died, origin, peak, cell}; weeks, and null for who lives.
    const names = this.names(), column = Object.fromEntries(this.lineage());
    return names.map((cartel, row) => ({
      cartel, parent: column.parent[row] < 0n ? "" : names[Number(column.parent[row])], born: Number(column.born[row]),
      died: column.alive[row] ? null : Number(column.ended[row]), origin: this.header.why[Number(column.origin[row])],
      peak: Number(column.peak[row]), cell: Boolean(column.cell[row]),
    }));
  }

  lineage() {
    // Columns of whole numbers, in the order of the digest.
    const count = this.get("count", "cartels");
    const kept = this.kernel.top, marks = this.kernel.allocate(8 * count);
    this.call("mark_cells", [marks, count]);
    const cell = this.kernel.ints(marks, count).slice();
    this.kernel.top = kept;
    return ["parent", "born", "alive", "ended", "origin", "peak"].map((name) => [name, whole(this.column("cartel", name), count)]).concat([["cell", cell]]);
  }

  digest(series = this.series()) {
    // Sixteen hex digits of every series, event and group: those that `cartelitos rerun` prints.
    let key = 0n;
    const blend = (values) => {
      const kept = this.kernel.top, at = this.kernel.allocate(8 * values.length);
      this.kernel.ints(at, values.length).set(new BigInt64Array(values.buffer, values.byteOffset, values.length));
      key = this.kernel.call("blend", [at, values.length], key);
      this.kernel.top = kept;
    };
    for (const values of Object.values(series)) blend(values);
    const lines = this.get("count", "lines");
    for (const name of ["week", "kind", "cartel", "other", "territory", "size", "cause"]) blend(whole(this.column("log", name), lines));
    for (const [, values] of this.lineage()) blend(values);
    return key.toString(16).padStart(16, "0");
  }
}

class Worlds {
  // Several worlds of `beginning.worlds`, and the policies that may be tried in them.
  //
  //   const worlds = await Worlds.open(kernel, header, deflatedBytes)
  //   const country = worlds.country(number, plans, spared, {rout: 0})   // plans as `beginning.plans` gives them, or the page's own:
  //   {lever, points: [[day, intensity], ...], ramp_weeks: 0, where: [], target: [], rank: null, mode: null}
  static async open(kernel, header, deflated) {
    const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Worlds(kernel, header, new Uint8Array(await new Response(stream).arrayBuffer()));
  }

  constructor(kernel, header, bytes) {
    this.kernel = kernel;
    this.header = header;
    this.bytes = bytes;
    this.known = new Map();
    this.pushes = new Map();
  }

  country(number, plans = [], spared = null, parameters = {}) {
    // World `number` under a policy, ready to run; `parameters` are other than the world draws them. Earlier countries of this kernel
    // are gone.
    const { kernel, header } = this, first = this.bytes.subarray(0, header.size);
    kernel.clear();
    let own = first;
    if (number > 0) {
      own = this.bytes.slice(number * header.size, (number + 1) * header.size);
      for (let at = 0; at < own.length; at++) own[at] ^= first[at];
    }
    const policy = this.policy(number, plans);
    const fields = header.fields.map((field) => (policy.fields[field.name] ? { ...field, ...policy.fields[field.name].about } : field));
    const country = new Country(kernel, { ...header, seed: header.seeds[number] }, own, spared, fields, policy);
    for (const [name, value] of Object.entries(parameters)) country.set("p", name, value);
    this.settle(country);
    return country;
  }

  settle(country) {
    // Tables that follow from parameters, and rates at rest (opening.py).
    const [rounds, step] = this.header.rest, inertia = country.get("p", "effort_inertia");
    country.call(this.header.again);
    country.set("p", "effort_inertia", Math.min(1.0, step * inertia));
    country.call("rest", rounds);
    country.set("p", "effort_inertia", inertia);
    for (const part of ["flow", "ledger"].map((name) => country.parts.get(name))) this.kernel.floats(part.at, part.names.length).fill(0.0);
  }

  formula(said, x, effect) {
    if (said === "x") return x;
    if (said === "effect") return effect;
    if (typeof said === "number") return said;
    const [what, ...parts] = said, [one, two] = parts.map((part) => this.formula(part, x, effect));
    if (what === "*") return one * two;
    return what === "-" ? -one : this.kernel.call("exp", one);
  }

  lagged(series, lag) {
    if (lag <= 0) return series.slice();
    const step = -this.kernel.call("expm1", -1.0 / lag);
    let level = 0.0;
    return series.map((aim) => (level += step * (aim - level)));
  }

  arriving(plan) {
    // Scheduled intensity, and what of it arrives, by week (policy.py, levers/definition.py).
    const name = JSON.stringify(plan);
    if (!this.known.has(name)) {
      const { weeks, start } = this.header, lever = this.header.levers[plan.lever], x = new Float64Array(weeks);
      let level = 0.0;
      for (const [day, value] of plan.points) {
        const begin = Math.round((Date.parse(day) - Date.parse(start)) / 86400000) / 7.0;
        for (let now = 0; now < weeks; now++) {
          if (now >= begin) x[now] = level + (value - level) * (plan.ramp_weeks ? Math.min(1.0, (now - begin + 1.0) / plan.ramp_weeks) : 1.0);
        }
        level = value;
      }
      const factor = lever.kept * this.kernel.call("log", 1.0 - 1.0 / lever.ceiling);
      const delivered = x.map((value) => -lever.ceiling * this.kernel.call("expm1", factor * value));
      this.known.set(name, [x, this.lagged(delivered, lever.lag)]);
    }
    return this.known.get(name);
  }

  pushing(number, plan) {
    // By handle: how a plan moves it in every week of a world, null where it does not. Kept, since a visitor moves one plan of many.
    const { header } = this, name = `${number} ${JSON.stringify(plan)}`;
    if (this.pushes.size > MOST_PUSHES) this.pushes.clear();
    if (!this.pushes.has(name)) {
      const arrives = this.arriving(plan)[1], effect = header.effects[number][Object.keys(header.levers).indexOf(plan.lever)];
      const { pressed } = header.levers[plan.lever], unpressed = plan.rank ? header.unpressed[plan.rank] : null;
      const push = ([handle]) => (pressed[handle] && handle !== unpressed ? arrives.map((x) => this.formula(pressed[handle], x, effect)) : null);
      this.pushes.set(name, header.handles.map(push));
    }
    return this.pushes.get(name);
  }

  policy(number, wished) {
    // What levers press in every week and zone, and what they cost (policy.py).
    const { header } = this, { weeks, handles, places, states, founders } = header;
    const plans = wished.filter((plan) => plan.points.some(([, value]) => value !== 0));
    const neutral = handles.map(([, combine]) => (combine === "add" ? 0.0 : 1.0));
    const pushes = plans.map((plan) => this.pushing(number, plan));
    const inside = (place, where) => where.includes(places[place]) || where.includes(states[place]);
    const key = (picked) => picked.join();
    const here = places.map((_, place) => [...plans.keys()].filter((i) => plans[i].where.length && inside(place, plans[i].where)));
    const hunted = founders.map((founder) => [...plans.keys()].filter((i) => plans[i].target.includes(founder)));
    const zones = new Map([["", []]]);
    for (const aimed of [...here, ...hunted]) if (!zones.has(key(aimed))) zones.set(key(aimed), aimed);
    const zone = new Map([...zones.keys()].map((name, at) => [name, at]));
    const free = [...plans.keys()].filter((i) => !plans[i].where.length && !plans[i].target.length);
    const cube = new Float64Array(weeks * zones.size * handles.length);
    [...zones.values()].forEach((aimed, at) => {
      const picked = [...free, ...aimed].sort((one, two) => one - two);
      handles.forEach(([, combine], h) => {
        const moved = picked.map((i) => pushes[i][h]).filter(Boolean);
        for (let week = 0; week < weeks; week++) {
          let total = neutral[h];
          for (const push of moved) total = combine === "add" ? total + push[week] : total * push[week];
          cube[(week * zones.size + at) * handles.length + h] = total;
        }
      });
    });
    const attempts = handles.findIndex(([name]) => name === "kingpin_attempts"), insistent = [...plans.keys()].filter((i) => plans[i].mode);
    const insisting = new Float64Array(weeks * insistent.length);
    insistent.forEach((i, at) => {
      for (let week = 0; week < weeks; week++) insisting[week * insistent.length + at] = pushes[i][attempts] ? pushes[i][attempts][week] : 0.0;
    });
    const modes = BigInt64Array.from(insistent, (i) => BigInt(header.causes[plans[i].mode]));
    const push = new Float64Array(zones.size * handles.length).map((_, at) => neutral[at % handles.length]);
    const array = (values, shape) => ({ about: { shape }, values });
    return {
      fields: {
        cube: array(cube, [weeks, zones.size, handles.length]), push: array(push, [zones.size, handles.length]),
        insisting: array(insisting, [weeks, insistent.length]), modes: array(modes, [insistent.length]),
        aim: array(new Float64Array(zones.size), [zones.size]),
      },
      places: here.map((aimed) => zone.get(key(aimed))), founders: hunted.map((aimed) => zone.get(key(aimed))), weekly: this.costs(plans),
    };
  }

  costs(plans) {
    // US$ a week at mid prices (policy.py).
    const { header } = this, { weeks } = header, zeros = () => new Float64Array(weeks);
    const [stages, lag, began] = header.aid;
    const total = zeros(), us = zeros(), obligated = zeros();
    for (const plan of plans) {
      const lever = header.levers[plan.lever], x = this.arriving(plan)[0];
      const inside = (place) => plan.where.includes(header.places[place]) || plan.where.includes(header.states[place]);
      const reach = plan.where.length ? header.shares.reduce((sum, share, place) => (inside(place) ? sum + share : sum), 0) : 1.0;
      const price = 1e6 * (lever.local ? reach : 1.0) * lever.price;
      const aid = !lever.demand && !header.american.includes(plan.lever);
      for (let week = 0; week < weeks; week++) {
        const cost = ((price * x[week]) * 7.0) / 365.2425;
        total[week] += cost;
        us[week] += lever.payer * cost;
        if (aid && week >= began) obligated[week] += lever.payer * cost;
      }
    }
    let spent = obligated;
    for (let stage = 0; stage < stages; stage++) spent = this.lagged(spent, lag / stages);
    return {
      policy_cost_usd: total, policy_cost_usd_us: us, policy_cost_usd_mx: total.map((cost, week) => cost - us[week]),
      aid_obligated_usd: obligated, aid_spent_usd: spent,
    };
  }
}

if (typeof module !== "undefined") module.exports = { Kernel, Country, Worlds };
