def test_it_is_what_the_command_says(same):
    found = same("tipping", ["care", "force"], "care", "force")
    (flip,) = found.json["flips"]
    assert [leg["name"] for leg in flip["assumptions"]] == ["rout"]
    assert found.provenance["runs"] > 0
    assert "It turns with rout at" in found.html


def test_what_cannot_be_asked(refused):
    assert "no better direction" in refused("tipping", "care", "force", metric="groups_active")
    assert "more than the policy would differ" in refused("tipping", "care", "later")
