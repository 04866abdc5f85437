from pathlib import Path

import pytest

HERE = Path(__file__).parent

from drivers import Drivers, stored  # noqa: E402


@pytest.fixture
def drivers(tmp_path):
    made = Drivers(tmp_path)
    yield made
    for driver in made.started:
        if driver.poll() is None:
            driver.kill()
        driver.communicate()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """The tables of `a` and `b` as nothing disturbs them, by number of replicates."""
    made = Drivers(tmp_path_factory.mktemp("undisturbed"))
    known = {}

    def tables(replicates: int) -> list:
        if replicates not in known:
            out = f"out{replicates}"
            done = made.call("run", "a", "b", "-n", str(replicates), "--engine", "serial", "--out", out)
            assert done.returncode == 0, done.stderr
            known[replicates] = stored(made.folder / out)
        return known[replicates]

    return tables
