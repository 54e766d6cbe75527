"""The app in the browser: the only rooms that know Streamlit."""
