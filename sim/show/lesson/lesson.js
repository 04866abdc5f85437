"use strict";

// A lesson in the browser. The state is the address: #step=observe&arm=double&code=ABC-DEFG&because=...
// A code is one prediction: 30 bits as six characters (guesses, reason, arm, and a number that tells pupils apart), and a check.

const lesson = JSON.parse(document.getElementById("about").textContent);
const metrics = Object.keys(lesson.predict), spans = Object.keys(lesson.spans), reasons = Object.keys(lesson.reasons), arms = Object.keys(lesson.arms);
const say = (key, blanks = {}) => lesson.words[key].replace(/\{(\w+)\}/g, (all, name) => blanks[name] ?? all);
const find = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const make = (tag, text, kind) => Object.assign(document.createElement(tag), {textContent: text ?? "", className: kind ?? ""});

// codes ------------------------------------------------------------------------------------------------------------------------

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", DATA = 6, PRIME = 37;
const SIZES = [...metrics.map(() => spans.length), 8, 256]; // guesses, reason, arm; what is left of 30 bits tells pupils apart
const ROOM = Math.floor(2 ** 30 / SIZES.reduce((a, b) => a * b));

const fnv = (text) => [...new TextEncoder().encode(text)].reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261);
const check = (digits) => digits.reduce((sum, digit, place) => sum + (place + 1) * digit, fnv(lesson.name)) % PRIME;

function encode(prediction) { // -> "ABC-DEFG"
  const parts = [...prediction.guesses, prediction.reason, prediction.arm];
  for (;;) {
    let value = crypto.getRandomValues(new Uint32Array(1))[0] % ROOM;
    for (let k = parts.length - 1; k >= 0; k--) value = value * SIZES[k] + parts[k];
    const digits = Array.from({length: DATA}, (_, place) => Math.floor(value / 32 ** (DATA - 1 - place)) % 32);
    const last = check(digits); // a remainder that has no letter of its own: draw again
    if (last < 32) { const text = [...digits, last].map((digit) => LETTERS[digit]).join(""); return `${text.slice(0, 3)}-${text.slice(3)}`; }
  }
}

function decode(written) { // -> {guesses, reason, arm, code}, or {wrong}
  const text = written.toUpperCase().replace(/[-–—.]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (text.length !== DATA + 1) return {wrong: say("bad_length", {code: written, length: text.length})};
  const digits = [...text].map((letter) => LETTERS.indexOf(letter));
  if (digits.includes(-1)) return {wrong: say("bad_letter", {code: written, letter: text[digits.indexOf(-1)]})};
  let value = digits.slice(0, DATA).reduce((sum, digit) => sum * 32 + digit, 0);
  const parts = SIZES.map((size) => { const part = value % size; value = Math.floor(value / size); return part; });
  const [reason, arm] = parts.slice(-2);
  if (check(digits.slice(0, DATA)) !== digits[DATA] || reason >= reasons.length || arm >= arms.length) return {wrong: say("bad_check", {code: written})};
  return {guesses: parts.slice(0, metrics.length), reason, arm, code: text};
}

// the seal ---------------------------------------------------------------------------------------------------------------------

let opened = null;

async function unseal() { // as sim/show/lesson/seal.py sealed it
  if (opened) return opened;
  const bytes = Uint8Array.from(atob(find("sealed").textContent), (letter) => letter.charCodeAt(0));
  let state = fnv(lesson.name);
  for (let k = 0; k < bytes.length; k++) {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    bytes[k] ^= state & 255;
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  opened = JSON.parse(await new Response(stream).text());
  return opened;
}

// state ------------------------------------------------------------------------------------------------------------------------

const LOCKED = ["observe", "explain", "debrief"], STEPS = ["hook", "predict", ...LOCKED, "sheets", "teacher"];
const state = {step: "hook", arm: lesson.about, code: "", because: ""};
let prediction = null;

function recall() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(state)) if (said.has(key)) state[key] = said.get(key);
  if (!STEPS.includes(state.step)) state.step = "hook";
  if (!arms.includes(state.arm)) state.arm = lesson.about;
  const found = state.code ? decode(state.code) : {wrong: ""};
  prediction = "wrong" in found ? null : found;
  if (!prediction) state.code = "";
}

const remember = () => history.replaceState(null, "", "#" + new URLSearchParams(Object.entries(state).filter(([, value]) => value)));

// what is shown ----------------------------------------------------------------------------------------------------------------

function go(step, {focus = true} = {}) {
  state.step = step;
  for (const section of all("main > section")) section.hidden = section.id !== step;
  carry(step);
  for (const button of all("nav [data-step]")) {
    if (!prediction && LOCKED.includes(button.dataset.step)) button.dataset.locked = say("locked_step"); else delete button.dataset.locked;
    if (button.dataset.step === step) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current");
  }
  remember();
  if (focus) { find(`h-${step}`).focus({preventScroll: true}); scrollTo(0, 0); }
}

function carry(step) { // the levers stand where the step has a place for them
  const place = document.querySelector(`#${step} [data-move]`);
  if (place) place.append(find("move"));
  find("move").hidden = !place;
}

function put(part) {
  const place = document.querySelector(`[data-part=${part}]`);
  if (place.childNodes.length) return;
  place.innerHTML = opened.parts[part];
  place.parentElement.querySelector(".lock").hidden = true;
}

async function reveal() {
  try { await unseal(); } catch { find("wrong").textContent = say("too_old"); return; }
  LOCKED.forEach(put);
  for (const field of find("form").elements) field.disabled = true;
  find("commit").hidden = true;
  find("done").hidden = false;
  find("code").textContent = say("code", {code: state.code});
  metrics.forEach((metric, k) => { tick(`guess-${metric}`, spans[prediction.guesses[k]]); });
  tick("reason", reasons[prediction.reason]);
  find("because").value = state.because;
  stand("pick", arms[prediction.arm]);
  price();
  judge();
  carry(state.step);
  show(state.arm);
}

function judge() {
  const counts = opened.arms[arms[prediction.arm]].counts, table = make("table"), head = make("tr");
  table.append(make("caption", `${say("judgement", {pairs: lesson.pairs})}; ${say("judged_arm", {arm: lesson.arms[arms[prediction.arm]]})}`));
  head.append(make("td"), ...spans.map((span) => Object.assign(make("th", lesson.spans[span]), {scope: "col"})));
  table.append(make("thead"), make("tbody"));
  table.tHead.append(head);
  metrics.forEach((metric, k) => {
    const row = make("tr");
    row.append(Object.assign(make("th", lesson.predict[metric]), {scope: "row"}));
    counts[metric].forEach((count, span) => {
      const own = span === prediction.guesses[k];
      row.append(make("td", own ? `▶ ${count}` : count, own ? "own" : ""));
    });
    table.tBodies[0].append(row);
  });
  const wide = Object.assign(make("div", "", "wide"), {tabIndex: 0});
  wide.setAttribute("role", "region");
  wide.setAttribute("aria-label", table.caption.textContent);
  wide.append(table);
  const why = [lesson.reasons[reasons[prediction.reason]], state.because].filter(Boolean).join(" — ");
  find("judgement").replaceChildren(wide, make("p", say("reason", {why})));
}

function show(arm) {
  state.arm = arm;
  stand("move", arm);
  find("figures").innerHTML = opened.arms[arm].figures;
  find("chain").innerHTML = opened.arms[arm].chain;
  for (const line of all(".shown")) line.textContent = say("shown", {arm: lesson.arms[arm]});
  remember();
}

// controls ---------------------------------------------------------------------------------------------------------------------

const sets = (use) => all("fieldset").filter((set) => set.querySelector(`[name^="${use}-"]`));
const tick = (name, value) => { const one = document.querySelector(`[name="${name}"][value="${value}"]`); if (one) one.checked = true; };
const stand = (use, arm) => sets(use).forEach((set, k) => tick(set.querySelector("input").name, arm.split("/")[k]));
const standing = (use) => sets(use).map((set) => set.querySelector(":checked").value).join("/");

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = new FormData(event.target);
  const guesses = metrics.map((metric) => spans.indexOf(said.get(`guess-${metric}`))), reason = reasons.indexOf(said.get("reason"));
  if (guesses.includes(-1) || reason === -1) { find("wrong").textContent = say("incomplete"); return; }
  find("wrong").textContent = "";
  const arm = arms.indexOf(lesson.choose ? standing("pick") : lesson.about);
  prediction = {guesses, reason, arm};
  Object.assign(state, {code: encode(prediction), because: find("because").value.trim(), arm: arms[arm]});
  reveal().then(() => { go("predict", {focus: false}); find("code").scrollIntoView({block: "center"}); });
});

function price() { // of what is chosen, where there is a choice: a cost is no result
  if (lesson.choose) find("price").textContent = `${say("cost")}: ${lesson.costs[standing("pick")]}`;
}

find("form").addEventListener("change", price);
find("move").addEventListener("change", () => show(standing("move")));

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.step) go(button.dataset.step);
  if (button.dataset.print) { for (const folded of all("#notes details")) folded.open = true; document.body.dataset.print = button.dataset.print; print(); delete document.body.dataset.print; }
  if (button.id === "open") unseal().then(() => { put("teacher"); find("h-teacher").focus(); }, () => { button.after(make("p", say("too_old"))); });
  if (button.id === "draw") draw();
});

// the class --------------------------------------------------------------------------------------------------------------------

function draw() {
  const seen = new Map(), wrong = [];
  for (const written of find("codes").value.split(/[\s,;]+/).filter(Boolean)) {
    const found = decode(written);
    if ("wrong" in found) wrong.push(found.wrong);
    else if (seen.has(found.code)) wrong.push(say("twice", {code: written}));
    else seen.set(found.code, found);
  }
  const pupils = [...seen.values()];
  find("bad").replaceChildren(...wrong.map((text) => make("p", text)));
  find("class").replaceChildren(...(pupils.length ? picture(pupils) : [make("p", say("no_codes"))]));
}

function picture(pupils) {
  const key = make("p"), share = (some) => some.length / pupils.length;
  key.append(make("span", "", "key"), say("class_key") + " ", make("span", "", "key worlds"), say("worlds_key"));
  const parts = [make("p", say("class_count", {count: pupils.length})), key];
  metrics.forEach((metric, k) => {
    const bars = spans.map((span, number) => {
      const mine = pupils.filter((pupil) => pupil.guesses[k] === number);
      const worlds = pupils.reduce((sum, pupil) => sum + opened.arms[arms[pupil.arm]].counts[metric][number], 0) / pupils.length;
      return [lesson.spans[span], [["", share(mine), mine.length], ["worlds", worlds / lesson.pairs, say("of", {count: +worlds.toFixed(1), pairs: lesson.pairs})]]];
    });
    parts.push(make("h4", lesson.predict[metric]), chart(bars));
  });
  const tally = (names, texts, key) => chart(names.map((name, number) => {
    const some = pupils.filter((pupil) => pupil[key] === number);
    return [texts[name], [["", share(some), some.length]]];
  }).filter(([, [[, , count]]]) => count || key === "reason")); // of many arms, those that somebody chose
  parts.push(make("h4", say("class_reasons")), tally(reasons, lesson.reasons, "reason"));
  if (lesson.choose) parts.push(make("h4", say("class_arms")), tally(arms, lesson.arms, "arm"));
  return parts;
}

function chart(rows) {
  const grid = make("div", "", "bars");
  for (const [label, bars] of rows) {
    const name = make("span", label, "span");
    name.style.gridRow = `span ${bars.length}`;
    grid.append(name);
    for (const [kind, share, count] of bars) {
      const bar = make("span", "", `bar ${kind}`);
      bar.style.width = `${100 * share}%`;
      grid.append(bar, make("span", String(count)));
    }
  }
  return grid;
}

// begin ------------------------------------------------------------------------------------------------------------------------

recall();
stand("pick", state.arm);
price();
go(state.step, {focus: false});
if (prediction) reveal();
addEventListener("hashchange", () => location.reload());
