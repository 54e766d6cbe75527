"""Measures what is promised, next to the plain way of doing it, in one run.

    python tests/bench/bench.py review|size|start|new|compare|report|pages|save|all [--data DIR]
                                                           [--count 60]

DIR holds folders, each with predictions.csv and images/; without it the sample data are used.
Figures are milliseconds, p50 / p95, unless said otherwise. These machines are noisy: compare the
two ways of one run, not runs.
"""

import argparse
import json
import os
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby, product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import writer  # noqa: E402  found by the path set above
from helpers import begin, cats_and_dogs  # noqa: E402
from reviewing import Server  # noqa: E402

import errortool  # noqa: E402
from errortool.actions import reporting  # noqa: E402
from errortool.changes import (  # noqa: E402
    Change,
    ExampleValues,
    Ref,
)
from errortool.model import (  # noqa: E402
    Columns,
    Example,
    NewCategory,
    NewSession,
    Session,
    Status,
)
from errortool.store import Store  # noqa: E402

COMMAND = str(Path(sys.executable).with_name("errortool"))
STREAMLIT = str(Path(sys.executable).with_name("streamlit"))

LONGEST_WAIT = 60  # seconds, for what takes one at most
LONGEST_COMMAND = 600

# In the page: notes when a key went down, and resolves as soon as a test holds; an image must
# then be decoded, and one frame begun, to count as painted. Fails where that never happens.
WATCH = """
window.addEventListener("keydown", (event) => { window.benchKey = event.timeStamp; }, true);
window.benchRoot = () =>
  document.querySelector("[data-testid=stBidiComponentIsolated]")?.shadowRoot ?? document;
window.benchImage = () =>
  benchRoot().querySelector("[data-part=stage] img, [data-testid=stImage] img");
window.benchWait = (test, painted, seconds) => new Promise((resolve, reject) => {
  const late = setTimeout(() => {
    observer.disconnect();
    reject(new Error(`not within ${seconds} s of the key: ${test}`));
  }, 1000 * seconds);
  const look = async () => {
    if (!test()) return;
    observer.disconnect();
    if (painted) {
      await benchImage().decode().catch(() => {});
      await new Promise(requestAnimationFrame);
    }
    clearTimeout(late);
    resolve(performance.now() - window.benchKey);
  };
  const observer = new MutationObserver(look);
  const what = { attributes: true, characterData: true, childList: true, subtree: true };
  observer.observe(benchRoot(), what);
});
"""


def row(name: str, values: Sequence[float], note: str = "") -> float:
    """Print p50 and p95 of a list of milliseconds; return p50."""
    middle = statistics.median(values)
    late = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else middle
    print(f"  {name:<44}{middle:>8.0f} /{late:>6.0f}   {note}")
    return middle


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that the tests use."""
    executable = os.environ.get("ERRORTOOL_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


def datasets(data: Path | None) -> list[Path]:
    """Return the folders to measure on."""
    if data is None:
        return [ROOT / "sample_data"]
    return sorted(path.parent for path in data.glob("*/predictions.csv"))


def made_dataset(folder: Path, size: tuple[int, int], images: int, errors: int) -> Path:
    """Write predictions with `errors` errors on `images` photo-like images of a size."""
    (folder / "images").mkdir(parents=True)
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 50)
    for number in range(images):
        turned = noise.rotate(number * 7).resize(size, Image.Resampling.BICUBIC)
        Image.merge("RGB", (turned, turned.transpose(Image.Transpose.ROTATE_180), turned)).save(
            folder / "images" / f"{number}.jpg", quality=85
        )
    with (folder / "predictions.csv").open("w") as file:
        file.write("id,image,label,prediction,confidence,source,camera\n")
        for number in range(errors):
            file.write(f"dev-{number},{number % images}.jpg,cat,not cat,0.9,web,back\n")
        file.write("right,0.jpg,cat,cat,0.9,web,back\nother,0.jpg,not cat,not cat,0.9,web,back\n")
    return folder


def new_session(folder: Path, data: Path, *options: str) -> None:
    """Begin a session on `data` in `folder`."""
    subprocess.run(
        [COMMAND, "new", data / "predictions.csv", "--images", data / "images", *options],
        cwd=folder, check=True, capture_output=True, timeout=LONGEST_COMMAND,
    )  # fmt: skip


def timed(page: Page, key: str, test: str, *, painted: bool = False) -> float:
    """Press a key and return how long it took until `test` held (and the image was painted)."""
    options = f"{json.dumps(painted)}, {LONGEST_WAIT}"
    page.evaluate(f"() => {{ window.benchDone = benchWait({test}, {options}); }}")
    page.keyboard.press(key)
    return float(page.evaluate("() => window.benchDone"))


# --- review --------------------------------------------------------------------------------------

OURS_IMAGE = """(() => { const was = benchImage().alt;
  return () => benchImage() && benchImage().alt !== was; })()"""
OURS_TICK = """(() => { const box = () => benchRoot().querySelector("[role=checkbox]");
  const was = box().getAttribute("aria-checked");
  return () => box().getAttribute("aria-checked") !== was; })()"""
OURS_SAVED = """(() => { let left = false; return () => {
  const saved = benchRoot().querySelector("[role=status]").textContent === "Saved";
  left ||= !saved; return left && saved; }; })()"""
PLAIN_IMAGE = """(() => { const was = benchImage().src;
  return () => benchImage() && benchImage().src !== was; })()"""
PLAIN_TICK = """(() => { const text = () => [...document.querySelectorAll("button p")]
    .find((node) => node.textContent.includes("Dog"))?.textContent; const was = text();
  return () => text() && text() !== was; })()"""


def review(data: Path | None, count: int) -> None:
    """Compare our review with a plain script on the same images, real ones and made ones."""
    with tempfile.TemporaryDirectory() as name, browser() as started:
        photos = made_dataset(Path(name) / "640x480", (640, 480), 100, 200)
        large = made_dataset(Path(name) / "12 megapixels", (4000, 3000), 40, 200)
        for dataset in (*datasets(data), photos, large):
            folder = Path(tempfile.mkdtemp(dir=name))
            print(f"\n{dataset.name}: from the key on, ms p50 / p95 (decoded, plus one frame)")
            new_session(folder, dataset, "--sample", str(count + 20))
            ours = ours_figures(started, folder, count)
            images = unlike_neighbours(drawn_images(folder, dataset / "images"))
            plain = plain_figures(started, folder, images, count)
            for what in ("next image", "tick visible"):
                fast = row(f"{what}, errortool", ours[what])
                slow = row(f"{what}, plain st.image", plain[what])
                print(f"  {what}: {slow / fast:.1f} times as fast")
            row("tick saved, errortool", ours["tick saved"])


def size(_data: Path | None, count: int) -> None:
    """Compare a session of 100 with one of 10,000, half of it judged, with 20 categories."""
    with tempfile.TemporaryDirectory() as name, browser() as started:
        dataset = made_dataset(Path(name) / "made", (640, 480), 100, 10_000)
        for sample in (100, 10_000):
            folder = Path(tempfile.mkdtemp(dir=name))
            categories = [word for n in range(20) for word in ("--category", f"Cause {n}")]
            new_session(folder, dataset, "--sample", str(sample), *categories)
            half = "".join(f"dev-{n}{',0' * 19},{n % 2}\n" for n in range(0, 10_000, 2))
            header = ",".join(f"Cause {n}" for n in range(20))
            (folder / "ticks.csv").write_text(f"id,{header}\n{half}")
            (session,) = (
                found.session.name for found in errortool.sessions(folder / "errortool.db")
            )
            imported = [COMMAND, "import", session, "ticks.csv"]
            subprocess.run(
                imported, cwd=folder, check=True, capture_output=True, timeout=LONGEST_COMMAND
            )
            print(f"\nsession of {sample:,}: ms p50 / p95")
            for what, values in ours_figures(started, folder, count).items():
                row(what, values)


def drawn_images(folder: Path, images: Path) -> list[str]:
    """Return the images of the session in `folder`."""
    with closing(Store(folder / "errortool.db")) as store:
        (session,) = store.sessions()
        return [str(images / image) for image in store.images(session) if image]


def unlike_neighbours(images: list[str]) -> list[str]:
    """Leave out images with the same content as the one before.

    The plain script's page shows by its image alone that the next one is there.
    """
    return [next(alike) for _, alike in groupby(images, lambda path: Path(path).read_bytes())]


def ours_figures(started: Browser, folder: Path, count: int) -> dict[str, list[float]]:
    """Measure the review page."""
    with running(folder) as server:
        page = started.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(server.url)
        page.get_by_role("button", name="Review").wait_for()
        began = time.perf_counter()
        page.get_by_role("button", name="Review").click()
        page.locator("[data-part=stage] img").wait_for()
        opened = 1000 * (time.perf_counter() - began)
        figures: dict[str, list[float]] = {
            "opened, from the list": [opened],
            "next image": [],
            "tick visible": [],
            "tick saved": [],
        }
        for number in range(count):
            pause(number)
            figures["tick visible"].append(timed(page, "1", OURS_TICK))
            pause(number)
            figures["tick saved"].append(timed(page, "1", OURS_SAVED))
            pause(number)
            figures["next image"].append(timed(page, "ArrowRight", OURS_IMAGE, painted=True))
        page.close()
    return figures


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Serve the app on the session file in `folder`."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()


def plain_figures(
    started: Browser, folder: Path, images: list[str], count: int
) -> dict[str, list[float]]:
    """Measure the plain script."""
    (folder / "images.json").write_text(json.dumps(images))
    with plain_server(folder) as url:
        page = started.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(url)
        page.locator("[data-testid=stImage] img").wait_for()
        figures: dict[str, list[float]] = {"next image": [], "tick visible": []}
        for number in range(count):
            pause(number)
            figures["tick visible"].append(timed(page, "1", PLAIN_TICK))
            pause(number)
            figures["next image"].append(timed(page, "ArrowRight", PLAIN_IMAGE, painted=True))
        page.close()
    return figures


def pause(number: int) -> None:
    """Wait as a reviewer does, never the same."""
    time.sleep(0.15 + 0.1 * random.Random(number).random())


@contextmanager
def plain_server(folder: Path, name: str = "plain.py") -> Iterator[str]:
    """Serve a plain script."""
    with socket.create_server(("localhost", 0)) as free:
        port = str(free.getsockname()[1])
    script = Path(__file__).with_name(name)
    with subprocess.Popen(
        [STREAMLIT, "run", script, "--server.port", port, "--server.headless", "true",
         "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"],
        env=os.environ | {"BENCH_IMAGES": str(folder / "images.json"),
                          "BENCH_DB": str(folder / "plain.db")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    ) as process:  # fmt: skip
        try:
            url = f"http://localhost:{port}"
            deadline = time.monotonic() + LONGEST_WAIT
            while not Server._answers(url):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the plain script isn't served at {url}")
                time.sleep(0.1)
            yield url
        finally:
            process.kill()


# --- start ---------------------------------------------------------------------------------------


LOADED = """(image, seconds) => image.complete || new Promise((resolve, reject) => {
  image.addEventListener("load", resolve);
  image.addEventListener("error", () => reject(new Error("the first image can't be loaded")));
  setTimeout(() => reject(new Error(`no first image within ${seconds} s`)), 1000 * seconds);
})"""


def start(data: Path | None, count: int) -> None:
    """Measure from the command to the first image of a saved session."""
    dataset = datasets(data)[0]
    print(f"\n{dataset.name}: cold start to the first image, ms p50 / p95")
    parts: dict[str, list[float]] = {"server answers": [], "page shows the image": [], "all": []}
    with tempfile.TemporaryDirectory() as name, browser() as started:
        folder = Path(name)
        new_session(folder, dataset)
        for _ in range(max(3, count // 10)):
            began = time.perf_counter()
            with running(folder) as server:
                answers = time.perf_counter()
                page = started.new_page()
                page.goto(f"{server.url}/review?session=1")
                page.locator("[data-part=stage] img").evaluate(LOADED, LONGEST_WAIT)
                shown = time.perf_counter()
                page.close()
            parts["server answers"].append(1000 * (answers - began))
            parts["page shows the image"].append(1000 * (shown - answers))
            parts["all"].append(1000 * (shown - began))
    for what, values in parts.items():
        row(what, values)


# --- new -----------------------------------------------------------------------------------------


def new(data: Path | None, count: int) -> None:
    """Measure `errortool new` as a whole process, next to pandas.read_csv of the same file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.new("RGB", (8, 8)).save(folder / "x.png")
        for rows in (10_000, 1_000_000):
            path = made_csv(folder / f"{rows}.csv", rows)
            repeats = max(3, count // 12)
            read = f"import pandas; pandas.read_csv({str(path)!r})"
            print(f"\n{rows:,} rows: whole processes, ms p50 / p95")
            plain = row("pandas.read_csv", *process([sys.executable, "-c", read], folder, repeats))
            ours = row("errortool new", *process([COMMAND, "new", str(path)], folder, repeats))
            print(f"  errortool new takes {ours / plain:.2f} times as long")


def compare(_: Path | None, count: int) -> None:
    """Measure `errortool compare` of two tables, next to reading and checking both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in (10_000, 1_000_000):
            paths = [str(made_csv(folder / f"{side}{rows}.csv", rows)) for side in "ab"]
            repeats = max(3, count // 12)
            read = (
                "from pathlib import Path; from errortool.data import predictions; "
                f"[predictions.load(Path(one)).dev_set for one in {paths!r}]"
            )
            print(f"\n{rows:,} rows each: whole processes, ms p50 / p95")
            plain = row("reading both", *process([sys.executable, "-c", read], folder, repeats))
            ours = row("errortool compare", *process([COMMAND, "compare", *paths], folder, repeats))
            print(f"  comparing takes {ours - plain:,.0f} ms beside reading")


def made_csv(path: Path, rows: int) -> Path:
    """Write a predictions file with about 10 % errors."""
    chance = random.Random(0)
    with path.open("w") as file:
        file.write("id,image,label,prediction,confidence,source\n")
        for number in range(rows):
            label = chance.choice(("cat", "not cat"))
            right = chance.random() > 0.1
            guess = label if right else ("cat" if label == "not cat" else "not cat")
            file.write(
                f"{number},images/{number:07d}.jpg,{label},{guess},{chance.random():.4f},web\n"
            )
    return path


def process(
    command: list[str], folder: Path, repeats: int, *, anew: bool = True
) -> tuple[list[float], str]:
    """Run a command some times, `anew` without a session file; return milliseconds and memory."""
    values = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for _ in range(repeats):
        for old in folder.glob("errortool.db*") if anew else ():
            old.unlink()
        began = time.perf_counter()
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=LONGEST_COMMAND
        )
        values.append(1000 * (time.perf_counter() - began))
    most = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return values, f"at most {most / 1024:.0f} MB"


# --- report --------------------------------------------------------------------------------------


def judged_session(store: Store, examples: int, categories: int, dev_examples: int) -> Session:
    """Begin a session of which every error is judged; each category is ticked on a tenth."""
    session = store.create(
        NewSession(
            name=f"{examples} errors", predictions="p.csv", predictions_sha256="0", images=None,
            seed=0, columns=Columns(label="label", prediction="pred"), dev_examples=dev_examples,
            errors=dev_examples // 5,
            examples=tuple(
                Example(position=n, key=str(n), image=None, label="ab"[n % 2], prediction="c")
                for n in range(examples)
            ),
            categories=tuple(NewCategory(name=f"category {n}") for n in range(categories)),
        )
    )  # fmt: skip
    ids = [str(category.id) for category in store.categories(session)]
    chance = random.Random(0)
    store.apply(session, (
        Change(ref=Ref(session.name, n), reviewer="ann", kind="look", examples={
            n: ExampleValues(
                status=Status.LOOKED_AT, ticks={id_: int(chance.random() < 0.1) for id_ in ids}
            )
        })
        for n in range(examples)
    ))  # fmt: skip
    return session


def report(_data: Path | None, count: int) -> None:
    """Measure the whole report, of 100 and of 10,000 judged errors with 30 categories."""
    with tempfile.TemporaryDirectory() as name:
        for examples in (100, 10_000):
            folder = Path(name) / str(examples)
            folder.mkdir()
            with closing(Store(folder / "errortool.db", create=True)) as store:
                session = judged_session(store, examples, 30, 100_000)
                print(f"\nreport on {examples:,} judged errors and 30 categories, ms p50 / p95")
                report_figures(store, session, count)
            command = [COMMAND, "report", session.name]
            runs = process(command, folder, max(3, count // 6), anew=False)
            row("errortool report, the whole process", *runs)


def report_figures(store: Store, session: Session, count: int) -> None:
    """Measure what a report takes, and what else reads the whole session."""
    few = max(5, count // 6)
    row("a snapshot read from the session file", repeated(lambda: store.snapshot(session), count))
    row("... with its rows, as for an export", repeated(lambda: store.full_snapshot(session), few))
    snapshot = store.snapshot(session)
    row("every figure computed", repeated(lambda: reporting.compute(snapshot), count))
    ids = [category.id for category in snapshot.judged.categories[:3]]
    row("a what-if computed", repeated(lambda: reporting.plan(snapshot, ids), count))
    both = repeated(lambda: reporting.compute(store.snapshot(session)), count)
    row("snapshot and figures", both)
    chance = random.Random(0)
    weights = np.array([chance.choice((1.0, 5.0)) for _ in range(session.sampled)])
    heavy = replace(snapshot, judged=replace(snapshot.judged, weights=weights))
    row("every figure, with weights", repeated(lambda: reporting.compute(heavy), few))
    row("a review opened (state as JSON values)",
        repeated(lambda: store.review(session, "ann"), few))  # fmt: skip
    row(
        "the session file opened, all of it read",
        repeated(lambda: Store(store.path).close(), count),
    )
    copies = iter(range(count))
    copy = repeated(lambda: store.backup(store.path.with_name(f"{next(copies)}.db")), few)
    row("copied as a backup", copy)
    row("checked, all events carried out anew", repeated(store.check, 3))


# --- pages ---------------------------------------------------------------------------------------

FIGURE = "window.benchCard().querySelector('[data-part=figure]')?.textContent"
CARD = """() => {
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean);
  const root = roots.find((one) => one.querySelector("[data-part=plan]"));
  window.benchCard = () => root.querySelector("[data-part=plan]");
}"""
FIGURE_CHANGED = f"""() => {{ window.benchDone = new Promise((resolve, reject) => {{
  const was = {FIGURE};
  const observer = new MutationObserver(() => {{
    if (!{FIGURE} || {FIGURE} === was) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - window.benchClick));
  }});
  observer.observe(window.benchCard(), {{ characterData: true, childList: true, subtree: true }});
  setTimeout(() => reject(new Error("the figure did not change")), 30_000);
}}); }}"""


def pages(data: Path | None, count: int) -> None:
    """Measure from page to page, and from the command and by address next to an empty app."""
    with tempfile.TemporaryDirectory() as name, browser() as started:
        for examples, categories in ((100, 6), (10_000, 30)):
            folder = Path(name) / str(examples)
            folder.mkdir()
            with closing(Store(folder / "errortool.db", create=True)) as store:
                judged_session(store, examples, categories, 100_000)
            new_session(folder, datasets(data)[0])
            print(f"\n{examples:,} errors and {categories} categories, ms p50 / p95")
            from_page_to_page(started, folder, count)
        print("\nbeside an empty app of Streamlit's, in turns, ms p50 / p95")
        by_address(started, Path(name) / "100", max(3, count // 10))


def from_page_to_page(started: Browser, folder: Path, count: int) -> None:
    """Measure the menu and the what-if boxes of a server that is warm."""
    figures: dict[str, list[float]] = {
        "menu to the report": [],
        "menu to the review's image": [],
        "a what-if box, to the new figure": [],
    }
    with running(folder) as server:
        page = started.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(
            "addEventListener('pointerdown', (event) => "
            "{ window.benchClick = event.timeStamp; }, true)"
        )
        report, image = page.get_by_role("article"), page.locator("[data-part=stage] img")
        page.goto(f"{server.url}/report?session=1")
        report.wait_for()
        page.evaluate(CARD)
        boxes = page.get_by_role("checkbox")
        boxes.first.click()  # one stays ticked, so that there always is a figure
        page.locator("[data-part=figure]").wait_for()
        for number in range(count):
            pause(number)
            page.evaluate(FIGURE_CHANGED)
            boxes.nth(1 + number % 5).click()
            figures["a what-if box, to the new figure"].append(
                float(page.evaluate("() => window.benchDone"))
            )
        for number in range(max(5, count // 4)):
            page.goto(f"{server.url}/help?session=1")
            page.get_by_role("heading", level=1).wait_for()
            pause(number)
            figures["menu to the report"].append(clicked(page, "Report", report))
            page.goto(f"{server.url}/report?session=2")
            report.wait_for()
            pause(number)
            figures["menu to the review's image"].append(clicked(page, "Review", image))
        page.close()
    for what, values in figures.items():
        row(what, values)


def clicked(page: Page, link: str, shown: Locator) -> float:
    """Click a link of the menu; return how long it took until something was shown."""
    began = time.perf_counter()
    page.get_by_test_id("stTopNav").get_by_role("link", name=link, exact=True).click()
    shown.wait_for()
    return 1000 * (time.perf_counter() - began)


# In the page: when a frame first had what is waited for, by the page's clock. Asking from outside
# adds what the page is busy with.
SHOWN = """
const roots = () => [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
const shown = () =>
  [document, ...roots()].some((root) => root && root.querySelector("SELECTOR"));
const look = () => {
  if (shown()) window.benchShown = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def by_address(started: Browser, folder: Path, times: int) -> None:
    """Measure the start, and pages by their address: with an empty cache, and again."""
    figures: dict[str, list[float]] = {}

    def visit(what: str, url: str, shown: str) -> None:
        context = started.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(SHOWN.replace("SELECTOR", shown))
        for how in ("cold", "warm", "warm"):
            page.goto(url, wait_until="commit")
            page.locator(shown).first.wait_for()
            took = float(page.evaluate("() => window.benchShown"))
            figures.setdefault(f"{what}, {how}", []).append(took)
        context.close()

    for _ in range(times):
        began = time.perf_counter()
        with plain_server(folder, "empty.py") as url:
            figures.setdefault("empty app, server", []).append(1000 * (time.perf_counter() - began))
            visit("empty app", url, "h1")
        began = time.perf_counter()
        with running(folder) as server:
            figures.setdefault("ours, server", []).append(1000 * (time.perf_counter() - began))
            visit("review", f"{server.url}/review?session=2", "[data-part=stage] img")
            visit("report", f"{server.url}/report?session=1", "article h1")
    middle = {what: row(what, values) for what, values in figures.items()}
    start = middle["ours, server"] + middle["review, cold"]
    empty = middle["empty app, server"] + middle["empty app, cold"]
    print(f"  command to first image: {start / empty:.2f} times the empty app's")
    for page, how in product(("review", "report"), ("cold", "warm")):
        ratio = middle[f"{page}, {how}"] / middle[f"empty app, {how}"]
        print(f"  {page}, {how}: {ratio:.2f} times the empty app's")


# --- save ----------------------------------------------------------------------------------------


def save(_data: Path | None, count: int) -> None:
    """Measure a change until it is on disk: one writer, five in one process, five processes."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "errortool.db"
        with closing(Store(path, create=True)) as store:
            begin(store, cats_and_dogs(Path(name)))
            print("\na change until it is on disk, ms p50 / p95")
            row("one writer", saves(store, "one", count))
            with ThreadPoolExecutor(5) as threads:
                done = [threads.submit(saves, store, f"thread {n}", count) for n in range(5)]
                row("five in one process", [value for one in done for value in one.result()])
        with ProcessPoolExecutor(5, mp_context=get_context("spawn")) as processes:
            done = [processes.submit(saves_in, path, f"process {n}", count) for n in range(5)]
            row("five processes", [value for one in done for value in one.result()])


def saves(store: Store, client: str, count: int) -> list[float]:
    """Save as one writer; return milliseconds."""
    session = store.sessions()[0]
    seqs = iter(range(count))
    return repeated(lambda: writer.save(store, session, client, next(seqs)), count)


def saves_in(path: Path, client: str, count: int) -> list[float]:
    """Save as one writer in a process of its own; return milliseconds."""
    with closing(Store(path)) as store:
        return saves(store, client, count)


def repeated(work: Callable[[], object], count: int) -> list[float]:
    """Do something many times; return milliseconds."""
    values = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        values.append(1000 * (time.perf_counter() - began))
    return values


BENCHES: dict[str, Callable[[Path | None, int], None]] = {
    "review": review,
    "size": size,
    "start": start,
    "new": new,
    "compare": compare,
    "report": report,
    "pages": pages,
    "save": save,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("which", choices=[*BENCHES, "all"])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    for name, bench in BENCHES.items():
        if options.which in {name, "all"}:
            bench(options.data and options.data.absolute(), options.count)


if __name__ == "__main__":
    main()
