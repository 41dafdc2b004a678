"""Every page and panel at 1440 and 390 px, light and dark, on one contact sheet: `python -m tests.browser.photograph`.

Starts the app, opens each page as a visitor would, and finds the panels by the page's own tabs. The
single pictures and `contact-sheet.png` go to photos/ (or `--out`). Motion is reduced, so that every
picture shows a finished state and two runs show the same.
"""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from dlviz.core.lab import discover
from tests import browsing

WIDTHS = (1440, 390)
THEMES = ("light", "dark")
SETTLE = 1800  # ms for components to draw after the page says that it is done
WARM = 8000  # ms that a server which has just started gets
MARGIN = 20  # px of paper around a panel
TALLEST = 6000  # px of a page that are photographed
SHOWN = {1440: 720, 390: 260}  # px that a picture takes on the sheet
SHOWN_HEIGHT = 1200  # px of it: of a longer page the sheet shows the beginning
GAP, HEAD = 24, 34
TABS = ".st-key-dlviz-panels [data-testid=stButtonGroup] button"


@dataclass(frozen=True)
class Photo:
    """One picture: what it shows, how wide the window was, which theme, and where it lies."""

    subject: str
    width: int
    theme: str
    file: Path


def photograph(address: str, browser: Any, options: argparse.Namespace) -> Iterator[Photo]:
    """Visit every page in every width and theme."""
    pages = {"home": "/", **{slug: f"/{slug}" for slug in discover()[0]}}
    if options.page and options.page not in pages:
        raise SystemExit(f"There is no page {options.page!r}; there are {', '.join(pages)}.")
    for width in options.widths:
        for theme in options.themes:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce",
                device_scale_factor=1 if width > 600 else 2, has_touch=width < 600,
            )  # fmt: skip
            for name, path in pages.items():
                if options.page in (None, name):
                    yield from _visit(context.new_page(), address + path, name, width, theme, options)
            context.close()


def _visit(page: Any, url: str, name: str, width: int, theme: str, options: argparse.Namespace) -> Iterator[Photo]:
    page.goto(url)
    _settle(page)
    if not options.only or options.only.lower() in name:
        yield _whole(page, _file(options.out, name, width, theme), name, width, theme)
    for k, title in enumerate(page.locator(TABS).all_inner_texts()):
        subject = f"{name} · {title.strip()}"
        if options.only and options.only.lower() not in subject.lower():
            continue
        tab = page.locator(TABS).nth(k)
        if tab.get_attribute("aria-checked") != "true":
            tab.click()
            _settle(page)
        page.set_viewport_size({"width": width, "height": _height(page)})
        page.wait_for_timeout(SETTLE)
        file = _file(options.out, subject, width, theme)
        page.screenshot(path=file, clip=_around(page.locator(".st-key-dlviz-panels").bounding_box(), width))
        page.set_viewport_size({"width": width, "height": 900})
        yield Photo(subject, width, theme, file)
    page.close()


def _around(box: dict[str, float], width: int) -> dict[str, float]:
    """A panel with some of the page's paper around it."""
    left, top = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
    right = min(box["x"] + box["width"] + MARGIN, width)
    return {"x": left, "y": top, "width": right - left, "height": box["y"] + box["height"] + MARGIN - top}


def _warm(address: str, browser: Any) -> None:
    """A server that has just started loads torch in its worker; no visitor's first picture should be that."""
    page = browser.new_page()
    page.goto(f"{address}/{next(iter(discover()[0]), '')}")
    page.wait_for_timeout(WARM)
    page.close()


def _settle(page: Any) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]", timeout=30_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=30_000)
    page.wait_for_timeout(SETTLE)


def _whole(page: Any, file: Path, name: str, width: int, theme: str) -> Photo:
    """The whole page: Streamlit scrolls inside the window, so the window is made as tall as what it holds."""
    page.set_viewport_size({"width": width, "height": _height(page)})
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=file)
    page.set_viewport_size({"width": width, "height": 900})
    return Photo(name, width, theme, file)


def _height(page: Any) -> int:
    height = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
    return int(min(max(height, 900), TALLEST))


def _file(folder: Path, subject: str, width: int, theme: str) -> Path:
    return folder / f"{re.sub(r'[^a-z0-9]+', '-', subject.lower()).strip('-')}-{width}-{theme}.png"


def contact_sheet(photos: list[Photo]) -> Image.Image:
    """A row a subject, a column for each width and theme that was photographed."""
    columns = list(dict.fromkeys((photo.width, photo.theme) for photo in photos))
    rows = list(dict.fromkeys(photo.subject for photo in photos))
    small = {(photo.subject, photo.width, photo.theme): _small(photo) for photo in photos}
    heights = [max(image.height for key, image in small.items() if key[0] == subject) for subject in rows]
    across = [SHOWN.get(width, width // 2) for width, _ in columns]
    size = (sum(across) + GAP * (len(columns) + 1), sum(heights) + (GAP + HEAD) * len(rows) + GAP)
    sheet = Image.new("RGB", size, "#8a8d91")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=17)
    top = GAP
    for subject, height in zip(rows, heights, strict=True):
        left = GAP
        for (width, theme), room in zip(columns, across, strict=True):
            pen.text((left, top), f"{subject}, {width} px, {theme}"[: room // 8], fill="white", font=font)
            if image := small.get((subject, width, theme)):
                sheet.paste(image, (left, top + HEAD - 8))
            left += room + GAP
        top += height + GAP + HEAD
    return sheet


def _small(photo: Photo) -> Image.Image:
    image = Image.open(photo.file).convert("RGB")
    width = SHOWN.get(photo.width, photo.width // 2)
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    return small.crop((0, 0, width, min(height, SHOWN_HEIGHT)))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.photograph", description=__doc__.split("\n\n")[0])
    parser.add_argument("--page", help="one page: home, or a lab's slug")
    parser.add_argument("--only", help="only pages and panels whose name contains this")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--address", help="an app that runs already; without it, one is started")
    parser.add_argument("--out", type=Path, default=browsing.ROOT / "photos")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    serving = contextlib.nullcontext(options.address.rstrip("/")) if options.address else browsing.app()
    with serving as address, browsing.chromium() as browser:
        if not options.address:
            _warm(address, browser)
        photos = []
        for photo in photograph(address, browser, options):
            print(photo.file.name, flush=True)
            photos.append(photo)
    if not photos:
        raise SystemExit("Nothing of that name was found on the pages.")
    sheet = options.out / "contact-sheet.png"
    contact_sheet(photos).save(sheet)
    print(f"{len(photos)} pictures, all together in {sheet}")


if __name__ == "__main__":
    main()
