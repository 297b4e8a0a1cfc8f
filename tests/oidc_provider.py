"""A small OpenID Connect provider, run as a process of its own on loopback.

It signs real RS256 tokens, checks the redirect address, the client and PKCE, and takes a code once.
`POST /attack` with JSON changes what it answers next, as a hostile or broken provider would.
"""

import json
import secrets
import sys
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "bienmap", "client-secret-of-tests"
KEY, FOREIGN_KEY = (RSAKey.generate_key(2048, parameters={"kid": kid}) for kid in ("one", "one"))
NORMAL: dict[str, Any] = {
    "sub": "subject-1",
    "preferred_username": "nobody",
    "claims": {},
    "algorithm": "RS256",
    "foreign_key": False,
    "as_issuer": None,
}
said = dict(NORMAL)
codes: dict[str, dict[str, str]] = {}
counted = {"discovery": 0, "keys": 0}


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys, authorisation and token endpoint."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            counted["discovery"] += 1
            self.answer(200, self.about())
        elif parts.path == "/keys":
            counted["keys"] += 1
            self.answer(200, KeySet([KEY]).as_dict(private=False))
        elif parts.path == "/counted":
            self.answer(200, counted)
        elif parts.path == "/authorize":
            fits = asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
            if not fits or "openid" not in asked["scope"]:
                self.answer(400, {"error": "invalid_request"})
                return
            code = secrets.token_urlsafe(16)
            codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_response(303)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/attack":
            said.update(NORMAL | json.loads(body))
            self.answer(200, said)
            return
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = codes.pop(sent.get("code", ""), None)
        kind, _, credentials = self.headers.get("Authorization", "").partition(" ")
        known = kind == "Basic" and b64decode(credentials).decode() == f"{CLIENT}:{SECRET}"
        proves = asked is not None and (
            create_s256_code_challenge(sent["code_verifier"]) == asked["code_challenge"]
            and sent["redirect_uri"] == asked["redirect_uri"]
        )
        if not known or asked is None or not proves:
            self.answer(400, {"error": "invalid_grant"})
            return
        access = secrets.token_urlsafe(16)
        self.answer(
            200,
            {"access_token": access, "token_type": "Bearer", "id_token": self.token(asked, access)},
        )

    def token(self, asked: dict[str, str], access: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer(),
            "sub": said["sub"],
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
            "at_hash": create_half_hash(access, "RS256").decode(),
            "preferred_username": said["preferred_username"],
        } | ({"auth_time": now} if "max_age" in asked else {})
        for name, value in said["claims"].items():
            if value is None:
                del claims[name]
            else:
                claims[name] = value
        algorithm = said["algorithm"]
        if algorithm == "none":
            body = self.signed(claims, "RS256").split(".")[1]
            return f"eyJhbGciOiJub25lIn0.{body}."  # {"alg":"none"}
        return self.signed(claims, algorithm)

    def signed(self, claims: dict[str, Any], algorithm: str) -> str:
        if algorithm == "HS256":
            shared = OctKey.import_key(SECRET)
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared, algorithms=["HS256"])
        key = FOREIGN_KEY if said["foreign_key"] else KEY
        return jwt.encode({"alg": algorithm, "kid": "one"}, claims, key, algorithms=[algorithm])

    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def about(self) -> dict[str, Any]:
        own = self.issuer()
        return {
            "issuer": said["as_issuer"] or own,
            "authorization_endpoint": f"{own}/authorize",
            "token_endpoint": f"{own}/token",
            "jwks_uri": f"{own}/keys",
            "end_session_endpoint": f"{own}/leave",
        }

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)
    sys.stdout.close()
    server.serve_forever()
