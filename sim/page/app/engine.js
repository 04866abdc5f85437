// Workers that simulate: what was asked first is done first, equal questions once, what nobody waits for any more not at all.
import {useLayoutEffect, useRef, useState} from "preact/hooks";
import {cost} from "./policy.js";
import workerSource from "./worker.txt";

const MOST_KEPT = {run: 1500, sums: 8000, story: 16, fork: 500}; // results, oldest first out

export class Engine {
  constructor(data, broke) {
    this.broke = broke;
    this.kept = Object.fromEntries(Object.keys(MOST_KEPT).map((kind) => [kind, new Map()]));
    this.queue = [];
    this.idle = [];
    this.jobs = new Map();
    this.number = 0;
    if (typeof WebAssembly === "undefined" || typeof Worker === "undefined") { this.broken = "WebAssembly"; return; }
    const address = URL.createObjectURL(new Blob([workerSource], {type: "text/javascript"}));
    const count = Math.min(4, Math.max(1, (navigator.hardwareConcurrency ?? 2)));
    for (let k = 0; k < count; k++) {
      const worker = new Worker(address);
      worker.onmessage = ({data: message}) => this.hear(worker, message);
      worker.onerror = (event) => broke(event.message || "worker");
      worker.postMessage({open: data.engine});
    }
  }

  /** A run of one world: its monthly series. `place` orders what is waiting. */
  run(plans, world, parameters, place) { return this.ask({kind: "run", plans, world, parameters}, place); }

  /** A run told month by month; `spared` is a fall that does not happen, `taken` one that does, {week, cartel}. */
  story(plans, world, parameters = {}, spared = null, taken = null) { return this.ask({kind: "story", plans, world, parameters, spared, taken}, -1); }

  /** Nobody waits any more for runs of a kind that have not begun. */
  forget(kind) {
    for (const job of this.queue.filter((one) => one.task.kind === kind)) { this.jobs.delete(job.key); job.reject(new Error("forgotten")); }
    this.queue = this.queue.filter((job) => job.task.kind !== kind);
  }

  ask(task, place) {
    const key = JSON.stringify(task), kept = this.kept[task.kind];
    if (kept.has(key)) return Promise.resolve(kept.get(key));
    if (this.jobs.has(key)) return this.jobs.get(key).promise;
    const job = {key, task, place, id: ++this.number};
    job.promise = new Promise((resolve, reject) => Object.assign(job, {resolve, reject}));
    this.jobs.set(key, job);
    this.queue.push(job);
    this.queue.sort((a, b) => a.place - b.place || a.id - b.id);
    this.launch();
    return job.promise;
  }

  launch() {
    while (this.idle.length && this.queue.length) {
      const worker = this.idle.pop(), job = this.queue.shift();
      worker.job = job;
      worker.postMessage({task: job.task});
    }
  }

  hear(worker, message) {
    const {job} = worker;
    if (!job && message.error) { this.broke(message.error); return; }
    if (job) {
      this.jobs.delete(job.key);
      if (message.error) job.reject(new Error(message.error));
      else {
        const kept = this.kept[job.task.kind];
        kept.set(job.key, message.result);
        if (kept.size > MOST_KEPT[job.task.kind]) kept.delete(kept.keys().next().value);
        job.resolve(message.result);
      }
    }
    worker.job = null;
    this.idle.push(worker);
    this.launch();
  }
}

const PACE = 500; // milliseconds between pictures while worlds come in

/** Runs of the first `count` worlds under `parameters` of one's own, with business as usual and with `plans` (none where that is the same), each list with holes until they are there. */
export function useFound(engine, plans, usualPlans, count, parameters = {}) {
  const [found, setFound] = useState({usual: [], policy: []}), asked = useRef(0), question = JSON.stringify(plans), own = JSON.stringify(parameters);
  useLayoutEffect(() => { // before the paint: workers begin while levers are drawn
    const number = ++asked.current, now = {usual: [], policy: []}, same = question === JSON.stringify(usualPlans);
    let whole = 0, due = 0;
    const show = () => { due = 0; if (asked.current === number) setFound({usual: [...now.usual], policy: [...now.policy]}); };
    engine.forget("run");
    for (let world = 0; world < count; world++) {
      Promise.all([engine.run(usualPlans, world, parameters, world), same ? null : engine.run(plans, world, parameters, world)]).then(([usual, policy]) => {
        now.usual[world] = usual;
        if (policy) now.policy[world] = policy;
        whole++;
        if (whole === 1 || whole === count) { clearTimeout(due); show(); } else due ||= setTimeout(show, PACE);
      }, () => {});
    }
    return () => clearTimeout(due);
  }, [question, own, count]);
  return found;
}

/** What a policy costs beyond business as usual, US$ a year, in all and by lever. */
export function extraCost(plans, usualPlans, country) {
  const beyond = (some, others) => { const [now, then] = [cost(some, country), cost(others, country)]; return Object.fromEntries(Object.keys(now).map((key) => [key, now[key] - then[key]])); };
  const levers = Object.keys(country.levers).map((lever) => [lever, beyond(...[plans, usualPlans].map((all) => all.filter((plan) => plan.lever === lever))).mid]);
  return {...beyond(plans, usualPlans), levers: Object.fromEntries(levers)};
}
