def test_it_is_what_the_command_says(same):
    found = same("sweep", ["force", "--vary", "treatment=0:2:3", "-n", "2"], "force", vary=["treatment=0:2:3"], replicates=2)
    assert {row["point"] for row in found.rows} == {0, 1, 2, 3}
    assert "3 design points of force" in (found.folder / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_asked(refused):
    assert "has no [sweep]" in refused("sweep", "force")
    assert "did you mean 'treatment'" in refused("sweep", "force", vary=["treatmnt=0:1:2"])
    assert "0 is not between 1 and 1,000,000" in refused("sweep", "force", vary=["treatment=0:1"], method="lhs", samples=0)
    assert "'gird' is none of grid" in refused("sweep", "force", vary=["treatment=0:1:2"], method="gird")
    assert "--points names all points" in refused("sweep", "force", vary=["treatment=0:1:2"], points="points.csv")
