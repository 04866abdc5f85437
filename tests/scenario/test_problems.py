"""What is wrong with a file, in words, all at once."""

import pickle
import re

import pytest

from sim.scenario import Problem, ScenarioError, load
from sim.scenario.problems import suggest

MINE = "scenarios/mine.toml, line "


def test_a_problem_reads_well():
    assert str(Problem("a.toml", 14, "policy.x", "unknown lever 'x'", "did you mean 'y'?")) == (
        "a.toml, line 14, policy.x: unknown lever 'x'; did you mean 'y'?"
    )
    assert str(Problem("a.toml", None, "", "is a folder")) == "a.toml: is a folder"
    assert str(Problem("", None, "", "is odd", "mend it")) == "is odd; mend it"


def test_errors_survive_pickling():
    error = pickle.loads(pickle.dumps(ScenarioError([Problem("a", 1, "b", "c")])))
    assert str(error) == "a, line 1, b: c"


def test_suggestions():
    assert suggest("Kingpin_Targetting", ["treatment", "kingpin_targeting"]) == "did you mean 'kingpin_targeting'?"
    assert suggest("zebra", ["treatment"]) is None


def test_everything_at_once_in_line_order(problems):
    found = problems(
        "tilte = 'x'\n"  # 2
        "[policy.kingpin_targetting]\nintensity = 1\n"  # 3
        "[policy.treatment]\nintensity = 2.5\nwhere = ['SIN']\n"  # 6, 7
        "[[policy.arms_control]]\nintensity = [['2009', 1],\n['2008', 1]]\n"  # 10
        "[[policy.arms_control]]\nwhere = ['SIM']\n"  # 11, 12
        "[parameters]\ndemand_elasticity = 3\n"  # 14
        "[world]\nyears = 'ten'\n"  # 16
    )
    assert found == [
        MINE + "2, tilte: unknown field 'tilte'; did you mean 'title'?",
        MINE + "3, policy.kingpin_targetting: unknown lever 'kingpin_targetting'; did you mean 'kingpin_targeting'?",
        MINE + "6, policy.treatment.intensity: 2.5 is outside 0..2 (100,000 slots)",
        MINE + "7, policy.treatment.where: 'treatment' cannot be aimed by 'where'",
        MINE + "10, policy.arms_control.0.intensity.1: 2008-01-01 does not come after 2009-01-01; "
        "sort the points, each day once",
        MINE + "11, policy.arms_control.1.intensity: is missing",
        MINE + "12, policy.arms_control.1.where.0: this world has no place 'SIM'; did you mean 'SIN'?",
        MINE + "14, parameters.demand_elasticity: 3 is outside 0.1..2 (1)",
        MINE + "16, world.years: should be a number, not 'ten'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("world.years = nan", "world.years: should be a finite number, not nan"),
        ("world.years = -inf", "world.years: should be a finite number, not -inf"),
        ("world.years = 0", "world.years: 0 is outside"),
        ("world.years = 61", "world.years: 61 is outside"),
        ("world.years = -5", "world.years: -5 is outside"),
        ("world.years = true", "world.years: should be a number, not true"),
        (f"world.years = {'9' * 400}", "world.years: should be a number, not a number beyond 64 bits"),
        ("world.start = '2007-13'", "world.start: '2007-13' is not in the calendar"),
        ("world.start = '2007-02-30'", "world.start: '2007-02-30' is not in the calendar"),
        ("world.start = '٢٠٠٧'", "is not a date"),
        ("world.start = 07:30:00", "world.start: 07:30:00 is not a date"),
        ("world.start = 2007-01-01T00:00:00Z", "is not a date; write"),
        ("world.start = 20070", "world.start: 20070 is not a date"),
        ("world.start = true", "world.start: true is not a date"),
        ("world.start = '0200'", "world.start: 0200-01-01 is outside the years 1900..2199"),
        ("world.name = 'mexico-2060'", "world.name: there is no world 'mexico-2060'; did you mean 'mexico-2006'?"),
        ("world.name = '../worlds'", "world.name: there is no world '../worlds'"),
        ("world.name = 'a\\u0000/b'", "world.name: there is no world"),
        ("world.name = 3", "world.name: should be text in quotes, not 3"),
        ("world.places = 3", "world.places: 3 places cannot be shared out among 2; take 2, 8, or another"),
        ("world.places = 0", "world.places: 0 places cannot be shared out"),
        ("world.places = 20000000000", "world.places: 20000000000 places cannot"),
        ("world.rows = 3", "world.rows: unknown field 'rows'; there are: name, start, years, places"),
        ("world = 3", "world: should be a table, not 3"),
        ("world.name = 'grid'\nworld.cartels = 17", "world.cartels: 17 is outside 1..16 (one base each)"),
        ("world.name = 'grid'\nworld.rows = 1000000000000", "world.rows: 1000000000000 is outside 1..200 (rows)"),
        ("world.name = 'grid'\npolicy.arms_control = {intensity = 1, where = 'SIN'}", "no place 'SIN'"),
        ("policy.treatment = 1", "policy.treatment: should be a table, not 1"),
        ("policy.treatment.intensity = true", "policy.treatment.intensity: should be a number, or dated points"),
        ("policy.treatment.intensity = '1'", 'or dated points such as [["2007-01", 0.5], ["2010-01", 1.0]], not \'1\''),
        ("policy.treatment.intensity = []", "not an empty list"),
        ("policy.treatment.intensity = -1", "policy.treatment.intensity: -1 is outside 0..2 (100,000 slots)"),
        ("policy.treatment.intensity = [['2007', 5]]", "policy.treatment.intensity.0.1: 5 is outside 0..2"),
        ("policy.treatment.intensity = [['2007']]", "should be one dated point"),
        ("policy.treatment.intensity = [['2007', 1], ['2007-01', 1]]", "2007-01-01 does not come after 2007-01-01"),
        (
            "policy.treatment = {intensity = 1, start = '2009', end = '2009'}",
            "policy.treatment.end: 2009-01-01 does not",
        ),
        ("policy.treatment = {intensity = 1, ramp_weeks = -1}", "ramp_weeks: -1 is outside 0..1040 (weeks)"),
        ("policy.treatment = {intensity = 1, ramp_weeks = 1.5}", "ramp_weeks: should be a whole number, not 1.5"),
        ("policy.kingpin_targeting.where = [3]", "where.0: should be text in quotes, not 3"),
        ("policy.kingpin_targeting.target = 'sinalo'", "no cartel 'sinalo'; did you mean 'sinaloa'?"),
        ("policy.kingpin_targeting.rank = 'boss'", "rank: should be kingpin or lieutenant, not 'boss'"),
        ("policy.kingpin_targeting.mode = 'kiling'", "not 'kiling'; did you mean 'killing'?"),
        (
            "policy.arms_control = {intensity = 1, mode = 'killing'}",
            "'arms_control' cannot be aimed by 'mode'; it can by where",
        ),
        ("parameters = []", "parameters: should be a table, not a list"),
        ("parameters.demand_elasticity = '1'", "parameters.demand_elasticity: should be a number, not '1'"),
        ("parameters.demand_elasticty = 1", "unknown parameter 'demand_elasticty'; did you mean 'demand_elasticity'?"),
        ("event = [{kind = 'removl', cartel = 'x'}]", "event.0.kind: should be removal, split, alliance, rupture, not"),
        ("event = [{kind = [1], cartel = 'juarez'}]", "event.0.kind"),
        ("event = [{cartel = 'juarez'}]", "event.0.kind: is missing"),
        ("event = [{kind = 'split', date = '2008', cartel = 'x'}]", "event.0.cartel: this world has no cartel 'x'"),
        ("event = [{kind = 'split', date = '2008', cartel = 'juarez', mode = 'killing'}]", "unknown field 'mode'"),
        ("event = [{kind = 'alliance', date = '2008', cartel = 'juarez'}]", "event.0.other: is missing"),
        (
            "event = [{kind = 'rupture', date = '2008', cartel = 'juarez', other = 'juarez'}]",
            "'juarez' is the cartel itself",
        ),
        ("event = 3", "event: should be a table, not 3"),
        ("run.replicates = 0", "run.replicates: 0 is outside 1..1000000 (replicates)"),
        ("run.replicates = 1000001", "run.replicates: 1000001 is outside"),
        ("run.replicates = 40.0", "run.replicates: should be a whole number, not 40"),
        ("run.seed = 9223372036854775808", "run.seed: a number beyond 64 bits is outside 0..9223372036854775807"),
        ("run.effects = 'midle'", "run.effects: should be drawn, low, middle or high, not 'midle'; did you mean 'middle'?"),
        ("run.worlds = 'fited'", "run.worlds: should be plausible or fitted, not 'fited'; did you mean 'fitted'?"),
        ("title = 3", "title: should be text in quotes, not 3"),
        ("sweep = 3", "sweep: should be a table, not 3"),
        (
            "sweep.method = 'gird'",
            "sweep.method: should be grid, zip, lhs, sobol, csv, not 'gird'; did you mean 'grid'?",
        ),
    ],
)
def test_bad_values(problems, text, message):
    found = problems(text)
    assert any(message in problem for problem in found), found
    assert all(re.match(r"scenarios/(mine|baseline)\.toml, line \d+, ", problem) for problem in found)


@pytest.mark.parametrize(
    ("sweep", "message"),
    [
        ("method = 'lhs'\n'world.years' = {from = 1, to = 2}", "sweep.samples: is missing"),
        (
            "method = 'lhs'\nsamples = 4\n'world.years' = [1, 2]",
            "should be bounds, such as {from = 0, to = 2}, not a list",
        ),
        ("method = 'grid'\n'world.years' = {from = 1, to = 2}", 'sweep."world.years".points: is missing'),
        ("method = 'grid'\n'world.years' = []", "should be a list of values"),
        ("method = 'grid'\n'world.years' = {from = 2, to = 1, points = 3}", '"world.years".to: 1 is not above from, 2'),
        ("method = 'grid'\n'world.years' = [5, 500]", 'sweep."world.years": 500 is outside'),
        ("method = 'grid'\n'world.years' = {from = 1, to = 99, points = 2}", 'sweep."world.years": 99 is outside'),
        ("method = 'grid'\n'policy.treatmnt.intensity' = [1]", "unknown lever 'treatmnt'; did you mean 'treatment'?"),
        ("method = 'grid'\n'run.seed' = [1]", "cannot be swept; only fields of world, parameters, policy can"),
        ("method = 'grid'\n'not a field' = [1]", "is not a dotted field"),
        ("method = 'grid'\npolicy.treatment.intensity = [1]", "sweep.policy: is no field by itself; quote the whole"),
        ("method = 'grid'\n'parameters.demand_elasticity' = {from = 0, to = 1, points = 3, scale = 'log'}", "above 0"),
        ("method = 'zip'\n'world.years' = [1]\n'world.start' = [2000, 2001]", "world.years has 1, world.start has 2"),
        ("method = 'csv'", "sweep.file: is missing"),
        ("method = 'csv'\nfile = 'no.csv'", "sweep.file: there is no file 'no.csv'"),
    ],
)
def test_bad_sweeps(problems, sweep, message):
    found = problems("[sweep]\n" + sweep)
    assert any(message in problem for problem in found), found


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"title = 'a\n", "is not valid TOML: "),
        (b"a = 1\nb = 2\na = 3\n", "mine.toml, line 3: is not valid TOML: "),
        (b"a = 1\nb = [", "mine.toml, line 2: is not valid TOML: "),
        (b"start = 2007-02-30\n", "mine.toml, line 1: is not valid TOML: "),
        (b"a = 1\nb = '\xff'\n", "mine.toml, line 2: is not UTF-8 text"),
        (b"\xef\xbb\xbfa = 1\n", "mine.toml, line 1: starts with a byte order mark"),
        ("a = 1".encode("utf-16"), "is not UTF-8 text"),
        (b"a = " + b"[" * 3000 + b"]" * 3000, "mine.toml: is nested too deep"),
        (b"a = " + b"[" * 100 + b"]" * 100, "mine.toml: is nested too deep"),
        (b".".join([b"a"] * 50000) + b" = 1", "mine.toml, line 1: is nested too deep"),
        (b"a = " + b"9" * 5000, "is not valid TOML"),
        (b"#" * 1_000_001, "is larger than 1,000,000 bytes"),
    ],
)
def test_files_that_cannot_be_read(write, raw, message):
    write("").write_bytes(raw)
    with pytest.raises(ScenarioError) as caught:
        load("mine")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("baselin", "baselin: no scenario has this name; did you mean 'baseline'?"),
        ("zebra", "zebra: no scenario has this name; there are: baseline"),
        ("", "no scenario has this name"),
        ("scenarios", "scenarios: is a folder, not a scenario file"),
        ("scenarios/baselin.toml", "scenarios/baselin.toml: there is no such file; did you mean 'baseline'?"),
        ("a\0b.toml", "there is no such file"),
        ("x" * 5000 + "/y.toml", "there is no such file"),
        ("/dev/zero", "there is no such file"),
    ],
)
def test_files_that_are_not_there(folder, name, message):
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert message in str(caught.value)


def test_messages_stay_on_one_line(problems):
    for problem in problems('"new\\nline" = 1\ntitle = ["\\u001b[31m"]\nworld.name = "a\\nb"'):
        assert problem.isprintable()
