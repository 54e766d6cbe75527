"""The app object for `streamlit run app.py`; the command `errortool` does the same."""

import streamlit as st

from errortool.web import server

app = st.App(server.SCRIPT, **server.parts())
