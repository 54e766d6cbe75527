"""Streamlit components that own what is shown and typed in the browser: review, table, courier.

They talk to our routes (`errortool.web.routes`), not to Streamlit, so that no key waits for a
rerun. Their parts are plain scripts without imports, joined here in this order.
"""

from pathlib import Path
from typing import Final

import streamlit as st

_FOLDER: Final = Path(__file__).parent
_SHARED: Final = ("dom.js", "outbox.js", "model.js", "work.js")
_REVIEW: Final = ("stage.js", "categories.js", "sheet.js", "review.js")


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


review_component = st.components.v2.component(
    "errortool.review",
    html=_read("review.html"),
    css=_read("base.css", "review.css"),
    js=_read(*_SHARED, *_REVIEW, "mount.js"),
)
"""Mount it with `data` of uid, token, reviewer (who signed in, or ""), example and show,
`on_renew_change` and `on_go_change`."""

table_component = st.components.v2.component(
    "errortool.table",
    html=_read("table.html"),
    css=_read("base.css", "table.css"),
    js=_read(*_SHARED, "table.js", "mount.js"),
)
"""Mount it with `data` of uid, token and reviewer, `on_renew_change` and `on_open_change`."""

courier_component = st.components.v2.component(
    "errortool.courier",
    html=_read("courier.html") + "\n",
    css=_read("courier.css"),
    js=_read("dom.js", "outbox.js", "courier.js", "mount.js"),
)
"""Mount it with `data` of tokens by uid and reviewer, `on_renew_change` and `on_arrived_change`."""
