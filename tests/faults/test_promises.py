"""Every promise of the guide names a test that exists."""

import re

from sim.show.guide import FOLDER

ROOT = FOLDER.parents[1]


def test_every_promise_is_held_by_a_test():
    text = (FOLDER / "trust.md").read_text(encoding="utf-8").partition("## Promises")[2].partition("## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 15
    for row in rows:
        ((file, name),) = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), row
