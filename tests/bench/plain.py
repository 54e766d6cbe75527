"""The same review as a plain Streamlit script, the way it is usually written: what ours beats."""

import json
import os
import sqlite3
from pathlib import Path

import streamlit as st

paths = json.loads(Path(os.environ["BENCH_IMAGES"]).read_text())
place = st.session_state.setdefault("place", 0)
ticks = st.session_state.setdefault("ticks", set())


def next_image() -> None:
    """Go on."""
    st.session_state.place = (place + 1) % len(paths)


def tick() -> None:
    """Tick or untick, and save."""
    ticks.symmetric_difference_update({place})
    with sqlite3.connect(os.environ["BENCH_DB"]) as db:
        db.execute("create table if not exists ticks (place integer, value integer)")
        db.execute("insert into ticks values (?, ?)", (place, place in ticks))


st.image(paths[place])
st.button("Next", shortcut="Right", on_click=next_image)
st.button("ticked" if place in ticks else "not ticked", shortcut="1", on_click=tick)
