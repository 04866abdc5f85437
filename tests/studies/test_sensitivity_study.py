import pytest

pytest.importorskip("SALib")
VARY = ("demand_elasticity=0.1:2", "treatment=0:2")


def test_it_is_what_the_command_says(same):
    words = [word for field in VARY for word in ("--vary", field)]
    found = same("sensitivity", ["baseline", *words, "--size", "6", "-n", "2"], vary=VARY, size=6, replicates=2)
    assert [row.factor for row in found.found if row.metric == "homicides"] == ["demand_elasticity", "treatment", "dummy"]
    assert "What decides" in found.html


def test_what_cannot_be_asked(refused):
    assert "did you mean 'wage'" in refused("sensitivity", vary=["wagee"])
    assert "1 is not between 2 and" in refused("sensitivity", size=1)
    assert "did you mean 'homicides'" in refused("sensitivity", metrics=["homicide"])
