"""Graphviz `dot`, compiled to WebAssembly, in an embedded JavaScript engine: no browser and no binary is needed.

One engine a process, made when first asked, one question at a time.
"""

from __future__ import annotations

import atexit
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

ENGINE = Path(__file__).parent / "engine" / "viz.js"
TIMEOUT_SECONDS = 6.0

_lock = threading.Lock()
_engine: MiniRacer | None = None
_is_fresh = False

# What the engine's code expects of its surroundings. Its random numbers only name temporary files: constant ones keep
# the pictures the same.
_SURROUNDINGS = """
globalThis.console = {log() {}, info() {}, warn() {}, error() {}, debug() {}};
globalThis.performance = {now: () => 0};
globalThis.crypto = {getRandomValues: (array) => array.fill(7)};
globalThis.atob = (text) => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const value = new Uint8Array(128);
  for (let i = 0; i < 64; i++) value[letters.charCodeAt(i)] = i;
  const parts = [];
  let bits = 0, held = 0;
  for (let i = 0; i < text.length && text[i] !== "="; i++) {
    bits = (bits << 6) | value[text.charCodeAt(i)];
    held += 6;
    if (held >= 8) parts.push(String.fromCharCode((bits >> (held -= 8)) & 255));
  }
  return parts.join("");
};
globalThis.TextDecoder = class {
  decode(bytes) {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return decodeURIComponent(escape(text));
  }
};
"""


class LayoutError(Exception):
    """The engine did not answer: not installed, out of time, or it refused the question."""


@lru_cache(maxsize=64)
def lay_out_dot(source: str) -> dict[str, Any]:
    """The answer of `dot` to a DOT text, as its ``json0`` object. Raises LayoutError. Answers are remembered."""
    with _lock:
        answer = _ask(f"JSON.stringify(viz.render({json.dumps(source)}, {{format: 'json0', engine: 'dot'}}))")
    if answer.get("status") != "success":
        raise LayoutError(str(answer.get("errors"))[:500])
    laid_out: dict[str, Any] = json.loads(answer["output"])
    return laid_out


def _ask(call: str) -> dict[str, Any]:
    """One call into the engine. After a failure its state is unknown: the next question gets a new instance."""
    global _engine, _is_fresh
    try:
        if _engine is None:
            _engine = _load()
        if not _is_fresh:
            ready: Any = _engine.eval("VizLib.instance().then((made) => { globalThis.viz = made; return true; })")
            ready.get(timeout=TIMEOUT_SECONDS)
            _is_fresh = True
        answer: dict[str, Any] = json.loads(str(_engine.eval(call, timeout_sec=TIMEOUT_SECONDS)))
    except Exception as error:  # the engine's errors are of many kinds, and carry its whole source as their text
        if not _is_fresh:
            _engine = None
        _is_fresh = False
        raise LayoutError(type(error).__name__) from None
    return answer


@atexit.register
def close() -> None:
    """Let the engine go; the next question gets a new one. At exit this must not be left to the interpreter: its engine
    waits for a thread of its own, which may be gone by then, and the process would never end."""
    global _engine, _is_fresh
    if _lock.acquire(timeout=TIMEOUT_SECONDS):
        try:
            engine, _engine, _is_fresh = _engine, None, False
            if engine is not None:
                engine.close()
        finally:
            _lock.release()


def _load() -> MiniRacer:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(_SURROUNDINGS)
    engine.eval(ENGINE.read_text(encoding="utf-8"))
    return engine
