// What the workers find about a policy, world by world, as it comes in.
import {useLayoutEffect, useRef, useState} from "preact/hooks";
import {cost} from "./policy.js";

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
