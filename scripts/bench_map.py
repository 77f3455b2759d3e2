r"""What plotting libraries take to draw the report's map, beside what it is drawn with: bytes, milliseconds, errors.

A hundred thousand points in 24 colours on a canvas, then half of them, as a filter keeps them, under the policy of
report.html, which lets no text become code. Processor time of the page's thread, in a headless Chromium. plotly is
measured from its installed package; the others from files that npm gives:

    npm pack echarts uplot chart.js   # and unpack them
    python scripts/bench_map.py --file echarts=…/echarts.min.js --file uplot=…/uPlot.iife.min.js \
        --file chart=…/chart.umd.min.js
"""

from __future__ import annotations

import argparse
import base64
import gzip
import shutil
import tempfile
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from threadkit.report.page import asset

N, COLOURS = 100_000, 24
DATA = f"""
const N = {N}, COLOURS = {COLOURS}, box = document.getElementById("box");
let seed = 1;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const X = Array.from({{ length: N }}, random);
const Y = Array.from({{ length: N }}, random);
const colour = (c) => `rgb(${{40 + 9 * c}} ${{220 - 8 * c}} ${{(c * 53) % 256}})`;
// The points of one colour, all of them or every second one.
const length = (step) => Math.ceil((N / COLOURS - 1) / step);
const some = (c, step) => Array.from({{ length: length(step) }}, (_, k) => (k * step * COLOURS + c) % N);
const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
const late = new Promise((done, fail) => setTimeout(() => fail(new Error("a minute was not enough")), 60000));
const series = (make) => Array.from({{ length: COLOURS }}, (_, c) => make(c));
"""
# What draws all points (1) or every second one (2) with each library.
DRAWN = {
    "ours": """const canvas = box.appendChild(Object.assign(document.createElement("canvas"), { width: 860, height: 510 }));
        const looks = series((c) => laid(stamp({ shape: "circle", fill: colour(c), radius: 1.6 }), 860));
        globalThis.draw = (step) => {
            const image = new ImageData(860, 510), words = new Int32Array(image.data.buffer).fill(-1);
            const sheet = { words, width: 860, height: 510 };
            for (let i = 0; i < N; i += step) press(sheet, looks[i % COLOURS], Math.round(X[i] * 860), Math.round(Y[i] * 510));
            canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
        };""",  # noqa: E501
    "echarts": """const chart = echarts.init(box, null, { width: 860, height: 510 });
        globalThis.draw = (step) => chart.setOption({ animation: false, xAxis: {}, yAxis: {}, series: series((c) => ({
            type: "scatter", large: true, largeThreshold: 1, symbolSize: 3, itemStyle: { color: colour(c) },
            data: some(c, step).map((i) => [X[i], Y[i]]) })) }, { notMerge: true });""",
    "uplot": """const paths = (u, s) => { u.ctx.fillStyle = colour(s - 1); u.ctx.beginPath();
            const [x, y] = u.data[s];
            for (let k = 0; k < x.length; k++) { const px = u.valToPos(x[k], "x", true), py = u.valToPos(y[k], "y", true);
                u.ctx.moveTo(px + 1.6, py); u.ctx.arc(px, py, 1.6, 0, 7); } u.ctx.fill(); return null; };
        const data = (step) => [null, ...series((c) => { const own = some(c, step); return [own.map((i) => X[i]), own.map((i) => Y[i])]; })];
        const scales = { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } };
        let plot = null;
        globalThis.draw = (step) => { if (plot) plot.setData(data(step));
            else plot = new uPlot({ mode: 2, width: 860, height: 510, scales, series: [{}, ...series(() => ({ paths, facets:
                [{ scale: "x", auto: true }, { scale: "y", auto: true }] }))] }, data(step), box); };""",  # noqa: E501
    "chart": """const canvas = box.appendChild(document.createElement("canvas"));
        let chart = null;
        const data = (step) => ({ datasets: series((c) => ({ data: some(c, step).map((i) => ({ x: X[i], y: Y[i] })), radius: 1.6, backgroundColor: colour(c) })) });
        globalThis.draw = (step) => { if (chart) { chart.data = data(step); chart.update(); }
            else chart = new Chart(canvas, { type: "scatter", data: data(step), options: { animation: false, responsive: false } }); };""",  # noqa: E501
    "plotly svg": """globalThis.draw = (step) => Plotly.react(box, series((c) => ({ type: "scatter", mode: "markers", x: some(c, step).map((i) => X[i]),
        y: some(c, step).map((i) => Y[i]), marker: { size: 3, color: colour(c) } })), { width: 860, height: 510 });""",  # noqa: E501
}
DRAWN["plotly gl"] = DRAWN["plotly svg"].replace('"scatter"', '"scattergl"')


def page(scripts: list[str]) -> str:
    """Return a page that may run these scripts and nothing that they make of text."""
    allowed = " ".join(f"'sha256-{base64.b64encode(sha256(each.encode()).digest()).decode()}'" for each in scripts)
    policy = f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"
    tags = "".join(f"<script>{each}</script>" for each in scripts)
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    return f'<!DOCTYPE html><html><head>{head}</head><body><div id="box"></div>{tags}</body></html>'


def measure(browser: Browser, name: str, library: str, folder: Path) -> tuple[list[int], str]:
    """Return the milliseconds of the first drawing and of a filter's, and what went wrong."""
    path = folder / "page.html"
    path.write_text(page([each.replace("</script", "<\\/script") for each in (library, DATA, DRAWN[name])]))
    tab = browser.new_page()
    tab.set_default_timeout(180_000)
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    driver: Any = tab.context.new_cdp_session(tab)
    driver.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.goto(path.as_uri())

    def spent() -> float:
        metrics = driver.send("Performance.getMetrics")["metrics"]
        return next(1000 * each["value"] for each in metrics if each["name"] == "ThreadTime")

    taken = []
    for step in (1, 2, 1, 2):
        began = spent()
        try:
            tab.evaluate(f"async () => {{ await Promise.race([draw({step}), late]); await frame(); }}")
        except Exception as error:
            wrong.append(str(error).splitlines()[0])
            break
        taken.append(round(spent() - began))
    tab.close()
    return taken, wrong[0][:110] if wrong else ""


def main() -> None:
    """Print a line a library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", action="append", default=[], metavar="NAME=FILE", help="echarts, uplot or chart")
    given = dict(each.split("=", 1) for each in parser.parse_args().file)
    plotly = resources.files("plotly").joinpath("package_data/plotly.min.js").read_text(encoding="utf-8")
    libraries = {"ours": str(asset("explore/dom.js")) + str(asset("explore/stamps.js"))}
    libraries |= {name: Path(file).read_text(encoding="utf-8") for name, file in given.items()}
    libraries |= {"plotly svg": plotly, "plotly gl": plotly}
    print(f"{'':12}{'bytes':>10}{'packed':>10}   all, half, all, half of {N:,} points (ms)")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, library in libraries.items():
            taken, wrong = measure(browser, name, library, Path(folder))
            size = len(library.encode())
            print(f"{name:12}{size:>10,}{len(gzip.compress(library.encode())):>10,}   {taken} {wrong}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
