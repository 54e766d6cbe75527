"""The app object for `streamlit run app.py`; the command `errortool` does the same."""

import streamlit as st

from errortool.web.app import SCRIPT, parts

app = st.App(SCRIPT, **parts())
