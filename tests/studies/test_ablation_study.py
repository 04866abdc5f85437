from sim.catalogue.switches import SWITCHES


def test_it_is_what_the_command_says(same):
    short = ["world.years=0.5"]
    found = same("ablation", ["baseline", "force", "-n", "2", "--set", *short], ["baseline", "force"], replicates=2, overrides=short)
    assert {row["mechanism"] for row in found.rows} == {*SWITCHES}
    assert (found.folder / "ablation.csv").read_text() == found.files["ablation.csv"]


def test_what_cannot_be_asked(refused):
    assert "more than the policy would differ" in refused("ablation", ["baseline", "later"])
