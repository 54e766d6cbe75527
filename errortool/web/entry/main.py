"""What Streamlit runs for every page: the frame, then the page itself.

It has a folder to itself because Streamlit takes a folder `pages` beside it for its own.
"""

import streamlit as st

from errortool.errors import ErrortoolError, SessionError
from errortool.web import navigation, state
from errortool.web.escape import show_error
from errortool.web.security import signin

st.set_page_config(page_title="errortool", layout="wide", initial_sidebar_state="collapsed")
navigation.frame()
try:
    if signin.required() and state.user() is None:
        navigation.ask_to_sign_in()
    else:
        page = st.navigation(list(navigation.pages().values()), position="top")
        page.run()
        navigation.name_tab(page)
        navigation.bring_home(page)
except SessionError as error:
    from errortool.web.pages import empty

    empty.missing(str(error))
except ErrortoolError as error:
    show_error(str(error))
