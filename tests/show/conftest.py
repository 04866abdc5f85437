"""A small results folder, written by the real store from a formula."""


import pytest
from formula import EFFECTS, scenario, simulate

from sim.experiment.execute import execute
from sim.experiment.plan import Plan
from sim.show.figures import read


def experiment(folder, names, replicates):
    execute(Plan.of([scenario(name) for name in names], replicates, 1), folder, engine="serial", simulate=simulate)
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return experiment(tmp_path_factory.mktemp("results") / "three", EFFECTS, 3)


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """Business as usual only, one replicate."""
    return experiment(tmp_path_factory.mktemp("results") / "alone", ["usual"], 1)


@pytest.fixture(scope="session")
def results(folder):
    return read(folder)
