"""The schema that editors use agrees with what checks the files."""

import tomllib
from functools import cache

import jsonschema
import pytest

from sim.catalogue.levers import LEVERS
from sim.catalogue.parameters import PARAMETERS
from sim.scenario import ScenarioError, library, load
from sim.scenario.schema import json_schema

WORLD = '[world]\nname = "grid"\nstart = "2006-12"\nyears = 1\n'
RIGHT = {
    "child": 'extends = "baseline"\n[world]\nyears = 2\n',
    "grid": WORLD + "rows = 3\n",
    "whole year": '[world]\nname = "mexico-2006"\nstart = 2006\nyears = 1\n',
    "steps": 'extends = "baseline"\n[policy.treatment]\nintensity = [["2007-01", 0.5], ["2010", 1.0]]\nend = "2012-01-31"\n',
    "several": 'extends = "baseline"\n[[policy.military_deployment]]\nintensity = 1\nwhere = "MIC"\n',
    "changes": 'extends = "baseline"\n[[policy.rewards]]\ntimes = 2\nfrom = "2012"\n[[policy.rewards]]\nplus = 0.5\nuntil = 2010\n',
    "kept before": 'extends = "baseline"\n[policy.military_deployment]\nintensity = 1\nfrom = "2012"\nwhere = ["MIC"]\n',
    "a range": 'extends = "baseline"\n[parameters]\ndemand_elasticity = {low = 0.2, high = 1.2}\n',
    "a dated value": 'extends = "baseline"\n[parameters]\ndemand_elasticity = [["2012", 0.8]]\n',
    "event": WORLD + '[event]\nkind = "removal"\ndate = "2007-01-19"\ncartel = "c0"\nmode = "capture"\n',
    "grid sweep": WORLD + '[sweep]\nmethod = "grid"\n"world.years" = [1, 2]\n"parameters.horizon" = {from = 1, to = 2, points = 3}\n',
    "drawn sweep": WORLD + '[sweep]\nmethod = "lhs"\nsamples = 4\n"parameters.horizon" = {from = 1, to = 2}\n',
}
WRONG = {
    "no world": 'title = "Nothing"\n',
    "half a world": '[world]\nname = "grid"\n',
    "unknown lever": 'extends = "baseline"\n[policy.treatmnt]\nintensity = 1\n',
    "unknown parameter": 'extends = "baseline"\n[parameters]\ndemand_elastcity = 1\n',
    "unknown table": 'extends = "baseline"\n[polcy]\n',
    "too intense": 'extends = "baseline"\n[policy.treatment]\nintensity = 5000\n',
    "too intense later": 'extends = "baseline"\n[policy.treatment]\nintensity = [["2007-01", 0.5], ["2010-01", 5000.0]]\n',
    "out of bounds": 'extends = "baseline"\n[parameters]\ndemand_elasticity = 1e9\n',
    "text for number": 'extends = "baseline"\n[policy.treatment]\nintensity = "1"\n',
    "no date": 'extends = "baseline"\n[policy.treatment]\nintensity = 1\nstart = "soon"\n',
    "a range out of bounds": 'extends = "baseline"\n[parameters]\ndemand_elasticity = {low = 0.2, high = 1e9}\n',
    "a change of what": 'extends = "baseline"\n[policy.treatment]\ntime = 2\n',
    "not to be aimed": 'extends = "baseline"\n[policy.treatment]\nintensity = 1\nrank = "kingpin"\n',
    "no such mode": WORLD + '[[event]]\nkind = "removal"\ndate = "2007-01"\ncartel = "c0"\nmode = "escape"\n',
    "half an event": WORLD + '[[event]]\nkind = "removal"\ncartel = "c0"\n',
    "rows of tables": '[world]\nname = "mexico-2006"\nstart = "2006-12"\nyears = 1\nrows = 3\n',
    "no replicates": 'extends = "baseline"\n[run]\nreplicates = 0\n',
    "no such method": WORLD + '[sweep]\nmethod = "gird"\n"world.years" = [1, 2]\n',
}  # fmt: skip


@cache
def validator():
    return jsonschema.Draft202012Validator(json_schema())


def fits(text):
    return validator().is_valid(tomllib.loads(text))


def accepted(text, folder):
    (folder / "x.toml").write_text(text, encoding="utf-8")
    try:
        load(folder / "x.toml")
    except ScenarioError:
        return False
    return True


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", library())
def test_the_library_fits(name):
    validator().validate(tomllib.loads(library()[name].read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", RIGHT)
def test_what_loads_fits(name, tmp_path):
    assert accepted(RIGHT[name], tmp_path)
    assert fits(RIGHT[name])


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_itself_does_not_fit(name, tmp_path):
    assert not accepted(WRONG[name], tmp_path)
    assert not fits(WRONG[name])


def test_every_lever_and_parameter_explains_itself():
    definitions = validator().schema["$defs"]
    for name, lever in LEVERS.items():
        assert lever.unit in definitions[name]["description"]
    for name, parameter in PARAMETERS.items():
        field = definitions["Parameters"]["properties"][name]
        number = field["anyOf"][0]
        assert (field["default"], number["minimum"], number["maximum"]) == (parameter.default, parameter.low, parameter.high)
        assert parameter.unit in field["description"]
