"""From what is sent to a workspace, and what can be asked of it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.web.conftest import API, SHOP, Client, Send, form
from webapp.web import create_app
from webapp.web.settings import Settings

FRONTEND, DATABASE = "shop/Deployment/frontend", "shop/Deployment/database"


def test_pasted_text_becomes_a_workspace(send: Send, client: Client) -> None:
    answer = send(query_string={"name": "pasted.yaml"})
    assert answer.status_code == 201
    assert answer.json["url"] == answer.headers["Location"] == f"/w/{answer.json['id']}"
    assert len(answer.json["id"]) == 43
    assert answer.json["summary"]["name"] == "pasted.yaml"
    assert answer.json["summary"]["workloads"] == 2
    page = client.get(answer.json["url"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f'data-workspace="{answer.json["id"]}"' in page.text


def test_files_keep_their_paths_as_names(client: Client) -> None:
    namespace, *others = SHOP.split("---")
    parts = form(("shop/ns.yaml", namespace), ("shop/sub/rest.yaml", "---".join(others)))
    answer = client.post(f"{API}/workspaces", **parts).json
    assert answer["summary"]["name"] == "shop"
    text = client.get(f"{API}/workspaces/{answer['id']}/document?file=shop/sub/rest.yaml&document=3").json
    assert text["kind"] == "NetworkPolicy"
    assert text["name"] == "deny"
    assert "podSelector" in text["text"]


def test_files_of_one_name_are_told_apart(client: Client) -> None:
    answer = client.post(f"{API}/workspaces", **form(("a.yaml", SHOP), ("a.yaml", "a: [")))
    assert [p["file"] for p in answer.json["summary"]["problems"]] == ["a.yaml (2)"]


def test_an_archive_is_read(client: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("all.yaml", SHOP)
    for options in (form(("x.zip", packed.getvalue())), {"data": packed.getvalue(), "content_type": "application/zip"}):
        answer = client.post(f"{API}/workspaces", **options)
        assert answer.json["summary"]["workloads"] == 2


def test_nothing_to_read_is_an_error_and_nothing_understood_a_problem(client: Client, send: Send) -> None:
    assert client.post(f"{API}/workspaces", data={}, content_type="multipart/form-data").status_code == 422
    assert send("a", kind="application/x-www-form-urlencoded").status_code == 415
    answer = send("# nothing\n")
    assert answer.status_code == 201
    assert "nothing_to_analyze" in {problem["code"] for problem in answer.json["summary"]["problems"]}


def test_connections_are_those_of_the_command_line(client: Client, workspace: str) -> None:
    answer = client.get(f"{workspace}/connections").json
    assert answer["schema"] == "netpolmap/connections/1"
    pairs = {(row["source"], row["destination"]) for row in answer["connections"]}
    assert (DATABASE, FRONTEND) in pairs
    assert (FRONTEND, DATABASE) not in pairs


def test_why_names_the_policy(client: Client, workspace: str) -> None:
    query = {"source": "frontend", "destination": "shop/database", "port": "5432"}
    answer = client.get(f"{workspace}/why", query_string=query).json
    assert answer["verdict"] == "blocked"
    assert answer["ingress"]["steps"][0]["policies"][0]["name"] == "deny"
    assert answer["sentences"]["headline"]
    in_words = client.get(f"{workspace}/why", query_string={"source": "frontend", "destination": "database:5432"}).json
    assert in_words == answer


def test_why_names_the_nearest_rule(client: Client, send: Send) -> None:
    near = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: near, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  ingress: [{from: [{podSelector: {matchLabels: {app: fronted}}}]}]
"""
    made = send(SHOP + near, query_string={"name": "near.yaml"}).json["id"]
    query = {"source": "frontend", "destination": "database:5432"}
    answer = client.get(f"{API}/workspaces/{made}/why", query_string=query).json
    (miss,) = answer["ingress"]["near_misses"]
    (gap,) = miss["lacks"]
    assert (miss["policy"]["name"], gap["reason"], gap["did_you_mean"]) == ("near", "pod_label", {"value": "frontend"})
    assert gap["source"]["line"] == (SHOP + near).count("\n")


def test_path_and_reach_are_those_of_the_command_line(client: Client) -> None:
    base = f"{API}/workspaces/{client.post(f'{API}/samples/production').json['id']}"
    query = {"source": "frontend", "destination": "production/database", "port": "5432"}
    answer = client.get(f"{base}/path", query_string=query).json
    assert (answer["schema"], answer["verdict"]) == ("netpolmap/path/1", "allowed")
    assert [hop["destination"].split("/")[-1] for hop in answer["hops"]] == ["backend-api", "database"]
    answer = client.get(
        f"{base}/reach", query_string={"workload": "database", "direction": "reached_by", "steps": "1"}
    ).json
    assert [row["id"] for row in answer["reached"]] == ["production/Deployment/backend-api"]
    for bad in (
        "workload=database&steps=0",
        "workload=database&steps=x",
        "workload=database&direction=up",
        "direction=reach",
    ):
        assert client.get(f"{base}/reach?{bad}").status_code == 422
    assert client.get(f"{base}/path?source=frontend").status_code == 422


def test_facts_stand_beside_the_connections(client: Client, send: Send) -> None:
    way = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: NodePort, selector: "
    text = f"{SHOP}---\n{way}{{app: frontend}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}\n"
    ingress = (
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: db, namespace: shop}\n"
        "spec: {defaultBackend: {service: {name: web, port: {name: http}}}}\n"
    )
    workspace = send(text + ingress).get_json()["url"].removeprefix("/w/")
    facts = client.get(f"{API}/workspaces/{workspace}/facts?ingress_controller=shop/app=database").get_json()
    assert [(e["kind"], e["via"], e["known_by"], e["verdict"]) for e in facts["entries"]] == [
        ("Ingress", ["shop/Deployment/database"], "chosen", "allowed"), ("Service", None, "", "allowed"),
    ]  # fmt: skip
    assert facts["assumptions"]["ingress_controllers"] == ["shop/app=database"]
    assert {name: found["verdict"] for name, found in facts["dns"].items()} == {
        "shop/Deployment/database": "allowed", "shop/Deployment/frontend": "allowed",
    }  # fmt: skip
    connections = client.get(f"{API}/workspaces/{workspace}/connections").get_json()
    assert [entry["kind"] for entry in connections["entries"]] == ["Ingress", "Service"]
    assert client.get(f"{API}/workspaces/{workspace}/facts?ingress_controller=shop/nobody").status_code == 422
    asked = f"{API}/workspaces/{workspace}/why?source=database&destination=svc/shop/web"
    for question in (f"{asked}:http", f"{asked}&port=80", f"{asked}:80/TCP"):
        answer = client.get(question).get_json()
        assert (answer["verdict"], answer["port"], answer["service"]["backends"]) == ("allowed", 80, "all")
    assert client.get(f"{asked}&protocol=UDP").get_json()["verdict"] == "blocked"


def test_bad_questions_are_explained(client: Client, workspace: str) -> None:
    for query in (
        "source=frontend", "source=x&destination=frontend", "source=frontend&destination=database&port=0",
        "source=frontend&destination=database&port=٣", "source=frontend&destination=database&port=1&protocol=ICMP",
        "source=frontend&destination=database&host_network=maybe", f"source={'x' * 3000}&destination=database",
    ):  # fmt: skip
        answer = client.get(f"{workspace}/why?{query}")
        assert answer.status_code == 422, query
        assert answer.json["error"]["message"]


def test_switches_evaluate_anew_without_another_upload(client: Client, workspace: str) -> None:
    plain = client.get(f"{workspace}/summary").json["assumptions"]
    switched = client.get(f"{workspace}/summary?pod_cidr=10.1.0.0/16&host_network=pod").json["assumptions"]
    assert plain["pod_cidrs"] == []
    assert (switched["pod_cidrs"], switched["host_network"]) == (["10.1.0.0/16"], "pod")


def test_a_bad_range_is_told_in_the_words_of_the_page(client: Client, workspace: str) -> None:
    answer = client.get(f"{workspace}/summary?pod_cidr=10.1.0.0/33")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_pod_cidr")
    assert answer.json["error"]["message"].startswith('"10.1.0.0/33" is not a range of addresses')
    assert "--" not in answer.json["error"]["message"]


def test_scene_holds_the_picture_and_its_rows(client: Client, workspace: str) -> None:
    scene = client.get(f"{workspace}/scene").json
    assert scene["svg"].startswith("<svg")
    assert FRONTEND in {node["id"] for node in scene["nodes"]}
    verdicts = {(edge["source"], edge["destination"]): edge["verdict"] for edge in scene["edges"]}
    assert verdicts[FRONTEND, DATABASE] == "blocked"
    assert client.get(f"{workspace}/scene?blocked=many").status_code == 422
    again = client.get(f"{workspace}/scene")
    assert again.json == scene


def test_the_picture_by_itself_runs_nothing(client: Client, workspace: str) -> None:
    answer = client.get(f"{workspace}/diagram.svg?theme=dark")
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_exports_are_attachments(client: Client, workspace: str) -> None:
    answer = client.get(f"{workspace}/export/json")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="pasted.yaml.json"')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.data == client.get(f"{workspace}/connections").data
    missing = client.get(f"{workspace}/export/exe")
    assert missing.status_code == 404
    assert "json" in missing.json["error"]["message"]


def test_only_policies_have_a_text(client: Client, workspace: str) -> None:
    assert client.get(f"{workspace}/document?file=pasted.yaml&document=4").json["name"] == "deny"
    assert client.get(f"{workspace}/document?file=pasted.yaml&document=2").status_code == 404
    assert client.get(f"{workspace}/document?file=/etc/passwd&document=1").status_code == 404
    assert client.get(f"{workspace}/document?file=pasted.yaml&document=x").status_code == 422


def test_a_workspace_can_be_forgotten(client: Client, workspace: str) -> None:
    assert client.delete(workspace).status_code == 204
    assert client.get(f"{workspace}/summary").status_code == 404
    assert client.delete(workspace).status_code == 404


def test_samples_are_listed_and_opened(client: Client) -> None:
    listed = client.get(f"{API}/samples").json
    assert {"production", "shop"} <= {sample["name"] for sample in listed}
    answer = client.post(f"{API}/samples/production")
    assert answer.status_code == 201
    assert answer.json["summary"]["workloads"] > 3
    for name in ("nope", "..", "%2e%2e%2fwebapp"):
        assert client.post(f"{API}/samples/{name}").status_code in (404, 405)


def test_sample_files_are_named_without_the_path_of_the_server(client: Client) -> None:
    identity = client.post(f"{API}/samples/production").json["id"]
    query = {"source": "production/frontend", "destination": "production/database"}
    assert "production/policies.yaml" in client.get(f"{API}/workspaces/{identity}/why", query_string=query).text
    assert '"/' not in client.get(f"{API}/workspaces/{identity}/why", query_string=query).text


@pytest.mark.parametrize("limit", [{"answer_bytes": 500}, {"answer_seconds": 0.0}])
def test_an_answer_that_is_too_much_is_for_the_command_line(limit: dict[str, Any]) -> None:
    client: Client = create_app(Settings(**limit)).test_client()
    address = f"{API}/workspaces/{client.post(f'{API}/samples/production').json['id']}"
    for name in ("connections", "export/json", "export/csv"):
        answer = client.get(f"{address}/{name}")
        assert answer.status_code == 422
        assert answer.json["error"]["details"]["limit_name"] == next(iter(limit))
        assert "netpolmap list" in answer.json["error"]["message"]
