"""`import sim` in a notebook or a script."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
from sim.experiment.errors import ExperimentError
from sim.scenario import ScenarioError

GRID = 'title = "A <b>"\nquestion = "?"\n[world]\nname = "grid"\nstart = "2006-12"\nyears = 0.25\n[run]\nreplicates = 2\n'
MORE = 'extends = "a"\ntitle = "B"\n[policy.treatment]\nintensity = 1.0\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("notebook")
    (home / "a.toml").write_text(GRID)
    (home / "b.toml").write_text(MORE)
    return home


@pytest.fixture(scope="module")
def found(home):
    return sim.compare([home / "a.toml", home / "b.toml"], folder=home / "out", engine="serial", quiet=True)


@pytest.fixture(scope="module")
def results(found):
    return sim.Results(found.folder)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_importing_is_light():
    check = "import sim, sys; print([name for name in ('numpy', 'pyarrow', 'pydantic', 'click') if name in sys.modules], dir(sim))"
    out = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout
    assert out.startswith("[] ")
    assert all(f"'{name}'" in out for name in sim.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'lod'"):
        sim.lod  # noqa: B018


def test_load_is_the_command_lines():
    assert sim.load("kingpin", ["run.seed=3"]).seed == 3
    with pytest.raises(ScenarioError, match="did you mean 'kingpin'"):
        sim.load("kingpn")


def test_a_comparison_is_what_the_command_line_gives(found, undrawn):
    assert found.text.startswith("b leaves homicides exactly as it is under a, in all 2 worlds.\n\nTRADE-OFFS, 2006-12 to ")
    assert repr(found) == found.text
    assert "AGAINST BUSINESS AS USUAL (a)" in found.text
    Tags(found._repr_html_())
    assert "AGAINST THE FIRST YEAR" in found._repr_html_()
    assert set(found.table["scenario"]) == {"a", "b"}
    assert list(found.table.columns) == list(found.results.rows[0]._fields)
    assert found.json["answer"][0]["sentences"]["es"] == found.sentences("es")
    assert "differences" in found.figures
    assert found.sentences()[0] in found.html
    assert found.html == (found.folder / "report.html").read_text()


def test_another_question_of_the_same_results(results):
    found = results.compare(metrics=["members", "homicides"], usual="b", window=("2006-12", "2007-01"))
    assert found.text.startswith("a leaves cartel members exactly as it is under b")
    assert {row.baseline for row in found.results.rows} == {"b", "first-year"}
    assert {row.window for row in found.results.rows} == {"2006-12/2007-01"}
    assert "Armed groups" not in found.text
    with pytest.raises(ExperimentError, match="'homicide' was not recorded; did you mean 'homicides'"):
        results.compare(metrics=["homicide"])


def test_tables_are_frames_read_on_demand(results, monkeypatch):
    frame = results.series("homicides")
    assert list(frame.columns) == ["run_id", "scenario", "point", "replicate", "month", "days", "homicides"]
    assert str(frame["month"].dtype).startswith("datetime64")
    with pytest.raises(ExperimentError, match="metric 'homicide' was not recorded; did you mean 'homicides'"):
        results.series("homicide")
    assert len(results.runs()) == 4
    assert set(results.genealogy()["scenario"]) == {"a", "b"}
    assert "kind" in results.events()
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert results.series("homicides").num_rows == len(frame)


def test_results_say_what_they_are(results):
    assert repr(results).endswith("out: a, b; 2 replicates")
    Tags(results._repr_html_())
    assert "A &lt;b&gt;" in results._repr_html_()
    assert sim.Results(results.folder).scenarios == ["a", "b"]
    with pytest.raises(ExperimentError, match="not a results folder"):
        sim.Results(results.folder / "runs")


def test_a_window_outside_the_run_is_refused_before_anything_runs(home):
    with pytest.raises(ExperimentError, match="not within the simulated months"):
        sim.compare([home / "a.toml", home / "b.toml"], folder=home / "never", window=("2007-01", "2030-01"))
    assert not (home / "never").exists()


def test_an_experiment_resumes(home, capsys):
    experiment = sim.Experiment(home / "a.toml", replicates=3, folder=home / "again")
    assert repr(experiment) == f"Experiment of 3 runs in {home / 'again'}"
    experiment.run(engine="serial")
    assert "3 runs in" in capsys.readouterr().err
    assert len(experiment.run(engine="serial", quiet=True).runs()) == 3
    assert capsys.readouterr().err == ""
    with pytest.raises(ExperimentError, match="needs at least one scenario"):
        sim.Experiment([])


def test_only_the_policy_may_differ(home):
    with pytest.raises(ScenarioError, match="assumes another world"):
        sim.compare([home / "a.toml", "baseline"], engine="serial")


@pytest.mark.journey
def test_a_script_without_a_guard_runs_once(home, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sim\nprint('began')\nprint(len(sim.Experiment({str(home / 'a.toml')!r}).run(workers=1, quiet=True).runs()))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "began\n2\n"
    assert (Path(tmp_path) / "results" / "experiment-a" / "plan.json").exists()


def test_a_notebook_shows_a_bar(home, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    sim.Experiment(home / "a.toml", replicates=2, folder=home / "bar").run(engine="serial")
    said = capsys.readouterr().err
    assert "2/2" in said
    assert "2 runs in" in said
