"""Identity 1: switched down to one place with bilinear losses, the model is the published one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.commands.runs import reproduce as command
from sim.experiment.published import BASE, DECADE, HORIZON, deaths, read_ties, reproduce, solve, synthetic_ties
from sim.scenario import ScenarioError

DATA = Path(__file__).parents[2].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not (DATA / "bacrim2020_nodes.csv").exists(), reason="the published network is not beside this checkout")


@needs_data
def test_the_solver_meets_the_paper() -> None:
    ties = read_ties(DATA)
    then = solve(ties, BASE, DECADE)
    assert then.sum() == pytest.approx(173_837, rel=1e-3)
    assert deaths(ties, then) == pytest.approx(124.3, rel=5e-3)
    assert solve(ties, BASE, HORIZON).sum() / then.sum() - 1 == pytest.approx(0.230, abs=0.005)


@needs_data
@pytest.mark.slow
def test_every_published_figure_is_met() -> None:
    missed = [figure for figure in reproduce(read_ties(DATA), replicates=20) if not figure.ok]
    assert not missed


@pytest.mark.slow
def test_a_synthetic_network_meets_its_equations() -> None:
    figures = reproduce(synthetic_ties(), replicates=4)
    assert len(figures) == 18
    for figure in figures:
        assert abs(figure.ours - figure.published) <= 2 * figure.tolerance, figure


def test_a_broken_network_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="bacrim2020_nodes"):
        read_ties(tmp_path)
    (tmp_path / "bacrim2020_nodes.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError):
        read_ties(tmp_path)


def test_the_command_says_which_network_it_used() -> None:
    result = CliRunner().invoke(command, ["prieto-curiel-2023", "-n", "1"])
    assert "synthetic network" in result.output
