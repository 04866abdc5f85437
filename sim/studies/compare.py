"""Compare policies with business as usual: the main job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any, Unpack

from sim.analysis import answer, country, doubt
from sim.analysis.answer import Answer, answers
from sim.analysis.csv_text import csv_text
from sim.analysis.csv_text import document as rows_document
from sim.analysis.doubt import sections as doubtful
from sim.analysis.doubt import sentence
from sim.analysis.paired import Row, to_table
from sim.analysis.places import OF_METRIC, has_panel
from sim.analysis.table import CLOSING, opening, render, sections, statement
from sim.experiment.errors import PlanError
from sim.experiment.plan import Plan
from sim.experiment.store import attach
from sim.experiment.switching import BESIDE, ENDS, THIN, arm, at_ends, switched_names, without_thin
from sim.scenario import Scenario
from sim.show import passages
from sim.show.figures import FOLDER, Results, behind, draw, read
from sim.show.markup import NAME, Block, Picture, Said, fragment
from sim.studies.finding import Finding, frame, page
from sim.studies.how import AnyScenario, How, Language, Metric, Money, Prices, Setup, Window, study
from sim.studies.running import Run, pairing, run_compared
from sim.words import LANGUAGES, texts

DEFAULT = ("baseline", "merida", "demand-side", "mixed")
WIDTH = 114  # characters
PICTURES = {  # by heading
    "Answer": ("differences",), "What changes": ("over_time", "trade_off", "outcomes", "causes", "places"),
    "In how many worlds": ("worlds",), "One world": ("genealogy",),
}  # fmt: skip


@study
def compare(
    scenarios: AnyScenario | Sequence[AnyScenario] = DEFAULT,
    *,
    metrics: Sequence[Metric] | None = None,
    window: Window | None = None,
    language: Language = "en",
    equal_cost: bool = False,
    budget: Money | None = None,
    prices: Prices | None = None,
    thin: bool = True,
    ends: bool = False,
    allow_world_change: bool = False,
    **how: Unpack[How],
) -> Comparison:
    """Compare policies with business as usual: same worlds, same luck, another policy.

    The first scenario is business as usual; a single one is compared with `baseline`. Without any: business as usual,
    militarized, demand-side and an equal-cost mix. A question is a change in one line, of the first scenario or of one that it
    names: "kingpin_targeting*2 from 2012", "treatment+0.5 until 2015 and rewards=0", "merida: military_deployment*0.5 in MIC,GRO".
    `cartelitos show QUESTION --as-file` prints it as a file.

    Gives the answer and the trade-off table; leaves the runs, comparison.csv, figures and report.html. A piece (--shard)
    only runs; the command without it compares. An override of a policy holds for the policies, not for business as usual.

    Every policy that uses levers of thin evidence runs once more without them, to tell how much of its effect they make.
    With `--effects all` everything also runs with all effects at low, middle and high.

    Args:
        scenarios: names of the library, paths, what `load` returned, or questions.
        metrics: an outcome to tell, the first is asked about; by default the headline ones.
        window: first and last month that count; by default the whole run.
        language: of the answer.
        equal_cost: scale every scenario's difference from business as usual until all cost the same.
        budget: extra cost, US$ a year over the run; by default what the militarized scenario costs.
        prices: at which cost is equal, by default mid; the tables count mid prices.
        thin: leave out the runs that tell what hangs on levers with thin evidence.
        ends: also run everything with all effects at low, middle and high.
        allow_world_change: compare scenarios whose [world] or [parameters] differ.
        how: how runs are carried out, see `sim.studies.how.How`.

    Raises:
        ScenarioError: everything that is wrong with the scenarios or with comparing them.
        PlanError: the window leaves the run, or a budget without equal cost.
    """
    if (budget or prices) and not equal_cost:
        raise PlanError("--budget and --prices need --equal-cost")

    def beside(compared: Sequence[Scenario]) -> list[Scenario]:
        return [*(without_thin(compared[0], compared[1:]) if thin else ()), *(at_ends(compared) if ends else ())]

    if isinstance(scenarios, Sequence) and not scenarios:
        raise PlanError("names nothing to compare", field="scenarios", hint="name a scenario or a question")
    asked = [scenarios] if isinstance(scenarios, str | Path) or not isinstance(scenarios, Sequence) else scenarios
    run, said = run_compared(
        "compare", asked, Setup(**how), equal=equal_cost, budget=budget, prices=prices, same_world=not allow_world_change,
        window=window, beside=beside,
    )  # fmt: skip
    with pairing(run):
        return Comparison(run.folder, run, window=window, metrics=metrics or None, warnings=said, language=language)


class Comparison(Finding[Results]):
    """A comparison of policies in the same worlds, or what a folder holds of one, without what earlier calls ran beside it.

    Raises PairingError: nothing that can be compared; FolderError: not a results folder.
    """

    def __init__(
        self,
        folder: Path,
        run: Run | None = None,
        *,
        usual: str | None = None,
        window: Window | None = None,
        metrics: Sequence[str] | None = None,
        warnings: Sequence[str] = (),
        language: str = "en",
    ) -> None:
        found = read(folder, usual or (run.plan.arms[0].scenario.name if run else None), window, metrics)
        found = _asked(found, run.plan) if run else found
        country.tell_of(found.plan)
        self.answers = answers(found.rows, found.ensemble, found.runs, found.thin, found.metrics, found.window)  # on every policy
        equal, told = found.plan.get("equal_cost"), _sentences(self.answers, language)
        first, *each = told or [""]
        above, below = ([fill(text, WIDTH) for text in said] for said in ((first, *answer.rest(self.answers, language)), each))
        table = render(found.rows, found.metrics, WIDTH) + doubt.render(found.ends, found.rows, found.thin, WIDTH)
        text = "\n\n".join([*filter(None, above), *([statement(equal, WIDTH)] if equal else []), table.rstrip("\n"), *below]) + "\n"
        summary = {each: _sentences(self.answers, each)[:1] for each in LANGUAGES}
        document = {"schema": 1, "summary": summary, "answer": answer.to_json(self.answers)}
        document |= ({"warnings": [*warnings]} if warnings else {}) | rows_document(found.rows) | doubt.to_json(found.ends, found.thin)
        document |= {"equal_cost": equal} if equal else {}
        super().__init__(
            run or folder, "compare", found, document, text=text, draw=lambda: draw(self.results), page=self._publish,
            files={"comparison.csv": csv_text(Row._fields, found.rows)}, language=language, left_out=found.dropped,
            notes=[*_remarks(run.plan, found, run.folder)] if run else (),
        )  # fmt: skip

    @property
    def results(self) -> Results:
        """What was compared; who asks for it tells of its country."""
        country.tell_of(self.found.plan)
        return self.found

    def sentences(self, language: str | None = None) -> list[str]:
        """The answer in a language: three sentences at most, and where there are several policies a paragraph of each after them."""
        return _sentences(self.answers, language or self.language)

    @property
    def table(self) -> Any:  # noqa: ANN401
        """A row per scenario, reference and outcome."""
        return frame(to_table(self.results.rows))

    def _publish(self) -> Path:
        """Write `report.html` into the folder; where it is."""
        names = dict.fromkeys(name for each in (self.results.ensemble, *self.results.apart) for name in each.arms)
        told = dict.fromkeys(arm.name for arm in _arms(self, names).values())
        return attach(self.folder, NAME, page(self.folder, ", ".join(told), self._page(), "absent from a comparison"))

    def publish_interactive(self) -> Path:
        """Write `interactive.html` beside the report: its charts, to point at and zoom. Raises PlanError: its extra is not installed."""
        from sim.show import interactive  # noqa: PLC0415

        page = interactive.page(self.results, self.answers)
        self.publish()
        return attach(self.folder, interactive.NAME, page)

    def _page(self) -> dict[str, list[Block]]:
        """What the report says, by heading."""
        found, folder = self.results, self.folder / FOLDER
        arms = _arms(self, found.ensemble.arms)
        shows = texts("report pictures", "en")
        apart = _arms(self, [name for other in found.apart for name in other.arms])

        def picture(name: str) -> Picture:
            return Picture((folder / f"{name}.svg").read_bytes(), shows[name], behind(found, name))

        drawn = {heading: [picture(name) for name in names if name in self.figures] for heading, names in PICTURES.items()}
        return {
            "Answer": [*passages.answered(self.answers), *drawn["Answer"], *passages.further(self.answers)],
            "Question": [passages.questions([*arms.values(), *apart.values()])],
            "Policies and costs": [*passages.equal_cost(found.plan.get("equal_cost")), passages.policies(arms, found.usual, found.rows)],
            "What changes": [*passages.headline(found), *drawn["What changes"]],
            "Other months": [*passages.apart(found.apart, found.usual)],
            "In how many worlds": [*passages.robustness(found.worlds), *drawn["In how many worlds"]],
            "Why": [],
            "One world": [*drawn["One world"]],
            "How well it is known": [*map(sentence, found.thin), *doubtful(found.ends, found.rows), *passages.standing(arms, found.usual)],
            "Limits": [passages.limits([arm.parameters for arm in arms.values()], found.runs, found.dropped)],
            "Provenance": [passages.provenance(found.plan)],
        }

    def _repr_html_(self) -> str:
        first, *each = self.sentences() or [""]
        rest, found = answer.rest(self.answers, self.language), self.results
        tables = sections(found.rows, found.metrics)
        return fragment([Said(first, self.language, "answer"), *each, *rest, *opening(found.rows[0]), *tables, CLOSING])


def _sentences(found: Sequence[Answer], language: str) -> list[str]:
    return [*answer.beginning(found, language), *(answer.paragraphs(found, language) if len(found) > 1 else ())]


def _arms(found: Comparison, names: Sequence[str] | Mapping[str, None]) -> passages.Arms:
    return passages.arms_by_name(found.folder, found.results.plan, [*names])


def _asked(results: Results, plan: Plan) -> Results:
    """The results without what earlier commands ran beside the comparison and this plan does not have."""
    names = {each.scenario.name for each in plan.arms}
    ends: Mapping[str, Any] = {
        end: results.ends[end] for label, end in ENDS.items() if end in results.ends and arm(results.usual, label) in names
    }
    return results._replace(thin=[each for each in results.thin if arm(each.scenario, THIN) in names], ends=ends)


def _remarks(plan: Plan, results: Results, folder: Path) -> Iterator[str]:
    """Where what is compared is not what was asked for."""
    stored, names = results.plan["replicates"], [arm.scenario.name for arm in plan.arms]
    if stored > plan.replicates:
        yield f"the folder holds {stored} replicates, all of which are compared"
    for name in names:
        if name not in {*results.ensemble.arms, *switched_names(names, BESIDE)}:
            yield f"{name} is left out: none of its runs succeeded"
    if has_panel(folder) and results.places is None:
        yield f"no map: a panel does not record {results.metrics[0]} by place, only {', '.join(OF_METRIC)}"
    if results.dropped:
        yield f"{len(results.dropped)} replicates are left out: not finished in every scenario"
