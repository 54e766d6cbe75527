"""The manual in the app: links go where they say, and nothing is asked elsewhere."""

from playwright.sync_api import Page, expect
from reviewing import Server
from watching import Watch


def test_links_lead_through_the_manual(page: Page, server: Server):
    """From the menu to a heading in another document, and back; no other tab is opened."""
    watch = Watch(page, server.url)
    page.goto(server.url)
    page.get_by_role("link", name="Help", exact=True).click()
    start = page.get_by_role("heading", name="Reviewing", exact=True)
    expect(start).to_be_in_viewport(timeout=30_000)

    page.get_by_role("navigation", name="Contents").get_by_role(
        "link", name="errortool new"
    ).click()
    expect(page.get_by_role("heading", name="errortool new", exact=True)).to_be_in_viewport()
    expect(start).not_to_be_in_viewport()
    page.get_by_role("link", name="correct predictions").first.click()
    expect(page).to_have_url(f"{server.url}/help#correct-predictions")
    expect(page.get_by_role("heading", name="Correct predictions", exact=True)).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("heading", name="errortool new", exact=True)).to_be_in_viewport()
    watch.assert_quiet()


def test_an_address_opens_at_its_heading(page: Page, server: Server):
    """A link to a part of the manual can be passed on."""
    page.goto(f"{server.url}/help#several-categories-together")
    heading = page.get_by_role("heading", name="Several categories together", exact=True)
    expect(heading).to_be_in_viewport(timeout=30_000)
