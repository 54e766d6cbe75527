"""Takes a picture of every page, at five sizes and in two themes, to be looked at.

python tests/bench/pictures.py FOLDER [VIEW ...]
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from bench import browser, running  # noqa: E402  found by the path set above
from views import SIZES, VIEWS, hard_session  # noqa: E402


def main() -> None:
    """Write FOLDER/VIEW-WIDTH-THEME.png for the views named, or all."""
    folder, *wanted = sys.argv[1:]
    to = Path(folder)
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, browser() as started:
        hard_session(Path(name))
        with running(Path(name)) as server:
            for theme in ("light", "dark"):
                context = started.new_context(color_scheme=theme, reduced_motion="reduce")
                page = context.new_page()
                for view in wanted or VIEWS:
                    for width, height in SIZES:
                        page.set_viewport_size({"width": width, "height": height})
                        VIEWS[view](page, server.url)
                        path = to / f"{view}-{width}-{theme}.png"
                        page.screenshot(path=path)
                        print(path)
                context.close()


if __name__ == "__main__":
    main()
