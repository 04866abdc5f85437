"""What every finding has."""

import json

from matplotlib.figure import Figure

from sim.studies import purposes


def whole(found):
    """A finding has everything, and leaves it in its folder."""
    assert found.name in purposes()
    assert len(found.table) > 0
    assert found.text.strip()
    assert repr(found) == found.text
    assert all(isinstance(figure, Figure) for figure in found.figures.values())
    assert found.html.startswith("<!doctype html>")
    assert "<" in found._repr_html_()
    assert found.provenance["study"] == found.name
    assert {"folder", "left_out"} <= found.provenance.keys()
    look = found.publish()
    assert look.exists()
    if found.ran:
        assert all((found.folder / "figures" / f"{name}.png").exists() for name in found.figures)
    if found.parts and found.ran:
        assert json.loads((found.folder / "report" / f"{found.key}.json").read_text())[0]["heading"] == found.parts[0].heading
