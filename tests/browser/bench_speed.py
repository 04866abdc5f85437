"""How fast the page answers one visitor, measured inside the browser: from the lever's move to the picture that shows it.

By hand, on an idle machine: `pytest tests/browser/bench_speed.py -s`. Times depend on the machine, so nothing fails here.
"""

import os
import statistics

MOVES = 20
FIRST, ALL = 2, 24  # pairs of runs: of the first picture, of the full ensemble
LEVERS = ("naloxone", "treatment", "prevention", "rewards")
CLOCK = """([id, value, mark, least]) => new Promise((done) => {
  const hub = document.querySelector('.charts.only-charts');
  const there = () => { const f = hub.querySelector('figure[data-metric]');
    return f && f.dataset.link.includes(mark) && +f.dataset.pairs >= least; };
  const began = performance.now();
  const watch = new MutationObserver(() => { if (there()) { watch.disconnect(); done(performance.now() - began); } });
  watch.observe(hub, {childList: true, subtree: true});
  const lever = document.getElementById(id);
  lever.value = value;
  lever.dispatchEvent(new Event('input', {bubbles: true}));
})"""


def busy() -> float:
    """Processes that want a processor, per processor, over the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def clocked(tab, offset: float, pairs: int, moves: int) -> list[float]:
    """Milliseconds until `pairs` pairs are shown, of moves that nobody has made before."""
    one = tab()
    one.open()
    found = []
    for move in range(moves):
        lever, value = LEVERS[move % len(LEVERS)], round(offset + 0.1 * (move // len(LEVERS)), 1)
        found.append(one.page.evaluate(CLOCK, [f"l-{lever}", value, f"{lever}={value:g}@", pairs]))
    return found


def say(what: str, found: list[float], load: float) -> None:
    """Print what was measured, and how busy the machine was before."""
    middle = statistics.median(found)
    print(f"\n{what}: median {middle:.0f} ms, {min(found):.0f} to {max(found):.0f}, of {len(found)}; load {load:.1f} per processor")


def test_a_first_picture(tab):
    load = busy()
    say("first picture", clocked(tab, 0.3, FIRST, MOVES), load)


def test_the_whole_ensemble(tab):
    load = busy()
    say(f"all {ALL} pairs", clocked(tab, 1.1, ALL, 7), load)
