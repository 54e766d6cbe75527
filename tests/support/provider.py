"""An OpenID Connect provider on this computer: two people, who sign in by a click."""

import socket
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, CLIENT_SECRET = "errortool", "not told to anybody"


class Provider:
    """Speaks discovery, authorize, token (with PKCE and a signed id_token), keys and sign-out."""

    def __init__(self) -> None:
        """Start it on a free port; `stop` ends it."""
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listening.getsockname()[1]}"
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", self._keys),
            Route("/end", self._end),
        ]
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error"))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(10)
        self._listening.close()

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse({
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        })  # fmt: skip

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        """Ask who it is; remember it under a code."""
        asked = dict(request.query_params)
        if asked["client_id"] != CLIENT:
            return Response("unknown client", 400)
        if "who" not in asked:
            links = "".join(
                f'<p><a href="/authorize?{urlencode(asked | {"who": who})}">{who}</a></p>'
                for who in ("ann", "bob")
            )
            return HTMLResponse(links.replace("&", "&amp;"))
        code = token_urlsafe()
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}")

    async def _token(self, request: Request) -> Response:
        """Give an id_token for a code, once, to the client that asked for it."""
        form = await request.form()
        asked = self._codes.pop(str(form["code"]))
        basic = b64encode(f"{CLIENT}:{CLIENT_SECRET}".replace(" ", "%20").encode()).decode()
        plain = b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        verifier = sha256(str(form["code_verifier"]).encode()).digest()
        challenge = urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or request.headers["authorization"] not in {
            f"Basic {basic}", f"Basic {plain}",
        }:  # fmt: skip
            return JSONResponse({"error": "invalid_client"}, 401)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": asked["who"],
            "email": f"{asked['who']}@example.org",
            "email_verified": True,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return JSONResponse(
            {"access_token": token_urlsafe(), "token_type": "Bearer", "id_token": token}
        )

    async def _end(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])
