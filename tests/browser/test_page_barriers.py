"""No barriers on the pages that the desk itself draws: signing in, one's account, what is printed, what is opened by a link on a telephone.

They are those of the pictures (`screens.py`), after the evening that the pictures show; and nothing is wider than a telephone.
"""

from pathlib import Path

from playwright.async_api import Browser, Page

from tests.browser.evening import evening
from tests.browser.screens import FACES, SIGNED_IN, SIGNED_OUT, page_links, papers, sign_in
from tests.browser.test_barriers import ALL, barriers

PAPER = """() => ["backgroundColor", "color"].map((name) => getComputedStyle(document.body)[name])
  .map((value) => value.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0))"""


async def on_paper(page: Page) -> bool:
    """Whether whoever likes it dark prints dark ink on light paper all the same."""
    await page.emulate_media(media="print", color_scheme="dark")
    paper, ink = await page.evaluate(PAPER)
    await page.emulate_media(media="screen")
    return bool((paper > 650 or paper == 0) and ink < 200)


async def test_no_page_of_the_desk_has_barriers_or_is_wider_than_its_screen(browser: Browser, tmp_path: Path) -> None:
    wrong: dict[str, list[str]] = {}
    async with evening(tmp_path) as (here, incident):
        ids = await papers(here, incident)
        signed, plain = await browser.new_context(locale="zh-CN"), await browser.new_context(locale="zh-CN")
        await sign_in(await signed.new_page(), here, "leader")
        for context, wanted in ((plain, [*SIGNED_OUT, *await page_links(here)]), (signed, SIGNED_IN)):
            page = await context.new_page()
            for shot in wanted:
                await page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
                for theme, language in FACES:
                    await page.emulate_media(color_scheme="dark" if theme == "night" else "light")
                    await page.goto(f"{here.url}{shot.where.format(**ids)}?lang={language}")
                    await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                    one_face = (theme, language) in FACES[::2]  # a theme changes colours and nothing else
                    found = await barriers(page, ALL if one_face else ["color-contrast"])
                    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        found.append("wider than its screen")
                    wrong |= {f"{shot.name} {theme} {language}": found} if found else {}
                if not await on_paper(page):
                    wrong |= {f"{shot.name} printed": ["light ink, or dark paper"]}
        await signed.close()
        await plain.close()
    assert wrong == {}
