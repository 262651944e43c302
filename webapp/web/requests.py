"""Requests that never touch the disk."""

from __future__ import annotations

import io
from typing import IO

from flask import Request


class MemoryRequest(Request):
    """Werkzeug spools uploads of more than 500 kB to temporary files. Here they stay in memory: what is uploaded may
    hold Secrets, and `MAX_CONTENT_LENGTH` bounds it anyway."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()
