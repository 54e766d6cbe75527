"""What we use of Streamlit that it doesn't promise to keep: all of it goes through here.

Its public functions, `st.*` and `streamlit.config`, are used where they are needed.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import click
import streamlit
from streamlit import auth_util
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

__all__ = ["StreamlitPage"]


_STATIC: Final = Path(streamlit.__file__).parent / "static"
_LATE_MODULES: Final = ("BidiComponent", "Html")
"""What our pages begin with, and Streamlit loads when the first message names it."""

_HOST: Final = """
      window.__streamlit = {
        BACKEND_BASE_URL: new URL("./", location.href).href,
        HOST_CONFIG: {
          allowedOrigins: [location.origin],
          useExternalAuthToken: false,
          blockErrorDialogs: true,
        },
      }
    """
_SIGN: Final = Path(__file__).parent / "review" / "connection_sign.js"
"""Says what the blocked dialogs would, without taking the keys."""


@cache
def index_html() -> str:
    """Return the one HTML page of all pages: Streamlit's, and what it would find out first.

    It blocks Streamlit's dialogs of errors: that of a lost server would take the review's keys.

    Streamlit's own page asks below its own address, then above it, where the server is and how it
    is set, before it connects; and it loads a component's module when the first script has run.
    """
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    modules = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">\n    '
        for name in _late_modules(page)
    )
    ours = "".join(
        f"<script>{script}</script>\n    " for script in (_HOST, _SIGN.read_text(encoding="utf-8"))
    )
    return page.replace("<script>", f"{modules}{ours}<script>", 1)


def _late_modules(page: str) -> list[str]:
    """Return the files of the late modules, with what they import and the page doesn't name."""
    folder = _STATIC / "static" / "js"
    found: list[str] = []
    waiting = [path.name for name in _LATE_MODULES for path in folder.glob(f"{name}.*.js")]
    while waiting:
        name = waiting.pop(0)
        if name in found or name in page:
            continue
        found.append(name)
        text = (folder / name).read_text(encoding="utf-8")
        waiting += re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text)
    return found


def settings_in_environment() -> dict[str, object]:
    """Return the settings in the environment, which only the command `streamlit run` reads."""
    from streamlit.web.cli import main_run

    context = click.Context(main_run)
    found: dict[str, object] = {}
    for option in main_run.params:
        said = option.value_from_envvar(context) if option.envvar else None
        if said is not None and option.name is not None:
            found[option.name.replace("_", ".")] = option.type_cast_value(context, said)
    return found


# --- sign-in -------------------------------------------------------------------------------------


def sign_in_settings() -> Mapping[str, Any]:
    """Return the section [auth] of the secrets file, empty without one."""
    return auth_util.get_secrets_auth_section()


def secrets_are_toml() -> bool:
    """Tell whether the secrets files can be read."""
    return secrets_singleton.load_if_toml_exists()


def authlib_is_installed() -> bool:
    """Tell whether the library that signs users in is there."""
    return auth_util.is_authlib_installed()


def validate_provider(name: str) -> None:
    """Raise StreamlitAuthError unless users can sign in with the provider of that name."""
    auth_util.validate_auth_credentials(name)


def redirect_uri() -> str | None:
    """Return where the provider sends users back to, None if it isn't valid."""
    return auth_util.get_validated_redirect_uri()


def redirect_origin() -> str | None:
    """Return scheme, host and port of that address."""
    return auth_util.get_origin_from_redirect_uri()


def cookie_secret() -> str:
    """Return the secret that signs cookies."""
    return get_cookie_secret()


def signed_user(cookies: Mapping[str, str]) -> bytes | None:
    """Return the JSON of the cookie that says who signed in, if its signature is ours."""
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1", "ignore"))

    return auth_util.get_cookie_with_chunks(signed, USER_COOKIE_NAME)
