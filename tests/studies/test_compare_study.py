def test_it_is_what_the_command_says(same):
    found = same("compare", ["baseline", "force", "care"], ["baseline", "force", "care"])
    assert "force" in found.sentences()[0]
    assert found.provenance["model_version"] == found.results.plan["model_version"]
    assert (found.folder / "comparison.csv").exists()


def test_a_window_and_a_metric(same):
    words = ["force", "--metric", "overdose_deaths", "--window", "2007-01:2007-03"]
    found = same("compare", words, "force", metrics=["overdose_deaths"], window=("2007-01", "2007-03"))
    assert found.results.window == ("2007-01", "2007-03")


def test_what_cannot_be_asked(refused):
    assert "did you mean 'homicides'" in refused("compare", ["force"], metrics=["homicide"])
    assert "is no window" in refused("compare", ["force"], window=("2012-01", "2008-01"))
    assert "is not within the simulated months" in refused("compare", ["force"], window=("2030-01", "2031-01"))
    assert "assumes another start" in refused("compare", ["baseline", "later"])
    assert "need --equal-cost" in refused("compare", ["force"], budget="merida")
    assert "did you mean 'merida'" in refused("compare", ["force"], equal_cost=True, budget="meridia")
    assert "'fr' is none of en, es" in refused("compare", ["force"], language="fr")
    said = refused("compare", ["force"], language="fr", metrics=["homicide", "member"])
    assert len(said.splitlines()) == 3
