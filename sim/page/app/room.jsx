// A class that is connected: the pupil's page, the board on the projector, the teacher's page.
import * as Plot from "@observablehq/plot";
import {useEffect, useLayoutEffect, useRef, useState} from "preact/hooks";
import {Picture} from "./picture.jsx";
import {Arms, ClassPicture, Explain, Figures, Glossary, Judged, Notes, Observe, Paragraphs, Predict, Sheets, blankGuess, data, kept, lesson, say, useCodes} from "./parts.jsx";
import {Fall} from "./fall.jsx";
import {Mixes, Move} from "./move.jsx";
import {number} from "./words.js";

const ROLES = [0, 1, 2, 3, 4], SHOWN = ["class", "model", "open"], ANSWERED = ["model", "open"];

/** The state of the class as the server tells it, and whether it is heard. */
function useClass(path) {
  const [state, setState] = useState(null), [heard, setHeard] = useState(true), [turn, again] = useState(0);
  useEffect(() => {
    const source = new EventSource(path);
    source.onmessage = (event) => { setState(JSON.parse(event.data)); setHeard(true); };
    source.onopen = () => setHeard(true);
    let timer;
    source.onerror = () => { setHeard(false); if (source.readyState === EventSource.CLOSED) timer = setTimeout(() => again((n) => n + 1), 2000); };
    return () => { source.close(); clearTimeout(timer); };
  }, [path, turn]);
  return [state, heard, () => again((n) => n + 1)];
}

/** Ask for something; nothing, or why not. */
async function post(path, what) {
  try {
    const answer = await fetch(path, {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(what)});
    if (answer.ok) return "";
    const told = answer.status === 409 ? await answer.json() : {};
    return say(told.reason ?? "unreachable");
  } catch { return say("unreachable"); }
}

/** The model's answer, as far as it is shown; asked for again at every stage. */
function useAnswers(state) {
  const [answers, setAnswers] = useState(null), key = state && ANSWERED.includes(state.stage) ? `${state.round} ${state.stage}` : "";
  useEffect(() => {
    let over = false, timer;
    const load = () => fetch("/answers").then((answer) => (answer.ok ? answer.json() : Promise.reject())).then((found) => { if (!over) setAnswers(found); }, () => { if (!over) timer = setTimeout(load, 1500); });
    setAnswers(null);
    if (key) load();
    return () => { over = true; clearTimeout(timer); };
  }, [key]);
  return key ? answers : null;
}

/** The model: to take a head from before the class begins, and once everybody may move its levers. */
function useModel(state) {
  const [model, setModel] = useState(null), wanted = state?.stage === "open" || (state?.stage === "lobby" && Boolean(state.mine && lesson.fall));
  useEffect(() => {
    if (!wanted || model) return undefined;
    let timer;
    const load = () => fetch("/model.json").then((answer) => (answer.ok ? answer.json() : Promise.reject())).then(setModel, () => { timer = setTimeout(load, 1500); });
    load();
    return () => clearTimeout(timer);
  }, [wanted, model]);
  return wanted ? model : null;
}

/** A mix for the board, with the reason why it should hold elsewhere too. */
function Send({mix}) {
  const [reason, setReason] = useState(""), [told, tell] = useState("");
  const send = (event) => { event.preventDefault(); post("/mix", {...mix, reason: Number(reason)}).then((why) => tell(why || say("mix_sent"))); };
  return (
    <form onSubmit={send}><label>{say("mix_why")} <select required value={reason} onChange={(event) => setReason(event.currentTarget.value)}><option value="" />{lesson.reasons.map((text, k) => <option key={text} value={k}>{text}</option>)}</select></label>
      {" "}<button class="main">{say("mix_send")}</button> <span role="status">{told}</span></form>
  );
}

const Lost = ({heard}) => <p class="alert" role="status">{heard ? "" : say("unreachable")}</p>;
const role = (number_) => (number_ < 0 ? say("role_none") : say(`role_${number_}`));

/** The pupil's page: come in, draw, wait, see. */
export function Classroom() {
  const [state, heard, again] = useClass("/events"), answers = useAnswers(state), model = useModel(state), [wrong, setWrong] = useState(""), [busy, setBusy] = useState(false);
  const mine = state?.mine, fixed = mine?.guess ?? null, [guess, setGuess] = useState(blankGuess), [arm, setArm] = useState(0);
  const place = state ? `${kept.key}-class-${data.url}-${state.round}` : "";
  useEffect(() => { // a reload loses nothing: what is drawn but not fixed is kept here, what is fixed comes back with the state
    if (!state) return;
    let draft = null;
    try { draft = JSON.parse(sessionStorage.getItem(place)); } catch { /* nothing kept */ }
    setGuess({...blankGuess(), ...draft, ...(lesson.choose ? {} : {arm: state.arm})});
    setArm(state.arm);
  }, [place]);
  useEffect(() => { if (place && !fixed) try { sessionStorage.setItem(place, JSON.stringify(guess)); } catch { /* nothing kept */ } }, [guess]);
  if (!state) return <main><h1>{lesson.title}</h1><Lost heard={heard} /></main>;
  const act = (path, what) => { setBusy(true); return post(path, what).then((why) => { setWrong(why); setBusy(false); return why; }); };
  const join = (as) => act("/join", {role: as}).then((why) => { if (!why) again(); });
  const fix = () => act("/guess", {round: state.round, guess: {...guess, arm: lesson.choose ? guess.arm : state.arm}});
  return (
    <>
      <header><h1>{lesson.title}</h1><p class="question">{lesson.question}</p></header>
      <main id="main">
        <Lost heard={heard} />{wrong && <p class="alert" role="alert">{wrong}</p>}
        {!mine && <><h2>{say("who")}</h2><p>{say("who_note")}</p>
          <div class="roles">{ROLES.map((one) => <button type="button" key={one} disabled={busy} onClick={() => join(one)}><b>{role(one)}</b><small>{say(`role_${one}_asks`)}</small></button>)}</div></>}
        {mine && <p class="seat">{say("your_seat", {number: mine.number, role: role(mine.role)})}</p>}
        {mine && state.stage === "lobby" && <><p><b>{say("wait_begin")}</b></p><Paragraphs texts={lesson.hook} />{model && <><h2>{say("fall")}</h2><Fall model={model} /></>}</>}
        {mine && state.stage === "guess" && !fixed && <><Paragraphs texts={lesson.predict} /><Predict guess={guess} setGuess={setGuess} onFix={fix} arm={state.arm} busy={busy} /></>}
        {mine && state.stage === "guess" && fixed && <><p class="done" role="status"><b>{say("fixed_wait", state)}</b> {fixed.second ? say("second_class") : ""}</p><Predict guess={fixed} setGuess={() => {}} fixed arm={state.arm} /></>}
        {mine && !fixed && SHOWN.includes(state.stage) && <p>{say("missed")}</p>}
        {state.stage === "class" && <><h2>{say("class")}</h2><p>{say("look_up")}</p><ClassPicture guesses={state.guesses} arm={lesson.choose && fixed ? fixed.arm : state.arm} /></>}
        {state.stage === "model" && (answers ? <><h2>{say("observe")}</h2>{fixed ? <Judged guess={fixed} answers={answers} go /> : <ClassPicture guesses={state.guesses} answers={answers} arm={state.arm} go />}</> : <p role="status">{say("loading")}</p>)}
        {state.stage === "open" && (answers?.observe ? <><h2>{say("observe")}</h2><Observe answers={answers} guess={fixed} arm={arm} setArm={setArm} go />
          <h2>{say("move")}</h2>{model ? <Move model={model} goal={answers.challenge} send={mine && ((mix) => <Send mix={mix} />)} /> : <p role="status">{say("loading")}</p>}
          <h2>{say("explain")}</h2><Explain answers={answers} arm={arm} setArm={setArm} /><h2>{say("debrief")}</h2><ul>{answers.debrief.map((text) => <li key={text}>{text}</li>)}</ul></> : <p role="status">{say("loading")}</p>)}
      </main>
      <footer><Glossary /><p>{say("model")}</p></footer>
    </>
  );
}

/** One circle a seat; full when its guess is fixed. */
function Seats({state}) {
  return <div class="seats" role="img" aria-label={say("fixed_of", state)}>{Array.from({length: Math.max(state.seats, state.fixed)}, (_, k) => <i key={k} class={k < state.fixed ? "full" : ""} />)}</div>;
}

function Join({state, small}) {
  return (
    <div class={small ? "join small" : "join"}><img src="/qr.svg" alt={say("qr_alt", {url: data.url})} />
      <div><p>{say("join")}</p><p class="address">{data.url.replace("http://", "")}</p>{!small && <p class="count" role="status">{say("here", state)}</p>}{!state.door && <p>{say("door_closed")}</p>}</div>
    </div>
  );
}

/** Where each role ends its lines. */
function ByRole({guesses, answer}) {
  const rows = guesses.filter((one) => one.role >= 0).map((one) => ({role: role(one.role), value: one.line.at(-1)})), ends = answer?.policy.map((path) => path.at(-1));
  if (rows.length < 4) return null;
  const last = lesson.years.at(-1), roles = ROLES.map(role).filter((one) => rows.some((row) => row.role === one));
  return (
    <figure><figcaption><b>{say("by_role", {last})}</b>{ends ? ` ${say("by_role_worlds")}` : ""}</figcaption>
      <Picture deps={[guesses, answer]} label={`${say("by_role", {last})} ${roles.map((one) => `${one}: ${rows.filter((row) => row.role === one).map((row) => number(row.value)).join(", ")}`).join("; ")}`} make={(width, type) => Plot.plot({
        width, height: (2.6 * roles.length + 3) * type, marginLeft: Math.min(0.4 * width, 13 * type), marginRight: type, marginBottom: 2 * type, style: {fontSize: `${type}px`}, className: "plot",
        x: {domain: [0, lesson.top], label: null, ticks: Math.min(6, width / (9 * type)), tickFormat: (x) => number(x), grid: true}, y: {domain: roles, label: null, axis: null},
        marks: [
          Plot.axisY({lineWidth: Math.min(12, 0.36 * width / type), tickSize: 0, label: null}),
          ends && Plot.rectX([0], {x1: Math.min(...ends), x2: Math.max(...ends), fill: "var(--policy)", fillOpacity: 0.22}),
          Plot.dot(rows, {x: "value", y: "role", r: 0.42 * type, fill: "var(--mine)", fillOpacity: 0.75, stroke: "var(--page)"}),
        ].filter(Boolean),
      })} />
    </figure>
  );
}

/** The projector: nothing on it can be pressed, and nothing on it is anybody's before its time. */
export function Board() {
  const [state, heard] = useClass("/events?board"), answers = useAnswers(state), model = useModel(state), head = useRef();
  useLayoutEffect(() => { document.body.classList.add("board"); scrollTo(0, 0); }, [state?.stage]);
  if (!state) return <main><h1>{lesson.title}</h1><Lost heard={heard} /></main>;
  const answer = answers?.arms[lesson.arms[state.arm].id];
  return (
    <main>
      <header><h1 ref={head}>{lesson.title}</h1>{!["lobby"].includes(state.stage) && <Join state={state} small />}</header>
      <Lost heard={heard} />
      {state.stage === "lobby" && <><p class="question">{lesson.question}</p><Join state={state} /><Seats state={state} /></>}
      {state.stage === "guess" && <><p class="question">{lesson.question}</p>{!lesson.choose && <p>{say("asked_arm", {arm: lesson.arms[state.arm].title})}</p>}<p class="count" role="status">{say("fixed_of", state)}</p><Seats state={state} /></>}
      {state.stage === "open" && model && answers?.challenge && <Mixes mixes={state.mixes} goal={answers.challenge} model={model} />}
      {SHOWN.includes(state.stage) && <><p class="question">{say("asked_arm", {arm: lesson.arms[state.arm].title})}</p>
        <ClassPicture guesses={state.guesses} answers={answers} arm={state.arm} go={ANSWERED.includes(state.stage)} /><ByRole guesses={state.guesses} answer={answer} />
        {answer && <Figures answers={answers} arm={state.arm} />}</>}
    </main>
  );
}

/** The teacher's page: what comes next, who is here, codes, the notes. */
export function Control() {
  const here = location.pathname, [state, heard] = useClass(`${here}/events`), [wrong, setWrong] = useState(""), [text, setText] = useState(""), [codes, bad] = useCodes(text), [arm, setArm] = useState(blankGuess().arm);
  if (!state) return <main><h1>{lesson.title}</h1><Lost heard={heard} /></main>;
  const act = (what) => post(`${here}/do`, what).then(setWrong);
  const next = {lobby: "guess", guess: "class", class: "model", model: "open"}[state.stage], free = !lesson.choose && lesson.arms.length > 2;
  const take = async () => { for (const {code, ...guess} of codes) await act({code, guess: {...guess, line: guess.line.map(Math.round), because: "", arm: lesson.choose ? guess.arm : state.arm}}); setText(""); };
  return (
    <>
      <header><h1>{say("control", {title: lesson.title})}</h1><p>{say("round_stage", {round: state.round, stage: say(`stage_${state.stage}`), arm: lesson.arms[state.arm].title})}</p></header>
      <main>
        <Lost heard={heard} />{wrong && <p class="alert" role="alert">{wrong}</p>}
        <section aria-labelledby="h-next"><h2 id="h-next">{say("next")}</h2>
          <p class="count" role="status">{state.stage === "lobby" ? say("here", state) : say("fixed_of", state)}</p><Seats state={state} />
          <p class="row">{next && <button type="button" class="main" onClick={() => act({stage: next})}>{say(`to_${next}`)}</button>} {state.stage === "class" && <button type="button" onClick={() => act({stage: "guess"})}>{say("back_guess")}</button>}
            <a href="/board" target="_blank" rel="noopener">{say("open_board")}</a> <a href={`${here}/class.csv`} download>{say("csv")}</a></p>
          {["model", "open"].includes(state.stage) && (free || lesson.choose) && <><h3>{say("another_round")}</h3>{!lesson.choose && <Arms name="round" arm={arm} pick={setArm} />}<p><button type="button" onClick={() => act({round: arm})}>{say("to_round")}</button></p></>}
        </section>
        <section aria-labelledby="h-in"><h2 id="h-in">{say("come_in")}</h2><Join state={state} />
          <p><button type="button" onClick={() => act({door: !state.door})}>{say(state.door ? "close_door" : "open_door")}</button></p>
          <details><summary>{say("seat_list", {count: state.list.length})}</summary><ul class="plain">{state.list.map((seat) => <li key={seat.number}>{seat.number} · {role(seat.role)} {seat.fixed ? "✓" : ""} {seat.here ? "" : say("away")} <button type="button" onClick={() => act({leave: seat.number})}>{say("free_seat")}</button></li>)}</ul></details>
          <details><summary>{say("codes")}</summary><p><label for="codes">{say("codes_note")}</label><textarea id="codes" rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} /></p>
            <div class="alert" role="alert">{bad.map((one) => <p key={one}>{one}</p>)}</div><p><button type="button" disabled={!codes.length || state.stage !== "guess"} onClick={take}>{say("take_codes", {count: codes.length})}</button></p></details>
        </section>
        <details><summary>{say("notes_hidden")}</summary><Notes teacher={data.teacher} answers={data.answers} /></details>
        <details><summary>{say("sheets")}</summary><Sheets /></details>
      </main>
    </>
  );
}
