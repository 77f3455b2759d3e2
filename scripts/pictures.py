"""Draw the README's pictures from the demo corpus: python scripts/pictures.py [--run DIR].

Analyses corpora/demo (or takes a run of it), opens its report.html in headless Chromium and saves parts of the page to
docs/pictures, the map in light and in dark, as PNG files of few colours.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"

# What is shown: the file's name, the part of the page, and whether it is dark.
SHOTS = {
    "coming-back.png": ("#recurring", "light"),
    "map-light.png": ("#map", "light"),
    "map-dark.png": ("#map", "dark"),
    "both-sides.png": ("#crux-0", "light"),
}
WIDTH = 1100
# Pixels of a picture's height that are kept: a README shows the beginning of a thing.
HEIGHT = 640


def run_of_demo(folder: Path) -> None:
    """Analyse corpora/demo into a folder."""
    import threadkit as tk
    from threadkit.cli import finish

    finish(tk.analyze(tk.read(ROOT / "corpora/demo"), seed=0), folder, force=True)


def shrink(png: bytes) -> bytes:
    """Return the picture cut to HEIGHT in 128 colours: a page of text and dots loses nothing that is seen."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(HEIGHT, image.height))).quantize(128, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@click.command()
@click.option("--run", "folder", type=click.Path(exists=True, path_type=Path), help="A run of corpora/demo.")
def main(folder: Path | None) -> None:
    """Save every picture and print its size."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as work, sync_playwright() as driver:
        if folder is None:
            folder = Path(work) / "run"
            run_of_demo(folder)
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, (part, scheme) in SHOTS.items():
            page = chromium.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=scheme)
            page.goto((folder.resolve() / "report.html").as_uri())
            # What floats over the page stands in no picture of a part of it.
            page.add_style_tag(content="nav { display: none !important }")
            page.locator(part).scroll_into_view_if_needed()
            page.wait_for_timeout(1000)  # the views are drawn when they come into sight
            png = shrink(page.locator(part).screenshot())
            (PICTURES / name).write_bytes(png)
            click.echo(f"{name}: {len(png) / 1e3:.0f} kB")
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
