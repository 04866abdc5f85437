"""The model is a citizen of Mesa: stock data collection, agents by type, Mesa's own viewers."""

import mesa
import numpy as np
import pytest
from cases import history
from mesa import DataCollector

from sim.model.agents import Cartel, Leader
from sim.model.model import Cartelitos
from sim.model.run import simulate
from sim.model.space import geography


@pytest.fixture
def model():
    made = Cartelitos(history(years=2), rng=1)
    yield made
    made.release()


def collect(model, weeks):
    """A stock collector, read every week."""
    model.datacollector = DataCollector(
        model_reporters={"groups": lambda m: len(m.space.agents), "largest": lambda m: max(a.members for a in m.space.agents)},
        agenttype_reporters={Cartel: {"members": "members", "cell": "is_cell"}, Leader: {"rank": "rank", "tenure": "tenure"}},
    )
    for _ in range(weeks):
        model.step()
        model.datacollector.collect(model)
    return model.datacollector


def test_a_stock_data_collector_reads_it(model):
    collector = collect(model, 30)
    weekly = collector.get_model_vars_dataframe()
    cartels = collector.get_agenttype_vars_dataframe(Cartel)
    assert len(weekly) == 30
    assert (weekly["groups"] >= 8).all()
    assert (cartels["members"].groupby(level="Step").max().to_numpy() == weekly["largest"].to_numpy()).all()
    assert set(collector.get_agenttype_vars_dataframe(Leader)["rank"]) == {"kingpin", "lieutenant"}


def test_agents_by_type_holds_every_living_cartel_and_all_its_leaders(model):
    for _ in range(60):
        model.step()
    by_type = model.agents_by_type
    living = [cartel for cartel in model.cartels.values() if cartel.died is None]
    assert set(by_type[Cartel]) == set(living)
    leaders = set(by_type[Leader])
    factions = {model.faction(number) for number in range(model.state.country.count.factions)}
    for cartel in living:
        assert cartel.kingpin in leaders
        assert set(cartel.lieutenants.values()) <= leaders
        assert {leader.faction for leader in cartel.lieutenants.values()} <= factions
    assert len(leaders) == sum(1 + len(cartel.places) for cartel in living)


def test_members_of_the_agents_add_up(model):
    for _ in range(60):
        model.step()
    assert model.agents_by_type[Cartel].agg("members", sum) == model.state.stocks()["members"]


def test_collecting_and_looking_change_nothing(model):
    collect(model, 60)
    list(model.space.agents)
    unseen = Cartelitos(history(years=2), rng=1)
    for _ in range(60):
        unseen.step()
    assert np.array_equal(model.state.country.flows, unseen.state.country.flows)
    assert np.array_equal(model.state.country.flow.values, unseen.state.country.flow.values)
    unseen.release()


def test_a_run_nobody_looks_at_makes_no_agents(monkeypatch):
    def fail(self, *_):
        raise AssertionError("somebody made an agent")

    monkeypatch.setattr(mesa.Agent, "__init__", fail)
    assert len(simulate(history(years=2), 1).genealogy) > 8


def lines(model):
    """What agents of cartels say of themselves."""
    return [(c.name, c.parent and c.parent.name, c.root.name, c.origin, c.born, c.died) for c in model.cartels.values()]


def test_who_looks_late_sees_who_ever_was(model):
    while model.running:
        model.step()
        assert set(model.agents) == {cartel for cartel in model.cartels.values() if cartel.died is None}
    late = Cartelitos(history(years=2), rng=1)
    late.run()
    assert late.steps == model.steps == model.week
    assert lines(late) == lines(model)
    assert any(died is not None for *_, died in lines(late))
    assert {cartel.name for cartel in late.agents} == {cartel.name for cartel in model.agents}
    late.release()


def test_leaders_who_were_called_up_meet_their_fate_in_a_run_too(model):
    stepped = Cartelitos(history(years=2), rng=1)
    fates = []
    for one in (model, stepped):
        called = [leader for cartel in one.cartels.values() for leader in (cartel.kingpin, *cartel.lieutenants.values())]
        if one is model:
            one.run()
        while one.running:
            one.step()
        fates.append([leader.status for leader in called])
    assert fates[0] == fates[1]
    assert len(set(fates[0])) > 3
    stepped.release()


def test_the_map_is_a_mesa_network_of_places_with_every_cartel_at_its_seat(model):
    for _ in range(60):
        model.step()
    space = model.space
    assert isinstance(space, mesa.discrete_space.Network)
    assert [space.G.nodes[k]["id"] for k in space.G] == list(model.world.ids)
    for k in space.G:
        assert set(space.G[k]) == {int(near) for near in model.world.neighbours(k)}
    assert set(space.agents) == set(model.agents_by_type[Cartel])
    for cartel in space.agents:
        assert model.world.ids[cartel.cell.coordinate] in cartel.territories


def portray(cartel):
    from mesa.visualization.components import AgentPortrayalStyle

    return AgentPortrayalStyle(size=5 + cartel.members / 100, color="tab:orange" if cartel.is_cell else "tab:blue", marker="o")


def test_mesas_renderer_draws_it(model):
    """One marker per living cartel, at the place of its seat."""
    pytest.importorskip("solara", reason="Mesa's viewers need the extra mesa[viz]")
    from matplotlib import pyplot as plt
    from matplotlib.collections import PathCollection
    from mesa.visualization import SpaceRenderer

    for _ in range(30):
        model.step()
    renderer = SpaceRenderer(model, backend="matplotlib")
    renderer.draw_structure()
    renderer.draw_agents(portray)
    where = np.array(list(renderer.space_drawer.pos.values()))
    seats = where[[cartel.seat for cartel in model.space.agents]]
    _, *markers = [part for part in renderer.backend_renderer.ax.collections if isinstance(part, PathCollection)]  # places come first
    dots = np.concatenate([part.get_offsets() for part in markers])
    assert {tuple(spot) for spot in seats} == {tuple(spot) for spot in dots}
    assert len(dots) == len(seats)
    plt.close("all")


def rendered(component, kind):
    """Widgets of one kind that a Solara component renders."""
    import solara

    _, context = solara.render(component, handle_error=False)
    found = list(context.find(kind).widgets)
    context.close()
    return found


def test_mesas_components_show_it(model):
    pytest.importorskip("solara", reason="Mesa's viewers need the extra mesa[viz]")
    from ipywidgets import Image
    from mesa.visualization import SolaraViz, make_plot_component
    from mesa.visualization.components.matplotlib_components import make_mpl_space_component
    from reacton import ipyvuetify

    collect(model, 10)
    plot, _ = make_plot_component(["groups", "largest"])
    country = make_mpl_space_component(portray, layout_alg=geography, layout_kwargs={})
    for part in (plot, country):
        (picture,) = rendered(part(model), Image)
        assert bytes(picture.value).startswith(b"\x89PNG")
    if not hasattr(ipyvuetify, "TabsItems"):
        pytest.skip("Mesa's page needs ipyvuetify below 3")
    from ipyvuetify import Tab

    assert [tab.children for tab in rendered(SolaraViz(model, components=[country, plot], name="Cartelitos"), Tab)] == [["Page 0"]]


def test_the_guides_page_shows_the_country(monkeypatch):
    pytest.importorskip("solara", reason="Mesa's viewers need the extra mesa[viz]")
    import re

    from ipywidgets import Image

    from sim.show.guide import chapters

    (app,) = re.findall(r"```python app.py\n(.*?)```", chapters()["researcher"].text, re.S)
    page = {}
    exec(app, page)
    model = Cartelitos(**page["page"].kwargs["model_params"])  # Mesa's page refuses to show a model without them
    (picture,) = rendered(page["Country"](model), Image)
    assert len(bytes(picture.value)) > 10_000
