// The parts of a lesson: guess, see, explain. They make the pupil's page, the teacher's, and the pages of a class that is connected.
import {Fragment} from "preact";
import {useMemo, useState} from "preact/hooks";
import {Bars, Dots, Guesses, change, spoken, verdict} from "./dots.jsx";
import {Draw, Reveal, along} from "./curve.jsx";
import {PAYERS, STOPS, decode, split} from "./codes.js";
import {speaker, told as data} from "./words.js";

export {told as data} from "./words.js";
export const {lesson, words, audience} = data;
export const say = speaker({...words, names: {}}, {names: {}});
export const kept = { // what this device remembers; a browser that forbids it remembers nothing
  key: `cartelitos-lesson-${lesson.name}`,
  read() { try { return JSON.parse(localStorage.getItem(this.key)) ?? {}; } catch { return {}; } },
  write(what) { try { localStorage.setItem(this.key, JSON.stringify(what)); } catch { /* nothing is kept */ } },
};

export const blankGuess = () => ({line: lesson.years.slice(lesson.known.length).map(() => null), asks: lesson.ask.map(() => null), payer: null, reason: null, because: "", arm: lesson.arms.findIndex((one) => one.id === lesson.about), second: false});
const complete = (guess) => guess.line.every((x) => x !== null) && [...guess.asks, guess.payer, guess.reason].every((x) => x !== null);
const position = (arm) => lesson.arms[arm].id.split("/");
const armOf = (places) => lesson.arms.findIndex((one) => one.id === places.join("/"));

export function Radios({name, legend, options, value, pick, disabled}) {
  return (
    <fieldset disabled={disabled}><legend>{legend}</legend><div class="options">{options.map(([key, text]) => (
      <label key={key}><input type="radio" name={name} value={key} checked={value === key} onChange={() => pick(key)} /><span>{text}</span></label>
    ))}</div></fieldset>
  );
}

/** Where the levers of the lesson stand. */
export function Arms({name, arm, pick, disabled}) {
  return <>{lesson.axes.map((axis, k) => <Radios key={axis.id} name={`${name}-${axis.id}`} legend={axis.title} options={axis.positions} value={position(arm)[k]} disabled={disabled} pick={(one) => pick(armOf(position(arm).with(k, one)))} />)}</>;
}

/** The same, small enough to stay beside what it moves. */
function Move({arm, pick}) {
  return (
    <div class="move" role="group" aria-label={say("move_arm")}>{lesson.axes.map((axis, k) => (
      <label key={axis.id}><span>{axis.title}</span> <select value={position(arm)[k]} onChange={(event) => pick(armOf(position(arm).with(k, event.currentTarget.value)))}>{axis.positions.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select></label>
    ))}</div>
  );
}

/** One outcome on a scale of stops; it says nothing until it is touched. */
function Ask({ask, value, pick, disabled}) {
  const touch = (event) => pick(Number(event.currentTarget.value)), id = `ask-${ask.metric}`;
  return (
    <div class="ask"><label for={id}><b>{ask.title}</b></label>{ask.about && <small> {ask.about}</small>}
      <input id={id} type="range" min={0} max={STOPS.length - 1} step={1} value={value ?? (STOPS.length - 1) / 2} disabled={disabled} class={value === null ? "untouched" : ""}
        aria-valuetext={value === null ? say("unanswered") : spoken(value, ask.unit, say)} onInput={touch} onClick={touch} onKeyUp={(event) => event.key.startsWith("Arrow") && touch(event)} />
      <div class="ends" aria-hidden="true"><span>{say("much_less")}</span><span>{say("as_much")}</span><span>{say("much_more")}</span></div>
      <output for={id}>{value === null ? say("unanswered") : spoken(value, ask.unit, say)}</output>
    </div>
  );
}

/** Everything that is guessed; it is fixed once. */
export function Predict({guess, setGuess, fixed, onFix, arm, busy}) {
  const [wrong, setWrong] = useState("");
  const move = (what) => setGuess((before) => ({...before, ...what}));
  const fix = (event) => { event.preventDefault(); if (complete(guess)) { setWrong(""); onFix(); } else setWrong(say(guess.line.includes(null) ? "incomplete_line" : "incomplete")); };
  return (
    <form onSubmit={fix}>
      {lesson.choose ? <><p>{say("choose")}</p><Arms name="pick" arm={guess.arm} pick={(one) => move({arm: one})} disabled={fixed} /><p role="status">{say("cost", {cost: lesson.arms[guess.arm].cost})}</p></>
        : <p><strong>{say("asked_arm", {arm: lesson.arms[arm ?? guess.arm].title})}</strong></p>}
      <h3>{say("draw", {first: lesson.since, last: lesson.years.at(-1)})}</h3>
      <p>{say("draw_how")}</p>
      <Draw lesson={lesson} say={say} line={guess.line} setLine={(make) => setGuess((before) => ({...before, line: make(before.line)}))} fixed={fixed} />
      {!fixed && guess.line.some((x) => x !== null) && <p><button type="button" onClick={() => move({line: guess.line.map(() => null)})}>{say("draw_again")}</button></p>}
      <Radios name="payer" legend={say("payer")} options={PAYERS.map((key, k) => [k, say(`payer_${key}`)])} value={guess.payer} pick={(payer) => move({payer})} disabled={fixed} />
      <fieldset disabled={fixed}><legend>{say("ask", {years: lesson.years.length})}</legend>{lesson.ask.map((ask, k) => <Ask key={ask.metric} ask={ask} value={guess.asks[k]} pick={(one) => move({asks: guess.asks.with(k, one)})} disabled={fixed} />)}</fieldset>
      <Radios name="reason" legend={say("why")} options={lesson.reasons.map((text, k) => [k, text])} value={guess.reason} pick={(reason) => move({reason})} disabled={fixed} />
      <p><label for="because">{say("because")}</label><textarea id="because" rows={2} maxLength={300} value={guess.because} disabled={fixed} onInput={(event) => move({because: event.currentTarget.value})} /></p>
      <p class="alert" role="alert">{wrong}</p>
      {!fixed && <p><button class="main" disabled={busy}>{say("fix")}</button></p>}
    </form>
  );
}

/** Who pays, as the model's prices say it. */
export function paid(answer) {
  return {right: PAYERS.indexOf(answer.payer), text: answer.payer === "none" ? say("paid_none") : say("paid", {us: answer.cost.us, mx: answer.cost.mx})};
}

/** One pupil's guess, judged by the worlds. */
export function Judged({guess, answers, go}) {
  const answer = answers.arms[lesson.arms[guess.arm].id], {right, text} = paid(answer);
  return (
    <>
      <Reveal lesson={lesson} say={say} line={guess.line} answers={answers} arm={guess.arm} go={go} />
      <p><b>{say("payer")}</b> {say("you_said", {what: say(`payer_${PAYERS[guess.payer]}`)})} {guess.payer === right ? "✓ " : ""}{text}</p>
      <div class="pair">{lesson.ask.map((ask, k) => <Guesses key={ask.metric} title={ask.title} unit={ask.unit} guesses={[guess.asks[k]]} mine={guess.asks[k]} each={answer.metrics[ask.metric].each} say={say} />)}</div>
      <p>{say("reason", {why: [lesson.reasons[guess.reason], guess.because].filter(Boolean).join(" – ")})}</p>
    </>
  );
}

/** What an arm does to every outcome of the lesson. */
export function Figures({answers, arm}) {
  const answer = answers.arms[lesson.arms[arm].id];
  if (answer.usual === lesson.arms[arm].id) return <p>{say("no_change")}</p>;
  return (
    <>
      <p class="legend"><span><i class="key down" />{say("dot_less")}</span><span><i class="key up" />{say("dot_more")}</span><span>{say("dot_mean")}</span><span>{say("year_band", {pairs: lesson.pairs})}</span></p>
      <div class="pair">{lesson.outcomes.map(({metric, title}) => <Dots key={metric} title={title} found={answer.metrics[metric]} say={say} years={lesson.years} />)}</div>
      <Numbers answer={answer} />
    </>
  );
}

function Numbers({answer}) {
  return (
    <details><summary>{say("tables")}</summary><div class="wide" tabIndex={0} role="region" aria-label={say("tables")}><table>
      <thead><tr><th scope="col">{say("outcome")}</th><th scope="col">{say("mean")}</th><th scope="col">{say("interval")}</th><th scope="col">{say("up")}</th></tr></thead>
      <tbody>{lesson.outcomes.map(({metric, title}) => { const found = answer.metrics[metric]; return <tr key={metric}><th scope="row">{title}</th><td>{change(found.mean, found.unit)}</td><td>{say("range", {low: change(found.low, found.unit), high: change(found.high, found.unit)})}</td><td>{found.more}/{found.each.length}</td></tr>; })}</tbody>
    </table></div></details>
  );
}

const GLOSSARY = new Map(data.glossary.flatMap((entry) => [entry.word, ...(entry.also ?? [])].map((word) => [word, entry])));
const WORDS = new RegExp(`(?<!\\p{L})(${[...GLOSSARY.keys()].sort((a, b) => b.length - a.length).join("|")})(?!\\p{L})`, "iu");

/** A text in which the first word of the glossary leads to it. */
function Glossed({text}) {
  const found = WORDS.exec(text), entry = found && GLOSSARY.get(found[0].toLowerCase());
  if (!entry) return text;
  const open = () => { const list = document.getElementById("glossary"); if (list) list.open = true; };
  return <>{text.slice(0, found.index)}<a class="term" href={`#word-${data.glossary.indexOf(entry)}`} title={entry.text} onClick={open}>{found[0]}</a>{text.slice(found.index + found[0].length)}</>;
}

export const Paragraphs = ({texts}) => <>{texts.map((text) => <p key={text}><Glossed text={text} /></p>)}</>;

export function Glossary() {
  return <details id="glossary"><summary>{say("glossary")}</summary><dl>{data.glossary.map(({word, text}, k) => <Fragment key={word}><dt id={`word-${k}`} tabIndex={-1}>{word}</dt><dd>{text}</dd></Fragment>)}</dl></details>;
}

export function Observe({answers, guess, arm, setArm, go, children}) {
  return (
    <>
      {guess && <Judged guess={guess} answers={answers} go={go} />}
      {children}
      <Paragraphs texts={answers.observe} />
      <h3>{say("figures")}</h3>
      <div><Move arm={arm} pick={setArm} /><Figures answers={answers} arm={arm} /></div>
    </>
  );
}

export function Explain({answers, arm, setArm}) {
  const answer = answers.arms[lesson.arms[arm].id], same = answer.usual === lesson.arms[arm].id;
  return (
    <>
      <h3>{say("chain")}</h3><div><Move arm={arm} pick={setArm} />
      {same ? <p>{say("no_change")}</p> : <ol class="chain">{answers.chain.map(({metric, title, text}) => <li key={metric}><Dots title={title} found={answer.metrics[metric]} say={say} /><p>{text}</p></li>)}</ol>}</div>
      <Paragraphs texts={answers.explain} />
    </>
  );
}

function printPart(part) { document.body.dataset.print = part; for (const one of document.querySelectorAll(`#${part} details`)) one.open = true; print(); delete document.body.dataset.print; }

export function Sheets() {
  return (
    <>
      <p><button type="button" onClick={() => printPart("worksheet")}>{say("print_worksheet")}</button> {lesson.roles.length > 0 && <button type="button" onClick={() => printPart("roles")}>{say("print_roles")}</button>}</p>
      <div id="worksheet" class="sheet"><h3>{lesson.title}</h3><p>{say("name")}: <span class="blank" /></p><p>{lesson.question}</p>
        {lesson.choose ? lesson.axes.map((axis) => <p key={axis.id}>{axis.title}: {axis.positions.map(([, text]) => `☐ ${text}`).join("   ")}</p>) : <p>{say("asked_arm", {arm: lesson.arms.find((one) => one.id === lesson.about).title})}</p>}
        <p>{say("draw", {first: lesson.since, last: lesson.years.at(-1)})}</p>
        <Draw lesson={lesson} say={say} line={blankGuess().line} setLine={() => {}} fixed />
        <p>{say("payer")} {PAYERS.map((key) => `☐ ${say(`payer_${key}`)}`).join("   ")}</p>
        <p>{say("ask", {years: lesson.years.length})}</p>
        <table><tbody>{lesson.ask.map((ask) => <tr key={ask.metric}><th scope="row">{ask.title}</th><td>☐ {say("much_less")} ☐ {say("less")} ☐ {say("as_much")} ☐ {say("more")} ☐ {say("much_more")}</td></tr>)}</tbody></table>
        <p>{say("why")}</p><ul class="plain">{lesson.reasons.map((text) => <li key={text}>☐ {text}</li>)}</ul>
        <ol>{lesson.worksheet.map((one) => <li key={one.ask}>{one.ask}{Array.from({length: one.lines}, (_, k) => <div class="line" key={k} />)}</li>)}</ol>
      </div>
      {lesson.roles.length > 0 && <div id="roles"><h3>{say("roles")}</h3>{lesson.roles.map((role) => <article class="card" key={role.title}><h4>{role.title}</h4><p>{role.text}</p></article>)}</div>}
    </>
  );
}

export function Notes({teacher, answers}) {
  return (
    <div id="notes">
      <p><button type="button" onClick={() => printPart("notes")}>{say("print_notes")}</button></p>
      <h3>{say("plan")}</h3><ul>{lesson.minutes.map(([step, minutes]) => <li key={step}>{say("plan_row", {minutes, step: say(step)})}</li>)}</ul>
      <h3>{say("notes")}</h3><Paragraphs texts={teacher.notes} />
      <h3>{say("expected")}</h3><p>{say("expected_note")}</p>
      {lesson.arms.filter((arm) => answers.arms[arm.id].usual !== arm.id).map((arm) => (
        <details key={arm.id} open={arm.id === lesson.about}><summary>{arm.title} ({say("cost", {cost: answers.arms[arm.id].cost.total})})</summary>
          <ul>{lesson.outcomes.map(({metric, title}) => <li key={metric}><b>{title}</b>: {verdict(answers.arms[arm.id].metrics[metric], say)}</li>)}</ul>
        </details>
      ))}
      <h3>{say("misconceptions")}</h3><dl>{teacher.misconceptions.map(([says, answer]) => <Fragment key={says + answer}><dt>{says}</dt><dd>{answer}</dd></Fragment>)}</dl>
      <h3>{say("care")}</h3><Paragraphs texts={teacher.care} />
      <h3>{say("sources")}</h3><ul>{teacher.sources.map((text) => <li key={text}>{text}</li>)}</ul>
    </div>
  );
}

/** A class's guesses; with answers, the worlds as well. */
export function ClassPicture({guesses, answers, arm, go}) {
  const first = guesses.filter((guess) => !guess.second), chosen = lesson.choose ? guesses.filter((guess) => guess.arm === arm) : first;
  const shown = lesson.choose ? chosen.filter((guess) => !guess.second) : first, answer = answers?.arms[lesson.arms[arm].id];
  const truth = answer && paid(answer), near = answer ? shown.map((guess) => along(guess.line, answer.policy, lesson.known.length).near) : [];
  return (
    <>
      <p role="status">{say("class_count", {count: first.length})} {guesses.length > first.length ? say("class_second", {count: guesses.length - first.length}) : ""}{lesson.choose ? ` ${say("class_arm", {count: shown.length, arm: lesson.arms[arm].title})}` : ""}</p>
      <Reveal lesson={lesson} say={say} lines={shown} answers={answers} arm={arm} go={go} />
      {answer && shown.length > 0 && <p><b>{say("class_inside", {some: near.filter((n) => n > 0).length, count: shown.length, best: Math.max(...near), pairs: answer.policy.length})}</b></p>}
      <div class="pair">
        {lesson.ask.map((ask, k) => <Guesses key={ask.metric} title={ask.title} unit={ask.unit} guesses={shown.map((guess) => guess.asks[k])} each={answer?.metrics[ask.metric].each} say={say} />)}
        <Bars title={say("payer")} truth={truth?.text} rows={PAYERS.map((key, k) => ({text: say(`payer_${key}`), count: shown.filter((guess) => guess.payer === k).length, right: truth?.right === k}))} />
        <Bars title={say("class_reasons")} rows={lesson.reasons.map((text, k) => ({text, count: shown.filter((guess) => guess.reason === k).length}))} />
      </div>
    </>
  );
}

/** Codes of pupils who are not connected, as a class. */
export function useCodes(text) {
  return useMemo(() => {
    const seen = new Map(), wrong = [];
    for (const written of split(text)) {
      const found = decode(written, lesson);
      if (found.wrong) wrong.push(say(...found.wrong));
      else if (seen.has(found.code)) wrong.push(say("twice", {code: written}));
      else seen.set(found.code, found);
    }
    return [[...seen.values()], wrong];
  }, [text]);
}
