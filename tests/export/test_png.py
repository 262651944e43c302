"""PNG pictures bring their own font: a machine without any gives the same bytes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.graph.fake import FakeAnalysis, seed
from webapp.export import png
from webapp.graph.text import FONT_FILES

TEXT = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="24" font-family="Inter,Arial">{}</svg>'
REGULAR = TEXT.format('<text x="2" y="17">frontend</text>')
BOLD = TEXT.format('<text x="2" y="17" font-weight="600">frontend</text>')
SCRIPT = "import sys; from webapp.export.png import render; sys.stdout.buffer.write(render(sys.stdin.read(), 1.0))"


def test_the_fonts_are_built() -> None:
    assert all(file.read_bytes().startswith(b"\x00\x01\x00\x00") for file in FONT_FILES)


@pytest.mark.parametrize("markup", [REGULAR, BOLD])
def test_letters_are_drawn_where_the_machine_shows_no_font(markup: str, tmp_path: Path) -> None:
    """Fonts are looked for by fontconfig, in the usual folders and at home: none of them is told here."""
    empty = tmp_path / "fonts.conf"
    empty.write_text("<fontconfig></fontconfig>")
    blind = {**os.environ, "FONTCONFIG_FILE": str(empty), "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT]
    alone = subprocess.run(command, input=markup.encode(), env=blind, capture_output=True, check=True).stdout
    assert alone == png.render(markup, 1.0)
    assert len(alone) > 2 * len(png.render(TEXT.format(""), 1.0))


def test_bold_letters_are_bold() -> None:
    assert png.render(BOLD, 1.0) != png.render(REGULAR, 1.0)


def test_fonts_of_the_machine_are_asked_for_other_letters_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import resvg_py

    asked: list[bool] = []
    draw = resvg_py.svg_to_bytes

    def listen(**options: Any) -> bytes:
        asked.append(options["skip_system_fonts"] is False)
        return bytes(draw(**options))

    monkeypatch.setattr(resvg_py, "svg_to_bytes", listen)
    analyses: tuple[Any, ...] = (seed(), FakeAnalysis())
    for analysis in analyses:
        png.write(analysis, io.BytesIO())
    png.render(TEXT.format('<text x="2" y="17">漢字</text>'), 1.0)
    assert asked == [False, False, True]
