"""Many visitors at once, and a server that is killed: nobody sees another's choice, and links outlive the server."""

import os
import signal
import statistics
import time

import pytest
from pages import PROJECTOR, Server, Tab

VISITORS, SECONDS = 30, 60
PAUSE = 12.0  # seconds between two moves of one visitor, on average
VISIT = """([lever, values, pause]) => {
  const hub = document.querySelector('.charts.only-charts');
  window.times = []; window.strange = [];
  const mine = (link) => link.split('&').every((part) => !part || part.startsWith(lever + '='));
  new MutationObserver(() => {
    const f = hub.querySelector('figure[data-metric]');
    if (!f) return;
    if (!mine(f.dataset.link)) window.strange.push(f.dataset.link);
    if (window.asked && +f.dataset.pairs >= 2 && f.dataset.link.includes(window.asked)) {
      window.times.push(performance.now() - window.since); window.asked = null; }
  }).observe(hub, {childList: true, subtree: true});
  let k = 0;
  const move = () => {
    if (window.asked) window.strange.push('no answer to ' + window.asked);
    const e = document.getElementById('l-' + lever), value = values[k++ % values.length];
    window.asked = `${lever}=${value}@`; window.since = performance.now();
    e.value = value; e.dispatchEvent(new Event('input', {bubbles: true}));
    window.next = setTimeout(move, pause * (0.5 + (k * 0.618) % 1));
  };
  window.next = setTimeout(move, pause * Math.random());
}"""
LEVERS = ("naloxone", "rewards", "extradition", "equipment", "interdiction", "account_freezes", "justice", "arms_control", "legal_wage",
          "general_arrests")  # fmt: skip


def values(visitor: int) -> list[float]:
    """Positions of a slider that this visitor moves through, in an order of its own."""
    steps = [round(0.1 * k, 1) for k in range(1, 40)]
    start = 4 * (visitor // len(LEVERS)) + visitor
    return [steps[(start + 7 * k) % len(steps)] for k in range(len(steps))]


@pytest.fixture
def own():
    """A server that this test may kill."""
    server = Server()
    server.start()
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.mark.slow
def test_thirty_visitors_move_levers_for_a_minute(browser, own):
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    tabs = []
    for visitor in range(VISITORS):
        context = browser.new_context(viewport={"width": PROJECTOR[0], "height": PROJECTOR[1]})
        one = Tab(context.new_page(), own.url)
        one.page.on("console", lambda message, one=one: one.complaints.append(message.text) if message.type == "error" else None)
        one.page.on("pageerror", lambda error, one=one: one.complaints.append(str(error)))
        one.open()
        one.page.evaluate(VISIT, [LEVERS[visitor % len(LEVERS)], values(visitor), 1000 * PAUSE])
        tabs.append((context, one))
    memory, used = [], own.cpu_seconds()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(SECONDS / 12)
        memory.append(own.memory_mb())
    used = (own.cpu_seconds() - used) / SECONDS
    times = sorted(t for _, one in tabs for t in one.page.evaluate("window.times"))
    strange = [found for _, one in tabs for found in one.page.evaluate("window.strange") if not found.startswith("no answer")]
    late = [found for _, one in tabs for found in one.page.evaluate("window.strange") if found.startswith("no answer")]
    complaints = [text for _, one in tabs for text in one.complaints]
    for context, _ in tabs:
        context.close()
    p95 = times[int(0.95 * (len(times) - 1))] / 1000
    said = (
        f"{len(times)} first pictures: median {statistics.median(times) / 1000:.2f} s, p95 {p95:.2f} s, {len(late)} overtaken; "
        f"server {memory[0]:.0f} to {memory[-1]:.0f} MB and got {used:.2f} processors; load {load:.1f} per processor before"
    )
    print(said)
    assert not complaints
    assert not strange
    assert len(times) > VISITORS
    assert memory[-1] < memory[len(memory) // 2] + 40.0, said


@pytest.mark.slow
def test_links_outlive_a_killed_server_and_nothing_of_it_stays(tab, browser, own):
    link = "?naloxone=3@2007&show=overdose_deaths&language=es&tables=1"
    shown = []
    for _ in range(2):
        context = browser.new_context()
        one = Tab(context.new_page(), own.url)
        one.open(link)
        one.wait_for_pairs("naloxone=3", 24)
        shown.append(one.page.locator("figure[data-metric]").inner_text())
        context.close()
        if len(shown) == 1:
            family = own.family()
            own.process.send_signal(signal.SIGKILL)
            own.process.wait(10)
            until = time.monotonic() + 20
            while own.family() and time.monotonic() < until:
                time.sleep(0.2)
            assert len(family) > 2
            assert not own.family()
            own.start()
    assert shown[0] == shown[1]
