"""The page's own API, versioned (contract, "HTTP"). One file a subject; each has a `blueprint`."""

PREFIX = "/api/v1"
