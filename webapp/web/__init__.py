"""The page and its API. The only room that names flask; it parses a request, calls one function and renders."""
