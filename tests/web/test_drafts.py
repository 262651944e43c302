"""What-if over HTTP: an edit is answered as a workspace of the edited files would be, and takes nothing on trust."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import API, SHOP, Client, Send, form
from webapp import resources
from webapp.analysis import Analysis, evaluate
from webapp.manifests.tree import Intake
from webapp.model.assumptions import Assumptions
from webapp.web import create_app
from webapp.web.settings import Settings

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  policyTypes: [Ingress]
"""
OPEN = POLICY.replace("  policyTypes: [Ingress]\n", "  ingress: [{ports: [{port: 5432}]}]\n")
FILE = "pasted.yaml"
ENDPOINTS = (
    "connections", "names", "facts", "exposure", "scene", "diagram.svg", "files", "export/csv", "export/mermaid",
    "summary",
)  # fmt: skip


def draft(client: Client, workspace: str, files: object, **query: Any) -> Any:
    return client.post(f"{workspace}/drafts", json={"files": files}, query_string=query)


def token(client: Client, workspace: str, files: object) -> str:
    answer = draft(client, workspace, files)
    assert answer.status_code == 201, answer.json
    return str(answer.json["draft"])


def state(client: Client, workspace: str, **query: Any) -> dict[str, Any]:
    """All that is answered, without what tells one workspace from another."""
    found = {}
    for name in ENDPOINTS:
        more = {"blocked": "none"} if name == "scene" else {}  # else what an edit cuts is drawn
        answer = client.get(f"{workspace}/{name}", query_string=query | more)
        assert answer.status_code == 200, (name, answer.json)
        found[name] = answer.json if answer.is_json else answer.data
    found["summary"].pop("name")
    return found


def sample_files(name: str) -> dict[str, str]:
    folder = resources.samples_folder() / name
    paths = sorted(path for path in Path(folder).rglob("*.yaml"))
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_text() for path in paths}


def opened(client: Client, files: dict[str, str]) -> str:
    answer = client.post(f"{API}/workspaces", **form(*files.items()))
    assert answer.status_code == 201, answer.json
    return f"{API}/workspaces/{answer.json['id']}"


def less_first(text: str) -> str:
    """Without its first document."""
    return text.partition("\n---\n")[2]


def other_ports(text: str) -> str:
    return text.replace("port: 8080", "port: 8081").replace("port: 5432", "port: 5433")


def broken_ports(text: str) -> str:
    return text.replace("port: 8080", "port: 8000-8100")


@pytest.mark.parametrize("edit", [less_first, other_ports, broken_ports, lambda text: ""])
@pytest.mark.parametrize("sample", ["production", "shop", "tiers"])
def test_a_draft_is_answered_as_the_edited_files_would_be(
    client: Client, sample: str, edit: Callable[[str], str]
) -> None:
    files = sample_files(sample)
    base = opened(client, files)
    texts = {each["name"]: each["text"] for each in client.get(f"{base}/files").json["files"]}
    edits = {name: edit(files[name]) for name in texts}
    new = opened(client, files | edits)
    seen, expected = state(client, base, draft=token(client, base, edits)), state(client, new)
    # a file without any text has none to be edited; in a draft it stays in sight
    shown = {each["name"]: each["text"] for each in seen.pop("files")["files"]}
    assert {name: text for name, text in shown.items() if text} == {n: t for n, t in edits.items() if t}
    expected.pop("files")
    assert seen == expected


@pytest.mark.parametrize("sample", ["production", "shop", "tiers"])
def test_switching_a_policy_off_is_taking_it_out_of_the_files(client: Client, sample: str) -> None:
    files = sample_files(sample)
    base = opened(client, files)
    listed = client.get(f"{base}/files").json["files"]
    tried = 0
    for file in listed:
        documents = files[file["name"]].split("\n---\n")
        for place, text in list(enumerate(documents))[:2]:
            names = [line.split("name:")[1].strip(" }") for line in text.splitlines() if "name:" in line]
            identity = next((each for each in ids_of(client, base) if each.endswith(f"/{names[0]}")), None)
            if identity is None or sum(each.endswith(f"/{names[0]}") for each in ids_of(client, base)) > 1:
                continue
            rest = "\n---\n".join([*documents[:place], *documents[place + 1 :]])
            new = opened(client, files | {file["name"]: rest})
            seen, expected = state(client, base, without=identity), state(client, new)
            assert seen.pop("files") == {"files": listed}, "the text of what is switched off stays"
            expected.pop("files")
            assert unplaced(seen) == unplaced(expected)
            tried += 1
    assert tried


def ids_of(client: Client, base: str) -> list[str]:
    """Asked of the server's own near candidates."""
    from webapp.manifests.editing import policy_ids
    from webapp.web.services import services_of

    workspace = services_of(client.application).store.get(base.rpartition("/")[2])
    return sorted(policy_ids(workspace.contents.intake))


def unplaced(found: Any) -> Any:
    """Without lines and numbers of documents, which move when a document goes."""
    if isinstance(found, dict):
        return {name: unplaced(each) for name, each in found.items() if name not in ("line", "document", "column")}
    return [unplaced(each) for each in found] if isinstance(found, list) else found


def test_files_hold_the_policies_with_their_places(client: Client, workspace: str) -> None:
    (file,) = client.get(f"{workspace}/files").json["files"]
    assert file["name"] == FILE
    assert file["text"] == POLICY
    line = SHOP.splitlines().index("apiVersion: networking.k8s.io/v1") + 1
    assert file["parts"] == [{"document": 4, "first_line": line, "line": 1}]


def test_an_edit_tells_what_it_changes(client: Client, workspace: str) -> None:
    answer = draft(client, workspace, {FILE: OPEN})
    assert answer.status_code == 201
    assert answer.json["problems"] == []
    none = {"changed": 0, "cut": 0, "became_unknown": 0, "became_known": 0}
    assert answer.json["changes"]["counts"] == {"opened": 2, **none}
    found = client.get(f"{workspace}/changes", query_string={"draft": answer.json["draft"]}).json
    row = {"before": {}, "after": {"TCP": "5432"}, "destination": "shop/Deployment/database"}
    assert found["opened"] == [{"source": each, **row} for each in ("internet", "shop/Deployment/frontend")]
    assert not found["truncated"]
    cut = client.get(f"{workspace}/changes", query_string={"draft": answer.json["draft"], "limit": 1}).json
    assert cut["opened"] == found["opened"][:1]
    assert cut["truncated"]
    assert cut["counts"] == found["counts"]
    assert client.get(f"{workspace}/changes").json["counts"] == {"opened": 0, **none}


def test_changes_that_are_too_many_are_asked_for_in_part() -> None:
    client: Client = create_app(Settings(answer_bytes=200)).test_client()
    base = opened(client, {FILE: SHOP})
    asked = f"{base}/changes?without=NetworkPolicy/shop/deny"
    refused = client.get(asked)
    assert (refused.status_code, refused.json["error"]["details"]["limit_name"]) == (422, "answer_bytes")
    assert "`limit`" in refused.json["error"]["message"]
    assert len(client.get(f"{asked}&limit=1").json["opened"]) == 1


def test_policies_that_are_off_count_as_changes_too(client: Client, workspace: str) -> None:
    found = client.get(f"{workspace}/changes?without=NetworkPolicy/shop/deny").json
    assert found["counts"]["opened"] == 2
    answer = draft(client, workspace, {FILE: OPEN}, without="NetworkPolicy/shop/deny")
    assert answer.json["changes"]["counts"] == found["counts"]


def test_the_same_edit_has_the_same_token(client: Client, workspace: str) -> None:
    first = token(client, workspace, {FILE: OPEN, "new.yaml": ""})
    assert token(client, workspace, {"new.yaml": "", FILE: OPEN}) == first
    assert token(client, workspace, {FILE: OPEN}) != first
    assert token(client, workspace, {FILE: None}) == token(client, workspace, {})


def test_null_takes_a_file_as_it_was_loaded(client: Client, workspace: str) -> None:
    kept = token(client, workspace, {FILE: None})
    assert state(client, workspace, draft=kept) == state(client, workspace)


def test_a_new_file_is_read_too(client: Client, workspace: str) -> None:
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: shop}}\n---\n"
    made = token(client, workspace, {"new.yaml": pod + OPEN.replace("deny", "open")})
    assert "shop/Pod/x" in client.get(f"{workspace}/names?draft={made}").json["workloads"]
    assert client.get(f"{workspace}/changes?draft={made}").json["added_workloads"] == ["shop/Pod/x"]
    assert [file["name"] for file in client.get(f"{workspace}/files?draft={made}").json["files"]] == ["new.yaml", FILE]


def test_the_order_of_documents_and_files_does_not_matter(client: Client, workspace: str) -> None:
    parts = [OPEN, POLICY.replace("deny", "second"), OPEN.replace("deny", "third")]
    seen = []
    for order in (parts, parts[::-1]):
        for files in ({FILE: "---\n".join(order)}, {"b.yaml": order[0], FILE: "", "a.yaml": "---\n".join(order[1:])}):
            found = state(client, workspace, draft=token(client, workspace, files))
            seen.append({name: found[name] for name in ("connections", "scene", "diagram.svg")})
    assert all(each == seen[0] for each in seen)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (POLICY + "---\nspec:\n\tx: 1\n", "yaml_syntax", (9, 1)),
        (POLICY + "---\na: [\n", "yaml_syntax", (8, 4)),
        (POLICY + "---\n{{ range .Values }}\n", "helm_template", (8, 2)),
        ("a: \x01\n", "yaml_character", (1, 4)),
        ("a: \ud800\n", "not_utf8", (1, 4)),
    ],
)
def test_a_text_that_is_no_yaml_changes_nothing(
    client: Client, workspace: str, text: str, code: str, place: tuple[int, int]
) -> None:
    answer = draft(client, workspace, {FILE: text})
    assert answer.status_code == 200
    assert answer.json["draft"] is None
    (problem,) = answer.json["problems"]
    assert (problem["code"], problem["file"]) == (code, FILE)
    assert (problem["line"], problem["column"]) == place


def test_a_policy_that_is_set_aside_makes_a_draft_with_a_cure(client: Client, workspace: str) -> None:
    answer = draft(client, workspace, {FILE: OPEN.replace("5432", "8000-8100")}).json
    (problem,) = answer["problems"]
    assert (problem["code"], problem["line"]) == ("port_name_invalid", 6)
    column = problem["column"]
    assert problem["mend"] == {
        "title": "Write 8000 and endPort: 8100", "file": FILE, "text": "8000, endPort: 8100",
        "from": {"line": 6, "column": column}, "to": {"line": 6, "column": column + len("8000-8100")},
    }  # fmt: skip
    query = {"draft": answer["draft"], "source": "frontend", "destination": "database", "port": "8080"}
    assert client.get(f"{workspace}/why", query_string=query).json["verdict"] == "unknown"
    assert client.get(f"{workspace}/summary", query_string=query).json["unknown"]["reasons"] == {"policy_set_aside": 2}


def test_problems_of_what_was_not_edited_are_not_told(client: Client, send: Send) -> None:
    """The workloads of the file stay as they were; their lines are no lines of the edited text."""
    text = SHOP.replace("replicas: 2", "replicas: many")
    made = send(text, query_string={"name": FILE}).json
    assert {problem["code"] for problem in made["summary"]["problems"]} == {"bad_replicas"}
    base = f"{API}/workspaces/{made['id']}"
    wrong = POLICY.replace("podSelector", "podSelectors")
    assert [problem["code"] for problem in draft(client, base, {FILE: wrong}).json["problems"]] == ["unknown_field"]
    assert draft(client, base, {FILE: POLICY}).json["problems"] == []


def test_an_edit_that_is_not_known_is_told_apart(client: Client, workspace: str) -> None:
    for name in (*ENDPOINTS, "changes"):
        answer = client.get(f"{workspace}/{name}?draft=nope")
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "draft_gone"), name
    other = f"{API}/workspaces/{client.post(f'{API}/samples/shop').json['id']}"
    made = token(client, workspace, {FILE: OPEN})
    assert client.get(f"{other}/summary?draft={made}").status_code == 404, "an edit belongs to its workspace"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("NetworkPolicy/shop/deni", "NetworkPolicy/shop/deny"), ("AdminNetworkPolicy/deny", "NetworkPolicy/shop/deny"),
     ("x", "KIND/NAMESPACE/NAME")],
)  # fmt: skip
def test_a_policy_that_is_not_there_is_named(client: Client, workspace: str, wrong: str, near: str) -> None:
    answer = client.get(f"{workspace}/summary", query_string={"without": ["NetworkPolicy/shop/deny", wrong]})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "unknown_policy")
    assert f'"{wrong}"' in answer.json["error"]["message"]
    assert near in answer.json["error"]["message"]


def test_a_policy_may_be_off_that_only_the_files_as_loaded_have(client: Client, workspace: str) -> None:
    gone = token(client, workspace, {FILE: ""})
    query = {"draft": gone, "without": "NetworkPolicy/shop/deny"}
    assert state(client, workspace, **query) == state(client, workspace, draft=gone)


def test_too_many_switched_off_are_refused(client: Client, workspace: str) -> None:
    assert client.get(f"{workspace}/summary", query_string={"without": ["x"] * 201}).status_code == 422
    assert client.get(f"{workspace}/summary", query_string={"without": "x" * 3_000}).status_code == 422
    assert client.get(f"{workspace}/summary", query_string={"draft": "x" * 3_000}).status_code == 422


# ---- what is sent may be anything ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "{}", '"x"', '{"files": []}', '{"files": null}', '{"files": {"a.yaml": 1}}',
        '{"files": {"a.yaml": ["x"]}}', '{"files": {"": "x"}}', '{"files": {"a\\u0000": "x"}}',
        '{"files": {"a\\u202e.yaml": "x"}}', '{"files": {"' + "x" * 500 + '": ""}}', "[" * 100_000,
        '{"files": ' + '{"a":' * 50_000, "\x80", "{'files': {}}",
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(client: Client, workspace: str, body: str) -> None:
    data = body.encode("latin-1")
    answer = client.post(f"{workspace}/drafts", data=data, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["error"]["message"]


def test_other_content_types_and_other_sites_are_refused(client: Client, workspace: str) -> None:
    body = json.dumps({"files": {FILE: OPEN}})
    assert client.post(f"{workspace}/drafts", data=body, content_type="text/plain").status_code == 415
    assert client.post(f"{workspace}/drafts", data={"files": body}).status_code == 415
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"{workspace}/drafts", data=body, content_type="application/json", headers=headers)
        assert answer.status_code == 403
    assert client.post(f"{API}/workspaces/nope/drafts", json={"files": {}}).status_code == 404


def test_limits_hold_for_edits_too() -> None:
    client: Client = create_app(Settings(draft_bytes=10_000)).test_client()
    base = opened(client, {FILE: SHOP})
    assert draft(client, base, {FILE: "#" * 11_000}).status_code == 413
    deep = draft(client, base, {FILE: "[" * 100})
    assert (deep.status_code, deep.json["error"]["details"]["limit_name"]) == (422, "depth")
    answer = create_app().test_client()
    base = opened(answer, {FILE: SHOP})
    many = draft(answer, base, {f"{number}.yaml": "" for number in range(2_001)})
    assert (many.status_code, many.json["error"]["details"]["limit_name"]) == (422, "request_parts")


def test_a_thousand_files_are_no_trouble(client: Client, workspace: str) -> None:
    texts = {f"{number}.yaml": OPEN.replace("deny", f"p{number}") for number in range(1_000)}
    made = token(client, workspace, texts)
    assert client.get(f"{workspace}/summary?draft={made}").json["policies"] == 1_001


def test_an_archive_is_no_text(client: Client, workspace: str) -> None:
    answer = draft(client, workspace, {"x.zip": "PK\x03\x04 and so on"})
    assert (answer.status_code, answer.json["draft"]) == (200, None)
    assert [problem["code"] for problem in answer.json["problems"]] == ["yaml_character"]
    made = token(client, workspace, {"x.zip": OPEN.replace("deny", "other")})
    assert client.get(f"{workspace}/summary?draft={made}").json["policies"] == 2


def test_edits_have_a_pace_of_their_own() -> None:
    settings = Settings(trusted_hosts=("map.example.org",))
    client: Client = create_app(settings, clock=lambda: 0.0).test_client()
    base = opened(client, {FILE: SHOP})
    statuses = [draft(client, base, {FILE: None}).status_code for _ in range(601)]
    assert statuses == [201] * 600 + [429]
    assert "edits in a minute" in draft(client, base, {}).json["error"]["message"]
    assert client.post(f"{API}/samples/shop").status_code == 201


# ---- what is kept, and for how long -------------------------------------------------------------------------


def test_only_the_latest_edits_are_kept() -> None:
    client: Client = create_app(Settings(drafts_kept=2)).test_client()
    base = opened(client, {FILE: SHOP})
    made = [token(client, base, {FILE: OPEN.replace("5432", str(port))}) for port in (1, 2, 3)]
    assert [client.get(f"{base}/summary?draft={each}").status_code for each in made] == [404, 200, 200]
    assert token(client, base, {FILE: OPEN.replace("5432", "1")}) == made[0]
    assert client.get(f"{base}/summary?draft={made[0]}").status_code == 200


def test_edits_are_kept_while_there_is_room() -> None:
    client: Client = create_app(Settings(drafts_bytes=100_000)).test_client()
    base = opened(client, {FILE: SHOP})
    made = [token(client, base, {FILE: f"{OPEN}# {each}\n" + "# ....\n" * 10_000}) for each in range(3)]
    assert [client.get(f"{base}/summary?draft={each}").status_code for each in made] == [404, 404, 200]


def test_edits_count_in_the_size_of_the_workspace(client: Client, workspace: str) -> None:
    from webapp.web.services import services_of

    kept = services_of(client.application).store.get(workspace.rpartition("/")[2])
    before = kept.size_bytes
    token(client, workspace, {FILE: OPEN + "# x\n" * 50_000})
    assert kept.size_bytes > before + 200_000


def test_a_new_reading_forgets_the_edits(client: Client, workspace: str) -> None:
    from webapp.manifests import SourceFile, read
    from webapp.web.services import services_of

    made = token(client, workspace, {FILE: OPEN})
    kept = services_of(client.application).store.get(workspace.rpartition("/")[2])
    kept.replace(read([SourceFile(FILE, SHOP.replace("name: frontend", "name: front").encode())]))
    answer = client.get(f"{workspace}/summary?draft={made}")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "draft_gone")
    assert token(client, workspace, {FILE: OPEN}) == made
    assert client.get(f"{workspace}/changes?draft={made}").json["counts"]["opened"] == 2


@pytest.fixture
def counting() -> tuple[Client, list[int]]:
    """A client whose server notes each evaluation, and takes its time for it."""
    evaluations: list[int] = []
    lock = threading.Lock()

    def slow(intake: Intake, assumptions: Assumptions) -> Analysis:
        with lock:
            evaluations.append(len(intake.documents))
        threading.Event().wait(0.05)
        return evaluate(intake, assumptions)

    return create_app(evaluate=slow).test_client(), evaluations


def test_one_edit_is_evaluated_once_whoever_asks(counting: tuple[Client, list[int]]) -> None:
    client, evaluations = counting
    base = opened(client, {FILE: SHOP})
    assert len(evaluations) == 1

    def post(number: int) -> str:
        with client.application.test_client() as mine:
            return token(mine, base, {FILE: OPEN})

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(post, range(4)))
    assert len(made) == 1
    for name in (*ENDPOINTS, "changes"):
        client.get(f"{base}/{name}", query_string={"draft": made.copy().pop()})
    assert len(evaluations) == 2


def test_a_text_that_is_no_object_changes_nothing(client: Client) -> None:
    base = opened(client, {"a.yaml": SHOP})
    answer = draft(client, base, {"a.yaml": "hello"})
    assert answer.status_code == 200
    assert answer.json["draft"] is None
    assert [problem["code"] for problem in answer.json["problems"]] == ["not_an_object"]
