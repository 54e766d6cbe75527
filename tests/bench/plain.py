"""The same review as a plain Streamlit script, the way it is usually written: what ours beats."""

import json
import os
import sqlite3
from pathlib import Path

import streamlit as st

CATEGORIES = ("Dog", "Great cat", "Blurry", "Mislabeled")

paths = json.loads(Path(os.environ["BENCH_IMAGES"]).read_text())
place = st.session_state.setdefault("place", 0)
ticks = st.session_state.setdefault("ticks", {})


def go(step: int) -> None:
    """Go on or back."""
    st.session_state.place = (place + step) % len(paths)


def tick(category: str) -> None:
    """Tick or untick, and save."""
    ticks[place, category] = not ticks.get((place, category))
    with sqlite3.connect(os.environ["BENCH_DB"]) as db:
        db.execute("create table if not exists ticks (place integer, category text, value integer)")
        db.execute("insert into ticks values (?, ?, ?)", (place, category, ticks[place, category]))


image, panel = st.columns([3, 1])
image.image(paths[place])
with panel:
    st.caption(f"{place} of {len(paths)}")
    for number, category in enumerate(CATEGORIES, start=1):
        ticked = ticks.get((place, category))
        count = sum(value for (_, name), value in ticks.items() if name == category)
        st.button(
            f"{'☑' if ticked else '☐'} {category} · {count}",
            shortcut=str(number),
            on_click=tick,
            args=(category,),
        )
    st.text_area("Comment", key=f"comment {place}")
    st.button("Back", shortcut="Left", on_click=go, args=(-1,))
    st.button("Next", shortcut="Right", on_click=go, args=(1,))
