"""kill -9 of workers, of the driver and of both, at random moments: not a run is lost, doubled or changed."""

import os
import random
import signal
import time

import pytest
from drivers import done, planned, stored, until_stored, workers
from processes import alive, wait_until

pytestmark = pytest.mark.journey


def disturb(drivers, replicates: int, kills: int, seed: int) -> tuple[str, ...]:
    """Run `a` and `b`, killing now and then; what was killed."""
    luck = random.Random(seed)
    victims = [("worker", "driver", "both")[kill % 3] for kill in range(kills)]
    luck.shuffle(victims)
    command = ("run", "a", "b", "-n", str(replicates), "--workers", "2", "--out", "out", "-q")
    out, driver, orphans = drivers.folder / "out", None, []
    for victim in victims:
        kept = len(done(out)) if out.exists() else 0
        driver = driver or drivers.start(*command, fake="brief", PART_SECONDS="0.05")
        until_stored(out, kept + 1)
        time.sleep(luck.random() * 0.2)
        crew = workers(driver.pid, fewest=1)
        assert driver.poll() is None, "it ended before all the kills"
        if victim != "driver":
            os.kill(luck.choice(crew), signal.SIGKILL)
        if victim != "worker":
            driver.kill()
            driver.communicate()
            driver = None
        orphans += crew
        assert len(done(out)) > kept
    if driver:
        driver.communicate(timeout=300)
        assert driver.returncode == 0
    end = drivers.call(*command, "--json")
    assert end.returncode == 0, end.stderr
    assert wait_until(lambda: not any(map(alive, orphans)))
    return tuple(victims)


def check(drivers, undisturbed, replicates: int) -> None:
    out = drivers.folder / "out"
    assert done(out) == planned(out)
    assert len({*planned(out)}) == 2 * replicates
    assert stored(out) == undisturbed(replicates)
    assert {path.name for path in out.iterdir()} == {"plan.json", "series", "events", "genealogy", "runs"}


def test_twenty_kills(drivers, undisturbed):
    assert {*disturb(drivers, 500, kills=20, seed=2)} == {"worker", "driver", "both"}
    check(drivers, undisturbed, 500)


def test_a_storm_of_kills_loses_no_run(drivers, undisturbed):
    """Workers die about as fast as they start, for a while; nothing is recorded as failed and nobody has to ask for it again."""
    luck, out = random.Random(4), drivers.folder / "out"
    driver = drivers.start("run", "a", "b", "-n", "500", "--workers", "2", "--out", "out", fake="brief", PART_SECONDS="0.05")
    until_stored(out, 1)
    for _ in range(12):
        os.kill(luck.choice(workers(driver.pid, fewest=1)), signal.SIGKILL)
        time.sleep(0.2 + luck.random() * 0.6)
    _, err = driver.communicate(timeout=300)
    assert driver.returncode == 0, err
    check(drivers, undisturbed, 500)
