"""How long the page takes to write and to open, and how large it is, from a finished warehouse.

`python -m tests.bench.page` reads the published database of `ENTENTE_WAREHOUSE` and writes the page twice into a folder
that is thrown away: with no drawing kept from before, as after an update of what draws, and with all of them kept, as
when only figures have changed elsewhere. Then Chromium, where one is installed, opens it from disk as a reader would.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from pipelines.definitions import CONTRACTS  # a refresh has it all in memory when it comes to the page
from pipelines.errors import EntenteError
from pipelines.project import Project
from pipelines.published import opened
from pipelines.site import publication
from pipelines.warehouse import tables

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPENINGS = 5
TIMES = """() => {
  const [opened] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  const [chart] = performance.getEntriesByName("chart");
  return { "first words": painted.startTime, "loaded": opened.loadEventEnd, "first chart answers": chart.startTime };
}"""


def write(project: Project, folder: Path, cache: Path) -> tuple[float, float]:
    """Write everything that a publication shows people; the seconds it took, and those of a processor."""
    with opened(project) as connection:
        found = connection.sql("select table_name, rows from meta.tables").fetchall()
        named = connection.sql("select publication_id, published_at from meta.publication").fetchall()[0]
    facts = {
        **dict(zip(("publication_id", "published_at"), named, strict=True)),
        "tables": {name: {"rows": rows} for name, rows in found},
    }
    began, worked = time.perf_counter(), time.process_time()
    publication.write(project.published, CONTRACTS, tables(CONTRACTS), facts, folder, project.root, cache)
    return time.perf_counter() - began, time.process_time() - worked


def read(page: Path) -> dict[str, float]:
    """Medians in milliseconds, from the start of the navigation, over several openings in a browser just started."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        return {}
    found = []
    with sync_playwright() as playwright:
        for _ in range(OPENINGS):
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            shown = browser.new_page(viewport={"width": 1280, "height": 900})
            shown.goto(page.resolve().as_uri())
            shown.locator("[data-chart][data-drawn=yes]").first.wait_for(state="attached")
            found.append(shown.evaluate(TIMES))
            browser.close()
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def main() -> int:
    """Print the times and the size."""
    project = Project.from_environment()
    with TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("no drawing kept", "all drawings kept"):
            try:
                seconds, worked = write(project, folder / name, folder / "cache")
            except EntenteError as error:
                print(error, file=sys.stderr)
                return 1
            print(f"written, {name}: {seconds:.1f} s, of processors {worked:.1f} s", flush=True)
        page = folder / "all drawings kept" / "index.html"
        print(f"index.html: {page.stat().st_size / 1e6:.2f} MB")
        for name, milliseconds in read(page).items():
            print(f"opened, {name}: {milliseconds:,.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
