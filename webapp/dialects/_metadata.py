"""ObjectMeta of a policy: a bad name is a problem only, a label that is no string is a decode error (contract)."""

from __future__ import annotations

from webapp.dialects._decoding import Decoding, is_null, is_subdomain
from webapp.manifests.tree import Mapping


def read_metadata(decoding: Decoding) -> Mapping | None:
    """The metadata, its name, labels and annotations checked; None if it cannot be read."""
    body = decoding.document.body
    metadata = body.get("metadata")
    if any(key == "metadata" for key, *_ in body.duplicates):
        return None
    if not isinstance(metadata, Mapping):
        if not is_null(metadata):
            decoding.wrong_type(metadata, "metadata", "a mapping")
            return None
        metadata = Mapping()
    name = decoding.string(metadata.get("name"), "metadata.name")
    if not name or not is_subdomain(name):
        what = f'"{name[:80]}" is not a valid name' if name else "The policy has no name"
        message = f"{what}. The API server refuses it; it is evaluated all the same. Use lower case, digits, - and ."
        decoding.report("error", "name_invalid", message, metadata.get("name") or metadata, "metadata.name")
    for field in ("labels", "annotations"):
        if field in metadata:
            decoding.string_map(metadata[field], f"metadata.{field}")
    return metadata
