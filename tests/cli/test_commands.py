"""The command line as the contract promises it: exit statuses, streams, forms."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.cli import main

PODS = """
apiVersion: v1
kind: Namespace
metadata: {name: x}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x, labels: {app: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: x, labels: {app: b}}
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-80, namespace: x}
spec:
  podSelector: {matchLabels: {app: b}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: a}}}]
    ports: [{port: 80}]
"""
BROKEN = POLICY.replace("port: 80", "port: 99999").replace("only-80", "broken")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    (tmp_path / "pods.yaml").write_text(PODS)
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        try:
            status = main([str(word) for word in words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capfdbinary.readouterr()
        return status, out.decode(errors="replace"), err.decode()

    return call


@pytest.mark.parametrize(("question", "status", "verdict"), [
    (("a", "b:80"), 0, "allowed"), (("x/Pod/a", "x/b:81"), 1, "blocked"), (("internet", "b:80/TCP"), 1, "blocked"),
    (("b", "a"), 0, "allowed"), (("a", "b:80/udp"), 1, "blocked"), (("a", "a"), 0, "allowed"),
    (("a", "203.0.113.9:443"), 0, "allowed"), (("a", "[2001:db8::1]:443"), 0, "allowed"),
    (("10.0.0.0/8", "b"), 1, "blocked"),
])  # fmt: skip
def test_why_answers_with_its_exit_status(
    world: Path, run: Run, question: tuple[str, str], status: int, verdict: str
) -> None:
    code, out, _ = run("why", *question, world, "-o", "json")
    assert (code, json.loads(out)["verdict"]) == (status, verdict)


def test_why_names_the_rule_and_its_line(world: Path, run: Run) -> None:
    _, out, _ = run("why", "a", "b:80", world, "-o", "json")
    answer = json.loads(out)
    (step,) = answer["ingress"]["steps"]
    assert (step["tier"], step["reason"]) == ("NetworkPolicy", "rule_allows")
    assert (step["index"], step["direction"]) == (0, "ingress")
    assert step["policy"]["name"] == "only-80"
    assert step["source"]["line"] == 8
    assert answer["egress"]["steps"] == [{"tier": "NetworkPolicy", "reason": "not_isolated", "ports": "all"}]
    assert answer["assumptions"]["host_network"] == "node"


def test_why_without_a_port_says_which_ports(world: Path, run: Run) -> None:
    _, out, _ = run("why", "a", "b", world, "-o", "json")
    answer = json.loads(out)
    assert (answer["ports"], answer["unknown_ports"]) == ({"TCP": "80"}, {})


def test_why_says_which_rule_came_closest(world: Path, run: Run) -> None:
    (world / "near.yaml").write_text(POLICY.replace("{app: a}", "{App: b}").replace("only-80", "near"))
    status, out, _ = run("why", "a", "b:80/UDP", world)
    assert status == 1
    closest = out[out.index("Closest") :].splitlines()
    assert closest[0].split(":")[1].strip().startswith("NetworkPolicy x/only-80, ingress rule 1")
    assert "It lists TCP 80; needed is UDP 80" in closest[1]
    assert closest[1].endswith("policy.yaml:9]")
    answer = json.loads(run("why", "a", "b:80/UDP", world, "-o", "json")[1])
    assert answer["ingress"]["near_misses"][0]["lacks"][0]["reason"] == "protocol_mismatch"
    assert "near_misses" not in answer["egress"]


CHAIN = "".join(
    f"""---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: x, labels: {{app: {name}}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: x}}
spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, ingress: [{{from: [{peer}], ports: [{{port: 80}}]}}]}}
"""
    for name, peer in (
        ("one", "{ipBlock: {cidr: 192.0.2.0/24}}"), ("two", "{podSelector: {matchLabels: {app: one}}}"),
        ("three", "{podSelector: {matchLabels: {app: two}}}"),
        ("four", "{namespaceSelector: {matchLabels: {team: t}}}"),
    )
)  # fmt: skip
CLOSED = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: x}
spec: {podSelector: {matchLabels: {app: three}}, policyTypes: [Egress]}
"""
FAR = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: far, namespace: undeclared, labels: {app: far}}\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"


@pytest.mark.parametrize(("ends", "status", "hops"), [
    (("one", "three"), 0, ["two", "three"]), (("192.0.2.7", "three:80"), 0, ["one", "two", "three"]),
    (("one", "three:81"), 1, []), (("three", "one"), 1, []), (("far", "four:80"), 3, ["four"]),
    (("three", "four"), 1, []), (("two", "four"), 3, ["far", "four"]),
])  # fmt: skip
def test_why_path_follows_allowed_connections(
    run: Run, tmp_path: Path, ends: tuple[str, str], status: int, hops: list[str]
) -> None:
    (tmp_path / "chain.yaml").write_text(NAMESPACE + CHAIN + FAR)
    (tmp_path / "closed.yaml").write_text(CLOSED)
    code, out, _ = run("why", "--path", *ends, tmp_path, "-o", "json")
    answer = json.loads(out)
    assert (code, answer["schema"]) == (status, "netpolmap/path/1")
    assert [hop["destination"].split("/")[-1] for hop in answer["hops"]] == hops
    code, out, _ = run("why", *ends, "--path", tmp_path)
    assert code == status
    assert out.startswith(answer["verdict"].upper())
    assert all(sentence in out for sentence in answer["summary"])


def test_why_path_says_what_would_cut_each_hop(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chain.yaml").write_text(NAMESPACE + CHAIN)
    hops = json.loads(run("why", "--path", "one", "three", tmp_path, "-o", "json")[1])["hops"]
    assert [(hop["egress"]["open"], hop["ingress"]["rules"][0]["policy"]["name"]) for hop in hops] == [
        (True, "two"), (True, "three"),
    ]  # fmt: skip
    assert hops[0]["egress"]["sentences"] == ["No policy isolates x/one for egress: add one."]
    assert [hop["only_way"] for hop in hops] == [True, True]
    (tmp_path / "far.yaml").write_text(FAR)
    (hop,) = json.loads(run("why", "--path", "far", "four:80", tmp_path, "-o", "json")[1])["hops"]
    assert (hop["verdict"], hop["ports"], hop["unknown_ports"]) == ("unknown", {}, {"TCP": "80"})
    assert hop["ingress"]["reasons"] == ["undeclared_namespace_labels"]
    assert hop["ingress"]["sentences"][0].startswith("It depends on NetworkPolicy x/four. A namespace is used")


def test_list_reach_is_the_blast_radius(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chain.yaml").write_text(NAMESPACE + CHAIN + FAR)
    status, out, _ = run("list", tmp_path, "--reached-by", "three", "-o", "json")
    answer = json.loads(out)
    assert (status, answer["schema"], answer["direction"]) == (0, "netpolmap/reach/1", "reached_by")
    rows = {row["id"]: (row["steps"], row["ports"], row["via"]) for row in answer["reached"]}
    assert rows == {
        "x/Pod/two": (1, {"TCP": "80"}, "x/Pod/three"), "x/Pod/one": (2, {"TCP": "80"}, "x/Pod/two"),
        "192.0.2.0/24": (3, {"TCP": "80"}, "x/Pod/one"),
    }  # fmt: skip
    within = json.loads(run("list", tmp_path, "--reached-by", "three", "--steps", "1", "-o", "json")[1])
    assert [row["id"] for row in within["reached"]] == ["x/Pod/two"]
    unsure = json.loads(run("list", tmp_path, "--reach", "far", "-o", "json")[1])["unknown"]
    assert [(row["id"], row["steps"]) for row in unsure] == [
        ("x/Pod/four", 1), ("x/Pod/one", 1), ("x/Pod/two", 2), ("x/Pod/three", 3),
    ]  # fmt: skip
    status, out, _ = run("list", tmp_path, "--reach", "one")
    assert status == 0
    assert "can be reached from x/Pod/one" in out


@pytest.mark.parametrize("words", [
    ("--reach", "nobody"), ("--reach", "a", "--steps", "0"), ("--reach", "a", "-o", "svg"),
    ("--reach", "a", "--reached-by", "b"),
])  # fmt: skip
def test_a_radius_that_makes_no_sense_is_refused(world: Path, run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run("list", world, *words)
    assert (status, out) == (2, "")
    assert err


WAYS = """
apiVersion: v1
kind: Service
metadata: {name: b, namespace: x}
spec: {selector: {app: b}, ports: [{name: http, port: 8000, targetPort: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: b, namespace: x}
spec: {defaultBackend: {service: {name: b, port: {name: http}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-way-out, namespace: x}
spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}
"""


def test_list_tells_of_ways_in_and_of_name_resolution(world: Path, run: Run) -> None:
    (world / "ways.yaml").write_text(WAYS)
    _, out, _ = run("list", world)
    lines = [line.split() for line in out.splitlines()]
    assert ["Ingress", "x/b", "controller", "not", "known", "x/Pod/b", "TCP", "80", "unknown"] in [
        each[:9] for each in lines
    ]
    assert any(each[:1] == ["x/Pod/a"] and "no-way-out" in each[-1] for each in lines)
    assert out.splitlines()[-1].startswith("0 allowed") or out.splitlines()[-1].endswith("workloads.")
    _, out, _ = run("list", world, "--ingress-controller", "x/a", "-o", "json")
    answer = json.loads(out)
    assert [(e["via"], e["verdict"], e["reason"]) for e in answer["entries"]] == [
        (["x/Pod/a"], "blocked", "no_rule_matches")
    ]
    assert answer["assumptions"]["ingress_controllers"] == ["x/a"]
    assert [w["dns"]["verdict"] for w in answer["workloads"]] == ["blocked", "allowed"]
    status, _, err = run("list", world, "--ingress-controller", "x/nobody")
    assert (status, "x/nobody" in err) == (2, True)


def test_a_policy_that_is_set_aside_makes_the_rest_unknown(world: Path, run: Run) -> None:
    (world / "broken.yaml").write_text(BROKEN)
    assert run("why", "a", "b:80", world)[0] == 0
    assert run("why", "a", "b:81", world)[0] == 3
    status, out, err = run("list", world, "-o", "json")
    assert status == 0
    rows = json.loads(out)["unknown"]
    assert {tuple(row["reasons"]) for row in rows} == {("policy_set_aside",)}
    assert "spec.ingress[0].ports[0].port" in err


@pytest.mark.parametrize(("name", "says"), [("c", "not a workload"), ("svc/x/s:80", "Service"), ("a:0", "1-65535")])
def test_a_name_that_cannot_be_resolved_is_an_error(world: Path, run: Run, name: str, says: str) -> None:
    status, out, err = run("why", "a", name, world)
    assert (status, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_an_ambiguous_name_lists_the_candidates(world: Path, run: Run) -> None:
    (world / "more.yaml").write_text(PODS.replace("namespace: x", "namespace: y").replace("name: x", "name: y"))
    status, _, err = run("why", "a", "x/b:80", world)
    assert status == 2
    assert "x/Pod/a" in err
    assert "y/Pod/a" in err


def test_list_writes_json_to_standard_output_alone(world: Path, run: Run) -> None:
    status, out, _ = run("list", world, "-o", "json")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == [
        "schema", "assumptions", "workloads", "externals", "connections", "unknown", "problems", "entries",
        "unpublished",
    ]  # fmt: skip
    rows = {(row["source"], row["destination"]): row["ports"] for row in answer["connections"]}
    assert rows == {
        ("internet", "x/Pod/a"): "all", ("x/Pod/a", "internet"): "all", ("x/Pod/a", "x/Pod/b"): {"TCP": "80"},
        ("x/Pod/b", "internet"): "all", ("x/Pod/b", "x/Pod/a"): "all",
    }  # fmt: skip
    assert answer["workloads"][1]["isolated"] == {"ingress": True, "egress": False}


def test_pretty_json_is_the_same_answer(world: Path, run: Run) -> None:
    pretty, compact = run("list", world, "-o", "json", "--pretty")[1], run("list", world, "-o", "json")[1]
    assert json.loads(pretty) == json.loads(compact)


def test_list_narrows_by_namespace_and_by_peer(world: Path, run: Run) -> None:
    rows = json.loads(run("list", world, "-o", "json", "--from", "a", "--to", "x/b")[1])["connections"]
    assert [(row["source"], row["destination"]) for row in rows] == [("x/Pod/a", "x/Pod/b")]
    assert not json.loads(run("list", world, "-o", "json", "-n", "y")[1])["connections"]


@pytest.mark.parametrize("output", ["table", "csv", "dot", "mermaid", "graphml", "svg", "png", "json"])
def test_every_format_writes_to_a_file_in_place(world: Path, run: Run, tmp_path: Path, output: str) -> None:
    out = tmp_path / "answer"
    assert run("list", world, "-o", output, "--out", out)[:2] == (0, "")
    assert out.stat().st_size > 50


def test_nothing_usable_is_exit_2_with_an_answer_in_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n")
    status, out, err = run("list", tmp_path, "-o", "json")
    assert (status, json.loads(out)["workloads"]) == (2, [])
    assert "no workload and no policy" in err
    assert run("list", tmp_path)[0] == 2
    assert run("list", tmp_path / "absent")[0] == 2


def test_strict_fails_on_what_was_not_understood(world: Path, run: Run) -> None:
    (world / "odd.yaml").write_text("kind: Pod\napiVersion: v1\nmetadata: {name: [\n")
    assert run("list", world)[0] == 0
    assert run("list", world, "--strict")[0] == 3


def test_strict_fails_on_a_policy_that_is_set_aside(world: Path, run: Run) -> None:
    (world / "odd.yaml").write_text("apiVersion: example.org/v1\nkind: Unheard\nmetadata: {name: of}\n")
    assert run("list", world, "--strict")[0] == 0
    spec = "{podSelector: {}, ingress: [{ports: [{port: 0}]}]}"
    policy = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: odd}}\nspec: {spec}\n"
    (world / "odd.yaml").write_text(policy)
    assert run("list", world)[0] == 0
    assert run("list", world, "--strict")[0] == 3
    assert run("list", world, "--strict", "-o", "json")[0] == 3
    assert run("serve", world, "--strict", "--port", "0")[0] == 3


def test_standard_input_and_version() -> None:
    command = [sys.executable, "-m", "webapp"]
    done = subprocess.run([*command, "list", "-", "-o", "json"], input=PODS.encode(), capture_output=True, check=True)
    assert len(json.loads(done.stdout)["workloads"]) == 2
    version = subprocess.run([*command, "--version"], capture_output=True, check=True, text=True)
    assert version.stdout.startswith("netpolmap ")


@pytest.mark.parametrize("words", [("--version",), ("list", "{world}", "-o", "json"), ("why", "a", "b:80", "{world}")])
def test_starts_fast_where_nothing_is_drawn(world: Path, words: tuple[str, ...]) -> None:
    """Half a second is promised; heavy libraries must not be imported for a question."""
    code = (
        "import sys; from webapp.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "heavy = {'flask', 'networkx', 'numpy', 'py_mini_racer', 'waitress'} & set(sys.modules)\n"
        "print(heavy, file=sys.stderr); sys.exit(bool(heavy))"
    )
    filled = [word.format(world=world) for word in words]
    best = 9.0
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code, *filled], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        assert done.returncode == 0, done.stderr
    assert best < 0.5 * 2, "seconds of work, twice what is promised: this machine may be slow"


@pytest.mark.parametrize("verb", ["list", "why", "serve"])
def test_help_has_examples(run: Run, verb: str) -> None:
    status, out, _ = run(verb, "--help")
    assert status == 0
    assert "example" in out


def test_list_tells_the_exposure_where_it_is_asked_for(world: Path, run: Run) -> None:
    status, out, _ = run("list", world, "--exposure")
    assert status == 0
    assert "pods with app=a in namespace x  TCP 80" in out
    assert "EXPOSURE" not in run("list", world)[1]
    compact = json.loads(run("list", world, "-o", "json", "--exposure")[1])
    assert json.loads(run("list", world, "-o", "json", "--exposure", "--pretty")[1]) == compact
    told = {(each["workload"], each["direction"]): each for each in compact.pop("exposure")}
    assert compact == json.loads(run("list", world, "-o", "json")[1])
    assert len(told) == 4
    assert [each["ports"] for each in told["x/Pod/b", "ingress"]["peers"]] == [{}, {"TCP": "80"}]
    assert told["x/Pod/b", "egress"]["protected"] is False


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--to", "b"), {("x/Pod/b", "ingress")}),
        (("--from", "a", "--to", "b"), {("x/Pod/a", "egress"), ("x/Pod/b", "ingress")}),
        (("-n", "x", "--from", "a"), {("x/Pod/a", "egress")}),
        (("-n", "y"), set()),
    ],
)
def test_exposure_is_narrowed_with_the_rows(
    world: Path, run: Run, words: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    told = json.loads(run("list", world, "-o", "json", "--exposure", *words)[1])["exposure"]
    assert {(each["workload"], each["direction"]) for each in told} == expected


def test_exposure_is_for_forms_that_hold_it(world: Path, run: Run) -> None:
    status, _, err = run("list", world, "-o", "svg", "--exposure")
    assert status == 2
    assert "--exposure is for" in err


@pytest.mark.parametrize(
    "words",
    [
        ("--reach", "x/a", "--from", "x/b"),
        ("--steps", "2"),
        ("--reach", "x/a", "--exposure"),
        ("--reach", "x/a", "-n", "x"),
    ],
)
def test_what_would_be_passed_over_is_refused(run: Run, world: str, words: tuple[str, ...]) -> None:
    assert run("list", world, *words)[0] == 2


def test_a_kind_that_is_left_out_in_vain_is_told(run: Run, world: str) -> None:
    assert '"cilium" is no kind of policy' in run("list", world, "--ignore-dialect", "cilium")[2]


def test_strict_calls_nothing_allowed_beside_what_was_not_understood(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(PODS + "---\nkind: NetworkPolicy\nmetadata: {name: x\nspec: {}\n")
    assert run("why", "a", "b", str(path))[0] == 0
    assert run("why", "a", "b", str(path), "--strict")[0] == 3
    assert "may be one" in run("list", str(path))[2]


def test_an_address_of_a_pod_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "addressed.yaml"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: "
    path.write_text(f"{pod}a}}\n---\n{pod}b}}\nstatus: {{podIP: 10.0.0.7}}\n")
    assert "it belongs to default/Pod/b" in run("why", "a", "10.0.0.7:80", str(path))[1]
    assert "it belongs to" not in run("why", "a", "10.0.0.8:80", str(path))[1]
