"""Who may talk to the server, and what a browser may do with its answers (design: reliability, "Responses")."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from webapp.errors import Refused, Unsupported
from webapp.web.services import services

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For what is downloaded: should it be opened as a page after all, nothing in it runs."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PROBES = frozenset({"/healthz", "/readyz"})
_OWN_SITES = frozenset({"same-origin", "none"})


def guard(app: Flask) -> None:
    """Refuse what comes from elsewhere, and put the headers on every answer."""
    app.before_request(_check_host)
    app.before_request(_check_origin)
    app.before_request(_check_encoding)
    app.after_request(_add_headers)


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets, lower case; "" if it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _check_host() -> None:
    """A foreign Host header is a page elsewhere whose name was made to lead here (DNS rebinding)."""
    if request.path in _PROBES:  # asked by address, by whoever watches over the process
        return
    name = host_name(request.environ.get("HTTP_HOST", ""))
    if not name or name not in (*LOOPBACK, *services().settings.trusted_hosts):
        raise Refused(
            "This server does not answer to that host name. Use the address that it printed, or start it with "
            "--trusted-host NAME.",
            code="untrusted_host",
        )


def _check_origin() -> None:
    """State changes are taken from our own pages, and from programs that are no browsers."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site", "none").lower()
    origin = request.headers.get("Origin")
    if site not in _OWN_SITES or (origin is not None and not _is_ours(origin)):
        raise Refused("This request comes from another site.", code="cross_site")


def _is_ours(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == str(request.environ.get("HTTP_HOST", "")).lower()
    except ValueError:
        return False


def _check_encoding() -> None:
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Unsupported("Compressed requests are not read: send the files as they are, or as a .zip or .tgz archive.")


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "static":
        headers["X-Robots-Tag"] = "noindex"
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
