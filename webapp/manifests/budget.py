"""How much is read and worked on before it is refused. Every limit of the project stands in this one table."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from webapp.errors import BudgetExceeded

KIB, MIB, GIB = 2**10, 2**20, 2**30


def _limit(default: int, meaning: str, advice: str) -> int | None:
    limit: int | None = field(default=default, metadata={"meaning": meaning, "advice": advice})
    return limit


_PARTS = (
    "Load the input in parts, for example namespace by namespace, or use the command line, which has no such limit."
)
_SPLIT = "Split the object, or use the command line, which has no such limit."


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits; None is no limit. The defaults are those of requests to the server.

    A document that is nested too deeply, or has too many anchors, aliases or too long a value, is a fault of that
    document: with `faults_refuse_input` all of the input is refused (`BudgetExceeded`), else it becomes a `Problem`.
    """

    # fmt: off
    request_bytes: int | None = _limit(64 * MIB, "bytes of a request", _PARTS)
    request_parts: int | None = _limit(2_000, "files of a request", "Send them as one archive (.zip or .tgz).")
    file_bytes: int | None = _limit(64 * MIB, "bytes of one file", "Split the file, or use the command line.")
    max_bytes: int | None = _limit(256 * MIB, "bytes of all files after unpacking",
                                   "Load less at once, or raise --max-bytes on the command line.")
    archive_entries: int | None = _limit(5_000, "entries of an archive", "Pack only the manifests.")
    archive_ratio: int | None = _limit(100, "bytes that one byte of an archive unpacks to", "Send the files unpacked.")
    depth: int | None = _limit(64, "levels of nesting in a document", "No Kubernetes object is "
                                                                      "nested so deeply: check it.")
    documents: int | None = _limit(50_000, "documents", _PARTS)
    nodes: int | None = _limit(5_000_000, "YAML nodes, counting what aliases stand for", _PARTS)
    alias_nodes: int | None = _limit(5_000_000, "YAML nodes that the aliases of a document stand for",
                                     "Write the values out instead of using anchors and aliases.")
    scalar_bytes: int | None = _limit(256 * KIB, "bytes of one value", "Kubernetes takes no such value: check it.")
    anchors: int | None = _limit(1_000, "anchors in a document", "Write the values out instead of "
                                                                 "using anchors and aliases.")
    workloads: int | None = _limit(20_000, "workloads", _PARTS)
    policies: int | None = _limit(10_000, "policies", _PARTS)
    rules: int | None = _limit(100_000, "rules of all policies", _PARTS)
    selector_values: int | None = _limit(500, "values of a selector expression", _SPLIT)
    selector_expressions: int | None = _limit(100, "expressions of a selector", _SPLIT)
    cidrs: int | None = _limit(1_000, "address blocks of a policy, counting except", _SPLIT)
    work_units: int | None = _limit(20_000_000, "distinct pairs of rows", _PARTS)
    drawn_nodes: int | None = _limit(400, "nodes drawn", "More are grouped, and the count is shown.")
    drawn_edges: int | None = _limit(1_500, "lines drawn", "More are grouped, and the count is shown.")
    picture_bytes: int | None = _limit(20 * MIB, "bytes of an exported picture", "Export a part, or another format.")
    share_days: int | None = _limit(7, "days that a share lives", "It may be set to at most 90.")
    share_store_bytes: int | None = _limit(GIB, "bytes of all shares", "Revoke shares that are not needed.")
    uploads_per_minute: int | None = _limit(30, "uploads of a client in a minute", "Wait a minute.")
    drafts_per_minute: int | None = _limit(600, "edits of a client in a minute", "Wait a minute.")
    shares_per_minute: int | None = _limit(10, "shares of a client in a minute", "Wait a minute.")
    unlocks_per_minute: int | None = _limit(10, "tries of a passphrase in a minute", "Wait a minute.")
    # fmt: on
    faults_refuse_input: bool = True

    def with_max_bytes(self, max_bytes: int) -> Budget:
        """The same with another limit for the bytes of all files."""
        return replace(self, max_bytes=max_bytes)

    def check(self, name: str, measured: int) -> None:
        """Raise `BudgetExceeded` if what was measured is above the limit of this name."""
        limit = getattr(self, name)
        if limit is not None and measured > limit:
            raise self.exceeded(name, measured)

    def exceeded(self, name: str, measured: int) -> BudgetExceeded:
        """The error for a limit that was passed."""
        about = _TABLE[name]
        return BudgetExceeded(name, getattr(self, name) or 0, measured, about["advice"], what=about["meaning"])


_TABLE = {each.name: each.metadata for each in fields(Budget) if each.metadata}


def limits(budget: Budget) -> tuple[tuple[str, int | None, str, str], ...]:
    """The table for documentation: name, value, meaning, what to do when it is passed."""
    return tuple((name, getattr(budget, name), about["meaning"], about["advice"]) for name, about in _TABLE.items())


_KEPT_ON_COMMAND_LINE = ("depth", "alias_nodes", "scalar_bytes", "anchors")

REQUEST_BUDGET = Budget()
"""For everything that comes over HTTP."""

COMMAND_LINE_BUDGET = Budget(
    **{name: None for name in _TABLE if name not in _KEPT_ON_COMMAND_LINE and not name.startswith("drawn_")}
    | {"max_bytes": 2 * GIB},
    faults_refuse_input=False,
)
"""For a person's own files: only what protects the process, and `--max-bytes` (`max_bytes`)."""
