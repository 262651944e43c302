"""The table of bad inputs (rows by number), sent to the app: the answer, the time, and nothing done to the machine."""

from __future__ import annotations

import http.client
import io
import logging
import re
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO
from xml.etree import ElementTree

import pytest

import webapp.web.exports
from tests.hostile.audit import machine_left_alone
from tests.web.conftest import API, SHOP, Client, Ticks, form
from webapp.export import format_names
from webapp.manifests import REQUEST_BUDGET
from webapp.web import create_app
from webapp.web.server import Server, bind, serve_in_thread
from webapp.web.settings import Settings

CANARY = "s3cr3t-canary"
POD = "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {containers: [{name: c}]}}\n"


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of an app that must live, and leave the machine alone, whatever is sent to it."""
    opened = create_app().test_client()
    opened.post(f"{API}/samples/production")  # what is loaded once is loaded
    with machine_left_alone():
        yield opened
        assert opened.get("/healthz").status_code == 200


def post(client: Client, data: str | bytes, kind: str = "application/yaml") -> Any:
    return client.post(f"{API}/workspaces", data=data, content_type=kind)


def codes(answer: Any) -> set[str]:
    """Of the problems in a summary."""
    return {problem["code"] for problem in answer.json["summary"]["problems"]}


def zipped(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


# ---- rows 1-14: what is sent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["", "# only comments\n", "---\n" * 10], ids=["empty", "comments", "separators"])
def test_row_1_nothing_to_analyze(client: Client, data: str) -> None:
    answer = post(client, data)
    assert answer.status_code == 201
    assert "nothing_to_analyze" in codes(answer)
    address = f"{API}/workspaces/{answer.json['id']}"
    for name in ("summary", "connections", "scene", "diagram.svg"):
        assert client.get(f"{address}/{name}").status_code == 200, name


ALIASES = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 41))
BLOCKS = "".join("  " * level + "a:\n" for level in range(5_000))


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        pytest.param("---\n" * 300_000, "documents", id="row 1 separators"),
        pytest.param(ALIASES, "nodes", id="row 2 alias bomb"),
        pytest.param(MERGES, "nodes", id="row 3 merge-key bomb"),
        pytest.param("[" * 100_000, "depth", id="row 4 brackets"),
        pytest.param("{a: " * 20_000, "depth", id="row 4 braces"),
        pytest.param(BLOCKS, "depth", id="row 4 blocks"),
        pytest.param("{kind: List, items: [" * 70 + "]}" * 70, "depth", id="row 11 lists in lists"),
        pytest.param(SHOP.replace("name: deny", "name: " + "x" * 300_000), "scalar_bytes", id="a long value"),
    ],
)
def test_bombs_are_refused_at_once(client: Client, data: str, limit: str) -> None:
    started = time.perf_counter()
    answer = post(client, data)
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "budget_exceeded"
    assert answer.json["error"]["details"]["limit_name"].endswith(limit)
    assert answer.json["error"]["details"]["advice"]
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "bad",
    ["a: &a [*a]", "a: *unknown", "{*a : 1}", "!!python/object/apply:os.system [id]", "!custom {a: 1}",
     "a: 'x\0y'", "a: [", "port: " + "9" * 5_000, "kind: [Pod]", "[1, 2]", "a: b: c"],
)  # fmt: skip
def test_rows_5_to_8_and_12_a_bad_document_leaves_the_others(client: Client, bad: str) -> None:
    answer = post(client, f"{SHOP}---\n{bad}\n---\n{POD % 'last'}")
    assert answer.status_code == 201
    assert answer.json["summary"]["workloads"] == 3
    problems = [each for each in answer.json["summary"]["problems"] if each["code"] != "undeclared_namespace"]
    assert problems
    assert {problem["document"] for problem in problems} == {5}


@pytest.mark.parametrize(
    "data",
    [SHOP.encode("utf-16"), SHOP.encode("utf-32"), b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"a: \xff\xff"],
    ids=["UTF-16", "UTF-32", "bytes", "PNG", "bad UTF-8"],
)
def test_row_7_what_is_no_utf8_text_is_a_problem(client: Client, data: bytes) -> None:
    answer = client.post(f"{API}/workspaces", **form(("picture.yaml", data)))
    assert answer.status_code == 201
    assert answer.json["summary"]["workloads"] == 0
    assert any(problem["severity"] == "error" for problem in answer.json["summary"]["problems"])
    assert post(client, b"\xef\xbb\xbf" + SHOP.encode()).json["summary"]["workloads"] == 2


PORTS = ["٣", "'8_0'", "' 80 '", "0", "65536", "-1", ".nan", ".inf", "0x" + "f" * 100_000, "9" * 5_000]


@pytest.mark.parametrize("port", PORTS, ids=[port[:8] for port in PORTS])
def test_rows_8_and_9_what_is_no_port_sets_the_policy_aside(client: Client, port: str) -> None:
    answer = post(client, f"{SHOP}  ingress: [{{ports: [{{port: 81}}, {{port: {port}}}]}}]\n")
    assert answer.status_code == 201
    assert answer.json["summary"]["unknown"]["pairs"] > 0
    paths = {problem.get("path") for problem in answer.json["summary"]["problems"]}
    assert "spec.ingress[0].ports[1].port" in paths
    assert not re.search(r":\s*(NaN|Infinity)", answer.text)


def test_row_10_the_first_of_two_keys_does_not_decide(client: Client) -> None:
    answer = post(client, f"{SHOP}  podSelector: {{}}\n")
    address = f"{API}/workspaces/{answer.json['id']}"
    query = {"source": "frontend", "destination": "database"}
    assert client.get(f"{address}/why", query_string=query).json["verdict"] == "unknown"


def test_row_13_archives_that_grow_are_refused(client: Client) -> None:
    bomb = zipped(bomb=b"", **{"a.yaml": b"# " + b"0" * 50_000_000})
    answer = post(client, bomb, "application/zip")
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "budget_exceeded"
    nested = post(client, zipped(**{"inner.zip": bomb, "shop.yaml": SHOP.encode()}), "application/zip")
    assert nested.json["summary"]["workloads"] == 2
    assert "nested_archive" in codes(nested)


def test_row_14_names_in_archives_are_labels_only(client: Client) -> None:
    packed = io.BytesIO()
    names = ["../../etc/passwd.yaml", "/absolute.yaml", "x" * 4_000 + ".yaml", "\x1b[31mred.yaml", "a\u202eb.yaml"]
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 4
            archive.addfile(entry, io.BytesIO(b"a: ["))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo("link.yaml")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    answer = post(client, packed.getvalue(), "application/gzip")
    assert answer.status_code == 201
    assert "root:" not in answer.text
    files = [problem["file"] for problem in answer.json["summary"]["problems"] if "file" in problem]
    assert files
    assert all(len(name) < 500 and name.isprintable() and "\u202e" not in name for name in files)


# ---- rows 15 and 16: how it is sent --------------------------------------------------------------------------------


def test_row_15_too_many_parts() -> None:
    client: Client = create_app(Settings(budget=replace(REQUEST_BUDGET, request_parts=20))).test_client()
    for count, status in ((20, 201), (21, 413)):
        parts = form(*((f"{number}.yaml", "# nothing") for number in range(count)))
        answer = client.post(f"{API}/workspaces", **parts)
        assert answer.status_code == status
    assert answer.json["error"]["code"] == "too_large"


def test_row_15_too_many_bytes_and_compressed_requests(client: Client) -> None:
    limit = REQUEST_BUDGET.request_bytes or 0
    for kind in ("application/yaml", "multipart/form-data; boundary=x"):
        declared = {"CONTENT_LENGTH": str(limit + 1)}
        answer = client.post(f"{API}/workspaces", content_type=kind, environ_overrides=declared)
        assert answer.status_code == 413
    packed = client.post(f"{API}/workspaces", data=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415


def test_row_16_who_goes_amid_a_body_leaves_nothing() -> None:
    app = create_app()
    server = Server(app, bind())
    thread = serve_in_thread(server)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", f"{API}/workspaces")
    connection.putheader("Content-Type", "application/yaml")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders(b"a: b\n" * 1_000)
    connection.close()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as other:
        other.request("GET", "/healthz")
        assert other.getresponse().status == 200
    assert server.bodies.held_bytes == 0
    assert len(app.extensions["netpolmap"].store) == 0
    server.stop()
    thread.join(10)


# ---- rows 17, 19, 25: what is in it --------------------------------------------------------------------------------


def test_row_17_very_many_labels_and_values(client: Client) -> None:
    started = time.perf_counter()
    labels = ", ".join(f"k{number}: v" for number in range(100_000))
    many = post(client, f"{{apiVersion: v1, kind: Pod, metadata: {{name: x, labels: {{{labels}}}}}}}")
    assert many.status_code in (201, 422)
    values = ", ".join(f"v{number}" for number in range(10_000))
    wide = SHOP.replace(
        "{matchLabels: {app: database}}", f"{{matchExpressions: [{{key: app, operator: In, values: [{values}]}}]}}"
    )
    answer = post(client, wide)
    assert answer.status_code in (201, 422)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("block", ["10.0.0.0/33", "1.2.3.4/255.0.0.0", "010.0.0.1/8", "fe80::1%eth0/64", "10.0.0.0"])
def test_row_19_what_is_no_cidr_sets_the_policy_aside(client: Client, block: str) -> None:
    answer = post(client, f"{SHOP}  ingress: [{{from: [{{ipBlock: {{cidr: '{block}'}}}}]}}]\n")
    assert answer.status_code == 201
    assert answer.json["summary"]["unknown"]["pairs"] > 0


def test_row_25_order_and_files_change_nothing(client: Client) -> None:
    documents = SHOP.split("---")
    sent = [
        form(("a.yaml", SHOP)),
        form(("a.yaml", "---".join(reversed(documents)))),
        form(*((f"{number}.yaml", document) for number, document in enumerate(reversed(documents)))),
    ]
    answers = set()
    for parts in sent:
        identity = client.post(f"{API}/workspaces", **parts).json["id"]
        answers.add(client.get(f"{API}/workspaces/{identity}/connections").data)
    assert len(answers) == 1


# ---- rows 26 and 29: what comes out --------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>", '"onload="alert(1)', "javascript:alert(1)", "</script>",
    "</title><svg/onload=alert(1)>", "a\u2028b",
    "{{1234567*3}}", "{% raw %}", "a\u202eb", "'--", "]]>", "<!--", "&lt;", "\\u003cscript\\u003e",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_row_26_hostile_text_stays_text(client: Client, text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    metadata = f"{{name: {quoted}, namespace: shop, labels: {{app: {quoted}}}}}"
    pods = f"{SHOP}---\n{{apiVersion: v1, kind: Pod, metadata: {metadata}, spec: {{containers: [{{name: c}}]}}}}\n"
    answer = client.post(f"{API}/workspaces", **form((f"{text}.yaml", pods)))
    assert answer.status_code == 201
    address = f"{API}/workspaces/{answer.json['id']}"
    page = client.get(answer.json["url"], headers={"Accept": "text/html"}).text
    for raw in ("<script>alert", "<svg/onload", '"onload=', "</script><", "3703701"):
        assert raw not in page.replace(answer.json["id"], "")
    for theme in ("light", "dark"):
        picture = client.get(f"{address}/diagram.svg?theme={theme}")
        only_shapes(picture.text)
    only_shapes(client.get(f"{address}/scene").json["svg"])
    only_shapes(client.get(f"{address}/export/svg").text)
    listed = client.get(f"{address}/connections")
    assert listed.mimetype == "application/json"
    missing = client.get(f"/w/{text}", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "alert(1)" not in missing.text


def only_shapes(svg: str) -> None:
    """The picture is well-formed, and nothing in it runs or leads elsewhere."""
    for element in ElementTree.fromstring(svg).iter():
        name = element.tag.rpartition("}")[2]
        assert name not in ("script", "foreignObject", "a", "image", "use", "style", "iframe", "animate", "set"), name
        for attribute in element.attrib:
            assert not attribute.lower().rpartition("}")[2].startswith(("on", "href", "style")), attribute


SECRETS = f"""
apiVersion: v1
kind: Secret
metadata: {{name: s, namespace: shop}}
stringData: {{password: {CANARY}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c, namespace: shop}}
data: {{token: {CANARY}}}
---
apiVersion: v1
kind: Pod
metadata:
  name: x
  namespace: shop
  annotations: {{kubectl.kubernetes.io/last-applied-configuration: '{{"env": "{CANARY}"}}'}}
spec:
  containers:
  - {{name: c, image: "example/{CANARY}", args: ["--password={CANARY}"], env: [{{name: P, value: {CANARY}}}]}}
---
apiVersion: v1
kind: Secret
metadata: {{name: broken
stringData: {{password: {CANARY}}}
"""


def test_row_29_secrets_are_nowhere_afterwards(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    before = temporary_files()
    with caplog.at_level(logging.DEBUG):
        big = f"{SHOP}---{SECRETS}\n" + "# padding\n" * 200_000  # large enough that it would be spooled
        answer = client.post(f"{API}/workspaces", **form(("big.yaml", big)))
        assert answer.status_code == 201
        address = f"{API}/workspaces/{answer.json['id']}"
        asked = [answer, client.get(answer.json["url"], headers={"Accept": "text/html"})]
        for name in ("summary", "connections", "scene", "diagram.svg", "why?source=shop/x&destination=shop/database"):
            asked.append(client.get(f"{address}/{name}"))
        asked += [client.get(f"{address}/export/{name}") for name in format_names()]
        asked += [client.get(f"{address}/document?file=big.yaml&document={number}") for number in range(1, 10)]
    assert all(CANARY.encode() not in each.data for each in asked)
    assert CANARY not in caplog.text
    assert temporary_files() == before


def temporary_files() -> set[str]:
    """Names in the folder for temporary files, those of the test run itself left out."""
    return {entry.name for entry in Path(tempfile.gettempdir()).iterdir() if entry.name.startswith("tmp")}


def test_row_29_a_large_upload_over_the_network_touches_no_disk() -> None:
    server = Server(create_app(), bind())
    thread = serve_in_thread(server)
    body = f"{SHOP}---{SECRETS}\n" + "# padding\n" * 200_000
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        with machine_left_alone():
            connection.request("POST", f"{API}/workspaces", body, {"Content-Type": "application/yaml"})
            answer = connection.getresponse()
            assert answer.status == 201
            assert CANARY.encode() not in answer.read()
    server.stop()
    thread.join(10)


# ---- rows 34, 35, 40: who asks, how often, and what breaks ---------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Origin": "http://evil.example"}],
)
def test_row_34_requests_from_elsewhere(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(f"{API}/workspaces", data=SHOP, content_type="application/yaml", headers=headers)
    assert answer.status_code == 403
    assert "evil" not in answer.text + str(answer.headers)


def test_row_34_links_are_never_built_from_a_host(client: Client) -> None:
    answer = client.post(
        f"{API}/workspaces", data=SHOP, content_type="application/yaml", headers={"X-Forwarded-Host": "evil.example"}
    )
    assert answer.headers["Location"].startswith("/w/")
    assert "evil" not in answer.text + str(answer.headers)


def test_row_35_the_31st_upload_of_a_client_in_a_minute(ticks: Ticks) -> None:
    client = create_app(Settings(trusted_hosts=("map.example",)), clock=ticks).test_client()
    statuses = [post(client, "# nothing").status_code for _ in range(30)]
    assert set(statuses) == {201}
    answer = post(client, "# nothing")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/healthz").status_code == 200
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    other = client.post(f"{API}/workspaces", data="#", content_type="text/yaml", environ_overrides=elsewhere)
    assert other.status_code == 201
    ticks.now += 60
    assert post(client, "# nothing").status_code == 201


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def opened(client: Client) -> str:
    return f"{API}/workspaces/{post(client, SHOP).json['id']}"


def internal_problems(client: Client, address: str) -> list[str]:
    problems = client.get(f"{address}/summary").json["problems"]
    return [problem["message"] for problem in problems if problem["code"] == "internal"]


def test_row_40_an_exporter_that_raises(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = opened(client)
    broken = ModuleType("broken")

    def write(analysis: object, stream: TextIO) -> None:
        raise KeyError(CANARY)

    broken.BINARY, broken.write = False, write  # type: ignore[attr-defined]
    monkeypatch.setattr(webapp.web.exports, "exporter", lambda name: broken)
    answer = client.get(f"{address}/export/csv")
    monkeypatch.undo()
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "internal")
    assert "internal, id " in answer.json["error"]["message"]
    assert internal_problems(client, address) == [answer.json["error"]["message"]]
    assert CANARY not in answer.text
    for name in ("scene", "connections", "export/json"):
        assert client.get(f"{address}/{name}").status_code == 200


def test_row_40_a_picture_that_cannot_be_drawn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = opened(client)
    monkeypatch.setattr("webapp.web.api.pictures.lay_out", lambda scene: 1 // 0)
    answer = client.get(f"{address}/scene")
    assert answer.status_code == 200
    assert answer.json["edges"]
    assert "internal, id " in "".join(answer.json["notes"])
    only_shapes(answer.json["svg"])
    assert len(internal_problems(client, address)) == 1


def test_row_40_a_dialect_that_raises(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(decoding: object) -> Any:
        raise KeyError(CANARY)

    broken = {("networking.k8s.io", "NetworkPolicy"): fail}
    monkeypatch.setattr("webapp.dialects.compilers", lambda: broken)
    address = opened(client)
    assert "internal, id " in internal_problems(client, address)[0]
    query = {"source": "frontend", "destination": "database"}
    assert client.get(f"{address}/why", query_string=query).json["verdict"] == "unknown"
    assert CANARY not in client.get(f"{address}/summary").text


def test_row_40_only_the_core_ends_in_500() -> None:
    def fail(intake: object, assumptions: object) -> Any:
        raise KeyError(CANARY)

    client = create_app(evaluate=fail).test_client()
    answer = post(client, SHOP)
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert client.get("/healthz").status_code == 200
