"""The page and its API. The only room that names flask; it parses a request, calls one function and renders."""

from webapp.web.app import create_app

__all__ = ["create_app"]
