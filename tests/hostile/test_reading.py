"""Rows 1-14, 17, 19, 25 and 29 of the table of bad inputs (what reading has to do with them), by number.

Each is read in a process of its own with limited memory and time, so that a crash is a failure of one row.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CANARY = "s3cr3t-canary"
_MEMORY_BYTES = 2**30
_LONGEST_SECONDS = 15  # of work; a busy machine may take longer by the clock

_PROGRAM = """
import io, json, resource, sys, tarfile, time, zipfile
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from webapp.errors import WebappError
from webapp.manifests import COMMAND_LINE_BUDGET, REQUEST_BUDGET, SourceFile, inventory_of, read
POD = "apiVersion: v1\\nkind: Pod\\nmetadata: {{name: %s}}\\n"

def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

name, budget = "x.yaml", REQUEST_BUDGET
{make}
data = data.encode() if isinstance(data, str) else data
before, started = peak(), time.process_time()
answer = {{}}
try:
    intake = read([SourceFile(name, data)], budget)
    inventory_of(intake.documents)
    answer = {{
        "status": 200, "names": [d.name for d in intake.documents], "not_understood": intake.counts.not_understood,
        "read": intake.counts.documents_read,
        "problems": [[p.code, p.source.document, p.source.line, p.message, p.source.file] for p in intake.problems],
    }}
except WebappError as error:
    limit = getattr(error, "limit_name", "")
    answer = {{"status": error.status, "code": error.code, "limit": limit, "message": str(error)}}
answer["seconds"], answer["more_mib"] = time.process_time() - started, peak() - before
print(json.dumps(answer))
"""


def read_apart(make: str) -> Any:
    """What reading answers, in a process of its own. `make` sets `data`, and `name` or `budget` where they matter."""
    program = _PROGRAM.format(memory=_MEMORY_BYTES, seconds=_LONGEST_SECONDS, make=textwrap.dedent(make))
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        timeout=8 * _LONGEST_SECONDS,
        check=False,
        text=True,
    )
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def refused(make: str, limit: str, seconds: float = 1.0, more_mib: int = 64) -> None:
    """A request gets 422 and the limit by name; on the command line the document alone is given up, or all is read."""
    answer = read_apart(make)
    assert (answer["status"], answer["code"]) == (422, "budget_exceeded")
    assert answer["limit"] == limit
    assert answer["seconds"] < seconds
    assert answer["more_mib"] <= more_mib


def given_up_alone(make: str, code: str = "budget_exceeded") -> None:
    """On the command line a document that is over a limit is a problem, and the next one is read."""
    answer = read_apart(make + '\nbudget = COMMAND_LINE_BUDGET\ndata = data + "\\n---\\n" + POD % "after"\n')
    assert (answer["status"], answer["names"]) == (200, ["after"])
    assert [problem[0] for problem in answer["problems"]] == [code]
    assert answer["seconds"] < 5


@pytest.mark.parametrize("data", ["''", "'# only\\n# comments\\n'", "'---\\n---\\n'", "'\\n\\n'", "'\\ufeff'"])
def test_row_1_nothing(data: str) -> None:
    answer = read_apart(f"data = {data}")
    assert (answer["status"], answer["problems"], answer["read"]) == (200, [], 0)


def test_row_1_too_many_documents() -> None:
    refused('data = "---\\n" * 300_000', "documents", seconds=0.3)
    refused('data = "--- \\n" * 300_000', "documents", seconds=2.0)


ALIASES = """
data = "a0: &a0 [x,x,x,x,x,x,x,x,x]\\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\\n" for i in range(1, 9))
"""
MERGES = """
data = "a0: &a0 {x: 1}\\n" + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\\n" for i in range(1, 41))
"""


def test_row_2_alias_bomb() -> None:
    refused(ALIASES, "alias_nodes", more_mib=8)
    given_up_alone(ALIASES)


def test_row_3_merge_key_bomb() -> None:
    refused(MERGES, "alias_nodes", more_mib=8)
    given_up_alone(MERGES)


@pytest.mark.parametrize(
    "data",
    ['"[" * 100_000', '"{a: " * 20_000', '"\\n".join(" " * i + "a:" for i in range(2_000))', '"- " * 5_000 + "x"',
     'POD % "a" + "spec: " + "[" * 100_000', 'POD % "a" + "spec: " + "{a: " * 20_000'],
)  # fmt: skip
def test_row_4_deep_nesting(data: str) -> None:
    refused(f"data = {data}", "depth")
    given_up_alone(f"data = {data}")


@pytest.mark.parametrize("kind", ["ConfigMap", "Pod"])
@pytest.mark.parametrize("order", ["head + value", "value + head"])
def test_a_value_that_is_too_long(kind: str, order: str) -> None:
    """It refuses what would keep it; a ConfigMap, of which nothing is kept, may hold it wherever its kind stands."""
    make = f"""
    head = "apiVersion: v1\\nkind: {kind}\\n"
    value = "metadata: {{name: a, labels: {{x: " + "x" * (2**18 + 1) + "}}}}\\n"
    data = {order} + "---\\n" + POD % "b"
    """
    if kind == "Pod":
        refused(make, "scalar_bytes")
        answer = read_apart(textwrap.dedent(make) + "budget = COMMAND_LINE_BUDGET\n")
        assert (answer["names"], [problem[:2] for problem in answer["problems"]]) == (["b"], [["budget_exceeded", 1]])
    else:
        assert read_apart(make)["names"] == ["b"]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [("a: &a [*a]", "recursive_alias", 1), ("b: 1\na: *nothing", "unknown_alias", 2), ("a: &a b\n*a : c", "bad_key", 2),
     ("a: &a {b: {<<: *a}}", "recursive_alias", 1), ("a: &a [x]\nb: {<<: *a}", "bad_merge", 2),
     ("? [a]\n: b", "bad_key", 1)],
)  # fmt: skip
def test_row_5_aliases_that_lead_nowhere(data: str, code: str, line: int) -> None:
    answer = read_apart(f'data = POD % "a" + "---\\n" + {data!r} + "\\n---\\n" + POD % "b"')
    assert answer["names"] == ["a", "b"]
    assert [problem[:3] for problem in answer["problems"]] == [[code, 2, 4 + line]]


@pytest.mark.parametrize(
    "data",
    ["a: !!python/object/apply:os.system [id]", "!!python/name:os.system x: y", "a: !custom {b: c}", "--- !foo\na: b",
     "a: !!int x", "a: !!map [x]", "a: !!binary eA==", "%TAG ! tag:example.org,2000:\n---\na: !x b"],
)  # fmt: skip
def test_row_6_tags(data: str) -> None:
    answer = read_apart(f'data = {data!r} + "\\n---\\n" + POD % "b"')
    assert answer["names"] == ["b"]
    assert [problem[0] for problem in answer["problems"]] == ["bad_tag"]


@pytest.mark.parametrize(
    "data",
    ['b"a: \\0"', 'b"a: \\xe9"', '"a: b".encode("utf-16")', '"a: b".encode("utf-32")', '"a: b".encode("utf-16-le")',
     'b"\\xff\\xfe\\0\\0a"', 'b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR" + bytes(range(256))',
     "bytes(range(256)) * 1000"],
)  # fmt: skip
def test_row_7_what_is_not_utf8_text(data: str) -> None:
    answer = read_apart(f"data = {data}")
    assert (answer["status"], answer["names"], answer["not_understood"]) == (200, [], 1)
    assert [problem[0] for problem in answer["problems"]] == ["not_utf8"]
    assert "not UTF-8 text" in answer["problems"][0][3]


def test_row_7_a_byte_order_mark_is_fine() -> None:
    answer = read_apart('data = b"\\xef\\xbb\\xbf" + (POD % "a").encode()')
    assert (answer["names"], answer["problems"]) == (["a"], [])


@pytest.mark.parametrize(
    "number", ['"9" * 5_000', '".nan"', '".inf"', '"0x" + "f" * 100_000', '"-1"', '"1e999"', '"٣"', '"8_0_"']
)
def test_rows_8_and_9_numbers(number: str) -> None:
    answer = read_apart(
        f'data = POD % "a" + "spec: {{containers: [{{ports: [{{name: x, containerPort: " + {number} + "}}]}}]}}"'
    )
    assert (answer["status"], answer["names"]) == (200, ["a"])
    assert answer["seconds"] < 1


def test_row_10_duplicate_keys() -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\\nkind: NetworkPolicy\\nmetadata: {name: np}\\nspec:\\n  podSelector: {}\\n"
    )
    answer = read_apart(f'data = "{policy}  podSelector: {{matchLabels: {{a: b}}}}\\n"')
    assert answer["names"] == ["np"]
    (problem,) = answer["problems"]
    assert problem[:3] == ["duplicate_key", 1, 6]
    assert "line 5" in problem[3]


def test_row_11_lists_in_lists() -> None:
    refused('data = "{kind: List, apiVersion: v1, items: [" * 70 + "]}" * 70', "depth")
    refused('data = "kind: List\\napiVersion: v1\\nitems:\\n" + "- {}\\n" * 1_000_000', "documents", seconds=3)
    refused(
        'data = "kind: List\\napiVersion: v1\\nitems:\\n" + "- 1\\n" * 6_000_000', "nodes", seconds=14, more_mib=900
    )


def test_row_12_one_of_five_is_broken() -> None:
    answer = read_apart('data = "---\\n".join(POD % name if name != "c" else "a: [\\n" for name in "abcde")')
    assert answer["names"] == ["a", "b", "d", "e"]
    assert [problem[:3] for problem in answer["problems"]] == [["yaml_syntax", 3, 9]]
    assert answer["problems"][0][4] == "x.yaml"


def test_row_13_zip_bombs() -> None:
    refused('name, data = "x.zip", zipped([("a.yaml", b"a" * 50_000_000)])', "archive_ratio")
    refused('name, data = "x.zip", zipped([(f"{i}.yaml", b"# a\\n" * 100_000) for i in range(100)])', "archive_ratio")
    refused('name, data = "x.zip", zipped([(f"{i}.yaml", "") for i in range(5_001)])', "archive_entries", seconds=3)
    bomb = """
    import gzip
    name, data = "x.tgz", gzip.compress(b"\\0" * 512 * 200_000)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        member = tarfile.TarInfo("readme.md")
        member.size = 80_000_000
        archive.addfile(member, io.BytesIO(bytes(member.size)))
    data = gzip.compress(whole.getvalue())
    del whole
    """
    refused(bomb, "archive_ratio", more_mib=64)


def test_row_13_sizes_that_lie() -> None:
    answer = read_apart("""
    import struct
    data = zipped([("a.yaml", POD % "a" + "#" * 3_000)])
    at = data.index(b"PK\\x01\\x02") + 24
    data = data[:at] + struct.pack("<I", 10) + data[at + 4:]
    name = "x.zip"
    """)
    assert answer["status"] == 200
    assert [problem[0] for problem in answer["problems"]] in ([], ["bad_archive"])
    assert answer["more_mib"] <= 64


def test_row_13_entries_that_overlap() -> None:
    """One small compressed stretch that thousands of entries claim: what comes out counts, as often as it does."""
    refused(
        """
        import copy
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.yaml", "# a\\n" * 50_000)
            archive.filelist += [copy.copy(archive.filelist[0]) for _ in range(2_000)]
        name, data = "x.zip", buffer.getvalue()
        """,
        "archive_ratio",
        seconds=3,
    )


def test_row_13_archives_in_archives() -> None:
    inner = 'zipped([("a.yaml", POD % "a")])'
    answer = read_apart(
        f'name, data = "x.zip", zipped([("b.zip", {inner}), ("c.yaml", POD % "c"), ("d.tar.gz", b"x")])'
    )
    assert answer["names"] == ["c"]
    assert [problem[0] for problem in answer["problems"]] == ["nested_archive", "nested_archive"]


def test_row_13_entries_that_are_encrypted_are_told() -> None:
    answer = read_apart("""
    data = bytearray(zipped([("a.yaml", POD % "a")]))
    data[6] |= 1
    data[data.index(b"PK\\x01\\x02") + 8] |= 1
    name, data = "x.zip", bytes(data)
    """)
    assert [problem[0] for problem in answer["problems"]] == ["encrypted_entry"]


def test_row_14_names_are_labels() -> None:
    answer = read_apart("""
    name = "x.zip"
    names = ["../../etc/passwd.yaml", "/abs.yaml", "x" * 4096 + ".yaml", "a\\x1b[31m\\u202e.yaml"]
    data = zipped([(each, "a: [") for each in names])
    """)
    files = [problem[4] for problem in answer["problems"]]
    assert len(files) == 4
    assert all(file.isprintable() and len(file) < 300 for file in files)
    assert "x.zip/../../etc/passwd.yaml" in files


def test_row_14_links_and_devices() -> None:
    answer = read_apart("""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        types = {"l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "c": tarfile.CHRTYPE, "p": tarfile.FIFOTYPE}
        for each, type_ in types.items():
            member = tarfile.TarInfo(f"{each}.yaml")
            member.type, member.linkname = type_, "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("ok.yaml")
        member.size = len(POD % "a")
        archive.addfile(member, io.BytesIO((POD % "a").encode()))
    name, data = "x.tgz", buffer.getvalue()
    """)
    assert answer["names"] == ["a"]
    assert [problem[0] for problem in answer["problems"]] == ["not_a_file"] * 4


def test_row_17_a_hundred_thousand_labels() -> None:
    answer = read_apart("""
    labels = "".join(f"    k{i}: v{i}\\n" for i in range(100_000))
    data = "apiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: a\\n  labels:\\n" + labels
    """)
    assert (answer["status"], answer["names"]) == (200, ["a"])
    assert answer["seconds"] < 5


@pytest.mark.parametrize("block", ["10.0.0.0/33", "1.2.3.4/255.0.0.0", "fe80::1%eth0/64", "10.0.0.0", "[]", "1"])
def test_row_19_blocks_of_nodes_and_pools(block: str) -> None:
    answer = read_apart(
        'data = "apiVersion: v1\\nkind: Node\\nmetadata: {name: n}\\nspec: {podCIDR: \\"' + block + '\\", podCIDRs: ['
        + repr(block) + ']}\\n"'
    )  # fmt: skip
    assert (answer["status"], answer["names"]) == (200, ["n"])


def test_row_25_order_changes_nothing() -> None:
    """Files in any order give the same endpoints; `tests/manifests` does the same for documents."""
    answer = read_apart("""
    files = [SourceFile(f"{i}.yaml", (POD % f"p{i % 7}" + f"spec: {{nodeName: n{i % 3}}}").encode()) for i in range(20)]
    one = inventory_of(read(files).documents)[0].endpoints
    other = inventory_of(read(files[::-1]).documents)[0].endpoints
    assert [each._replace(source=None) for each in one] == [each._replace(source=None) for each in other]
    data = ""
    """)
    assert answer["status"] == 200


def test_row_29_secrets_are_gone_after_reading() -> None:
    answer = read_apart(f"""
    text = '''
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: Secret
      metadata: {{name: {CANARY}}}
      data: {{a: {CANARY}}}
    - apiVersion: apps/v1
      kind: Deployment
      metadata: {{name: d, annotations: {{kubectl.kubernetes.io/last-applied-configuration: {CANARY}}}}}
      spec: {{template: {{spec: {{containers: [{{name: c, env: [{{name: A, value: {CANARY}}}], args: [{CANARY}]}}]}}}}}}
    '''
    import gc
    data = "\\n".join(line[4:] for line in text.splitlines())
    intake = read([SourceFile("x.yaml", data.encode())])
    inventory_of(intake.documents)
    del text
    pending, seen = [intake], set()
    while pending:
        each = pending.pop()
        if id(each) not in seen and not isinstance(each, type):
            seen.add(id(each))
            assert "{CANARY}" not in str(each) if isinstance(each, (str, bytes)) else True
            pending += gc.get_referents(each)
    """)
    assert answer["status"] == 200
    assert CANARY not in json.dumps(answer)
