"""The review: one Streamlit component that owns image, ticks and comment in the browser.

It talks to our routes (`errortool.web.server`), not to Streamlit, so that no key waits for a
rerun. Its parts are plain scripts without imports, joined here in this order.
"""

from pathlib import Path
from typing import Final

import streamlit as st

_FOLDER: Final = Path(__file__).parent
_SCRIPTS: Final = ("outbox.js", "model.js", "stage.js", "panel.js", "review.js")


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


review_component = st.components.v2.component(
    "errortool.review", html=_read("review.html"), css=_read("review.css"), js=_read(*_SCRIPTS)
)
"""Mount it with `data` of uid, token and example, and `on_renew_change`, `on_go_change`."""
