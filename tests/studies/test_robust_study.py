def test_it_is_what_the_command_says(same):
    words = ["baseline", "force", "care", "-n", "12", "--metric", "homicides"]
    found = same("robust", words, ["baseline", "force", "care"], replicates=12, metrics=["homicides"])
    assert {"robust", "tipping-homicides"} == {*found.figures}
    assert found.provenance["runs"] == 36


def test_what_cannot_be_asked(refused):
    assert "no better direction" in refused("robust", ["force"], metrics=["groups_active"])
    assert "--as-written leaves them" in refused("robust", ["force"], as_written=True, budget="merida")
    assert "no amount of US$" in refused("robust", ["force"], budget=-3)
