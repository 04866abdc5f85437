from pathlib import Path


def test_it_is_what_the_command_says(same):
    found = same("why", ["force"], policy="force")
    assert sum(row["contribution"] for row in found.rows) == found.json["difference"]
    assert found.folder == Path("results/why-baseline-force")
    assert "force differs from baseline" in found.html


def test_what_cannot_be_asked(refused):
    assert "did you mean 'homicides'" in refused("why", "baseline", "force", metric="homicide")
    assert "is not within the simulated months" in refused("why", "baseline", "force", window=("2030-01", "2031-01"))
    assert "more than the policy would differ" in refused("why", "baseline", "later")
    assert "did you mean 'force'" in refused("why", "baseline", "forse")
