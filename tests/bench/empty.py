"""An empty app: what Streamlit itself takes until a page is there."""

import streamlit as st

st.title("Empty")
