// A lesson's page: the pupil's, the teacher's, or one of a class that is connected.
import {render} from "preact";
import {useEffect, useLayoutEffect, useRef, useState} from "preact/hooks";
import {Board, Classroom, Control} from "./room.jsx";
import {Arms, ClassPicture, Explain, Glossary, Notes, Observe, Paragraphs, Predict, Sheets, audience, blankGuess, data, kept, lesson, say, useCodes} from "./parts.jsx";
import {Fall} from "./fall.jsx";
import {Move} from "./move.jsx";
import {encode, unseal} from "./codes.js";

const LOCKED = ["observe", "move", "explain", "debrief"];

function Collected({answers}) {
  const [text, setText] = useState(kept.read().codes ?? ""), [stage, setStage] = useState(0), [guesses, wrong] = useCodes(text), [arm, setArm] = useState(blankGuess().arm);
  useEffect(() => kept.write({...kept.read(), codes: text}), [text]);
  return (
    <>
      <p><label for="codes">{say("class_note")}</label><textarea id="codes" rows={4} spellcheck={false} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} /></p>
      <div class="alert" role="alert">{wrong.map((one) => <p key={one}>{one}</p>)}</div>
      <p class="row"><button type="button" class="main" disabled={!guesses.length} onClick={() => setStage(1)}>{say("draw_class")}</button> <button type="button" class="main" disabled={!stage} onClick={() => setStage(2)}>{say("draw_worlds")}</button> {!guesses.length && <span>{say("no_codes")}</span>}</p>
      {lesson.choose && stage > 0 && <Arms name="class" arm={arm} pick={setArm} />}
      {stage > 0 && guesses.length > 0 && <ClassPicture guesses={guesses} answers={stage > 1 ? answers : null} arm={arm} go={stage > 1} />}
    </>
  );
}

function App() {
  const mine = audience === "pupils", [past] = useState(() => (mine ? kept.read() : {}));
  const [guess, setGuess] = useState(past.fixed ?? past.draft ?? blankGuess()), [fixed, setFixed] = useState(Boolean(past.fixed));
  const [answers, setAnswers] = useState(data.answers ?? null), [step, go] = useState(lesson.fall ? "fall" : "hook"), [arm, setArm] = useState(guess.arm), [wrong, setWrong] = useState("");
  const head = useRef(), done = useRef(), moved = useRef(false);
  useEffect(() => { if (mine) kept.write({...kept.read(), [fixed ? "fixed" : "draft"]: guess}); }, [guess, fixed]);
  useEffect(() => { if (fixed && !answers) unseal(data.sealed, lesson.name).then(setAnswers, () => setWrong(say("too_old"))); }, [fixed]);
  useLayoutEffect(() => { if (moved.current) { head.current?.focus({preventScroll: true}); scrollTo(0, 0); } moved.current = true; }, [step]);
  const fix = () => { const final = {...guess, second: (kept.read().times ?? 0) > 0}; setGuess({...final, code: encode(final, lesson)}); setArm(final.arm); setFixed(true); kept.write({...kept.read(), times: (kept.read().times ?? 0) + 1}); };
  useLayoutEffect(() => { if (fixed && moved.current) done.current?.focus(); }, [fixed]);
  const again = () => { kept.write({times: kept.read().times}); setGuess(blankGuess()); setFixed(false); setAnswers(null); go("predict"); };
  const steps = [...(lesson.fall ? ["fall"] : []), "hook", ...(mine ? ["predict"] : ["class"]), ...LOCKED, "sheets", ...(mine ? [] : ["teacher"])], open = !mine || (fixed && answers);
  const times = Object.fromEntries(lesson.minutes);
  return (
    <>
      <a class="skip" href="#main">{say("skip")}</a>
      <header><h1>{lesson.title}</h1><p class="question">{lesson.question}</p>
        <nav aria-label={say("steps")}><ol>{steps.map((one, k) => (
          <li key={one}><button type="button" aria-current={one === step ? "step" : undefined} data-step={one} onClick={() => go(one)}><b>{k + 1}</b> {say(one)}{times[one] ? <small> {say("minutes", {minutes: times[one]})}</small> : ""}{LOCKED.includes(one) && !open ? <small> · {say("locked_step")}</small> : ""}</button></li>
        ))}</ol></nav>
      </header>
      <main id="main">
        <h2 tabIndex={-1} ref={head}>{say(step)}</h2>
        {step === "fall" && <><Fall model={data.model} /><p><button type="button" class="main" onClick={() => go("hook")}>{say("next")}</button></p></>}
        {step === "hook" && <><Paragraphs texts={lesson.hook} /><p><button type="button" class="main" onClick={() => go(mine ? "predict" : "class")}>{say("next")}</button></p></>}
        {step === "predict" && <><Paragraphs texts={lesson.predict} /><Predict guess={guess} setGuess={setGuess} fixed={fixed} onFix={fix} />
          {fixed && <div class="done"><p id="code" tabIndex={-1} ref={done} role="status">{say("code", {code: guess.code})} {guess.second ? say("second") : ""}</p><p class="row"><button type="button" class="main" onClick={() => go("observe")}>{say("see")}</button> <button type="button" onClick={again}>{say("another")}</button></p></div>}</>}
        {step === "class" && <Collected answers={answers} />}
        {LOCKED.includes(step) && !open && <p class="alert">{wrong || say("locked")}</p>}
        {step === "observe" && open && <Observe answers={answers} guess={mine ? guess : null} arm={arm} setArm={setArm} go />}
        {step === "move" && open && <Move model={data.model} goal={answers.challenge} />}
        {step === "explain" && open && <Explain answers={answers} arm={arm} setArm={setArm} />}
        {step === "debrief" && open && <ul>{answers.debrief.map((text) => <li key={text}>{text}</li>)}</ul>}
        {step === "sheets" && <Sheets />}
        {step === "teacher" && <Notes teacher={data.teacher} answers={answers} />}
      </main>
      <footer><Glossary /><p>{say("model")}</p><p>{lesson.made}</p></footer>
    </>
  );
}

const pages = {pupils: App, teacher: App, class: Classroom, board: Board, control: Control};
const Page = pages[audience];
render(<Page />, document.getElementById("app"));
