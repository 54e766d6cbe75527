"""Streamlit components that own what the browser shows: review, table, report, comparison.

They talk to our own routes, not to Streamlit, so that no key waits for a rerun. Each is an entry
module and what that imports, joined into the one script that Streamlit takes.
"""

import json
from pathlib import Path
from typing import Final

import streamlit as st

from errortool import resources
from errortool.web.review.modules import joined

_FOLDER: Final = Path(__file__).parent
_REVIEW_STYLES: Final = (
    "stage.css", "sheet.css", "filter_bar.css", "dialogs.css", "categories.css", "backfill.css",
    "right_label.css", "panel.css", "palette.css", "review.css", "phone.css",
)  # fmt: skip


def _read(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


def packed(**values: object) -> dict[str, str]:
    """Return a component's `data`: its values as one text of JSON, which mount.js unpacks.

    Of anything but text Streamlit asks pandas whether it is a table, and imports it for that.
    """
    return {"json": json.dumps(values)}


review_component = st.components.v2.component(
    "errortool.review",
    html=_read("review.html"),
    css=_read("base.css", *_REVIEW_STYLES),
    js=joined(_FOLDER, "review_entry.js"),
)
"""Mount it with `data` of uid, token, reviewer (who signed in, or ""), example and query (of the
page's URL), `on_renew_change`, `on_go_change` and `on_table_change`."""

table_component = st.components.v2.component(
    "errortool.table",
    html=_read("table.html"),
    css=_read("base.css", "dialogs.css", "palette.css", "filter_bar.css", "table.css"),
    js=joined(_FOLDER, "table_entry.js"),
)
"""Mount it with `data` of uid, token, reviewer and query, `on_renew_change`, `on_open_change`,
`on_go_change` and `on_sheet_change`."""

report_component = st.components.v2.component(
    "errortool.report",
    html=_read("report.html"),
    css=_read("base.css", "report_page.css") + resources.report_style(),
    js=joined(_FOLDER, "report_entry.js"),
)
"""Mount it with `data` of uid, token, reviewer and cursor, `on_renew_change` and `on_go_change`."""

comparison_component = st.components.v2.component(
    "errortool.comparison",
    html=_read("report.html"),
    css=_read("base.css", "report_page.css", "comparison.css") + resources.report_style(),
    js=joined(_FOLDER, "comparison_entry.js"),
)
"""Mount it with `data` of uid, id, token, reviewer, query and cursor, `on_renew_change` and
`on_go_change`."""

courier_component = st.components.v2.component(
    "errortool.courier",
    html=_read("courier.html") + "\n",
    css=_read("courier.css"),
    js=joined(_FOLDER, "courier_entry.js"),
)
"""Mount it with `data` of tokens by uid and reviewer, `on_renew_change` and `on_arrived_change`."""
