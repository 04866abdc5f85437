// The fall itself: you take the head of one organisation, and see who follows, who leaves, and what becomes of the country.
import {useMemo, useState} from "preact/hooks";
import {engineOf} from "./move.jsx";
import {Events, Fork, Time, Tree, short} from "./story.jsx";
import {number, speaker} from "./words.js";
import {lesson, say} from "./parts.jsx";

const DAY = "2009-03-23", WATCHED = 36, LISTED = 10; // months after it in which who leaves is counted, and how many of the largest are named

/** Rows of an organisation and of all that came from it. */
function descent(groups, row) {
  const family = new Set([row]);
  groups.forEach((group, child) => { if (family.has(group.parent)) family.add(child); }); // parents come before their children
  return family;
}

export function Fall({model}) {
  const told = useMemo(() => speaker(Object.values(model.words)[0], Object.values(model.words)[0]), [model]), {country, policies, usual, engine} = model;
  const week = Math.floor((Date.parse(DAY) - Date.parse(country.start)) / 6048e5), begin = engine.header.first[week];
  const [cartel, choose] = useState(lesson.fall), [both, setBoth] = useState(null), [busy, setBusy] = useState(false), [month, setMonth] = useState(begin);
  const name = (id) => told.name_("founders", id), when = (k) => told.month(new Date(country.months[k]));
  const take = () => {
    setBusy(true); setBoth(null); setMonth(begin);
    const {plans} = policies[usual], play = (taken) => engineOf(model).story(plans, 0, {}, null, taken);
    Promise.all([play({week, cartel}), play(null)]).then(([taken, spared]) => { setBoth({taken, spared, cartel}); setBusy(false); }, () => setBusy(false));
  };
  const props = {month, months: country.months, move: ({month: to}) => setMonth(Math.max(begin, to)), say: told, data: model};
  const row = both ? engine.header.founders.indexOf(both.cartel) : -1, family = both && descent(both.taken.groups, row);
  const after = Math.min(begin + WATCHED, country.months.length - 1), within = (one) => one >= begin && one <= after;
  const parted = (run) => { const own = descent(run.groups, row); return run.groups.filter((group, k) => k !== row && own.has(k) && within(group.born)); }, left = both ? parted(both.taken) : [];
  const times = (run, ...kinds) => kinds.map((kind) => run.events.filter((event) => event.kind === kind && within(event.month) && [event.cartel, event.other].includes(row)).length);
  const strongest = (run, k) => run.maps.dominant[k].filter((one) => one === row).length;
  const parts = {heirs: (run) => times(run, "succession")[0], left: (run) => parted(run).length, places: (run) => `${strongest(run, begin - 1)} → ${strongest(run, after)}`, brokers: (run) => times(run, "broker_lost", "broker_won").join(" / "), allies: (run) => times(run, "rupture", "alliance").join(" / "), wars: (run) => times(run, "war")[0]};
  const largest = new Set([...left].sort((a, b) => b.peak - a.peak).slice(0, LISTED));
  const own = both && {...both.taken, events: both.taken.events.filter((event) => event.month >= begin && (family.has(event.cartel) || family.has(event.other)))};
  return (
    <div class="fall">
      <p>{say("fall_how", {when: when(begin)})}</p>
      <p class="row"><label>{say("fall_whose")} <select value={cartel} onChange={(event) => choose(event.currentTarget.value)}>{engine.header.founders.map((id) => <option key={id} value={id}>{name(id)}</option>)}</select></label>
        <button type="button" class="main" disabled={busy} onClick={take}>{say("fall_take")}</button> <span role="status">{busy ? say("fall_wait") : ""}</span></p>
      {both && <>
        <section><h3>{say("fall_left")}</h3>
          <table><caption>{say("fall_parts", {name: name(both.cartel), months: after - begin})}</caption><thead><tr><th /><th scope="col">{told("fork_with")}</th><th scope="col">{told("fork_without")}</th></tr></thead>
            <tbody>{Object.entries(parts).map(([key, count]) => <tr key={key}><th scope="row">{say(`fall_part_${key}`)}</th><td>{count(both.taken)}</td><td>{count(both.spared)}</td></tr>)}</tbody></table>
          <p>{left.length ? say("fall_left_count", {count: left.length, name: told.named(name(both.cartel))}) : say("fall_none", {name: told.named(name(both.cartel))})}</p>
          <ul>{left.filter((group) => largest.has(group)).map((group) => <li key={group.id}>{when(group.born)}: <b>{short(group, told, model)}</b>, {say("fall_peak", {count: number(group.peak)})}</li>)}</ul></section>
        <section><h3>{say("fall_film")}</h3><Time {...props} /><Tree told={own} family={family} {...props} /><details><summary>{say("fall_events")}</summary><Events told={own} {...props} /></details></section>
        <section><h3>{say("fall_country")}</h3><Fork told={both.taken} twin={both.spared} fall={{month: begin}} say={told} data={model} /><p>{say("fall_next")}</p></section>
      </>}
    </div>
  );
}
