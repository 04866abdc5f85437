"""The page in a real browser: it answers, shows, shares, and survives what strangers send."""

from pages import PHONE


def test_the_page_is_ready_in_two_seconds(tab):
    warm = tab()
    warm.open()
    assert min(warm.open() for _ in range(3)) < 2.0
    assert warm.page.title().startswith("Cartelitos")


def test_a_lever_moves_and_the_world_answers(tab):
    one = tab()
    one.open()
    assert one.page.locator("figure .line.policy").count() == 0
    one.move("l-naloxone", 3)
    one.wait_for_pairs("naloxone=3", 2)
    assert one.page.locator("figure .line.usual").count() == one.page.locator("figure .line.policy").count() == 4
    one.wait_for_pairs("naloxone=3", 24)
    assert "naloxone=3@2007" in one.page.url
    caption = one.page.locator("figure[data-metric=overdose_deaths] figcaption").inner_text()
    assert caption.startswith("−")
    assert "worse in 0 of 24 worlds" in caption
    assert "United States" in one.page.locator(".budget").inner_text()


def test_a_link_opens_the_same_page(tab):
    one = tab()
    one.open("?naloxone=3@2007&language=es&show=overdose_deaths,members")
    one.wait_for_pairs("naloxone=3", 24)
    assert one.page.locator("html").get_attribute("lang") == "es"
    assert one.page.locator("figure[data-metric]").count() == 2
    assert one.page.locator("#l-naloxone").input_value() == "3"


def test_equal_cost_scales_the_levers(tab):
    one = tab()
    one.open("?naloxone=3@2007")
    one.page.get_by_role("button", name="Make it cost the same").click()
    one.page.wait_for_function("() => document.getElementById('notice').textContent.includes('multiplied by')")
    if "limit" not in one.page.locator("#notice").inner_text():
        one.page.wait_for_function("() => document.getElementById('b-line').innerText.includes('+US$ 325 m a year')")


def test_a_phone_scrolls_only_down(tab):
    one = tab(PHONE)
    one.open()
    assert one.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_hostile_links_are_explained(tab):
    one = tab()
    one.open("?treatmnt=1&treatment=1e999&world=<script>alert(1)</script>&policy=../../x")
    text = one.page.locator("#notice").inner_text()
    assert "did you mean" in text
    assert "no number" in text
    assert "there are: baseline" in text
    assert one.page.evaluate("document.querySelectorAll('script[src*=alert]').length") == 0
