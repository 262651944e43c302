"""Documents become an inventory (spec §1.2, §1.3, §8)."""

from __future__ import annotations

import random

import pytest

from tests.manifests.reading import codes, endpoints, inventory, read_text
from webapp.manifests import inventory_of
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.labels import PRESENT, Match, Requirement, Selector

HASH = "pod-template-hash"


def pod(
    name: str, *, owner: str = "", labels: str = "app: a", status: str = "", spec: str = "", namespace: str = "n"
) -> str:
    references = (
        f"  ownerReferences: [{{kind: {owner.split('/')[0]}, name: {owner.split('/')[1]}, controller: true}}]\n"
        if owner
        else ""
    )
    return (
        f"---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: {namespace}\n"
        f"  labels: {{{labels}}}\n{references}"
        f"spec: {{containers: [{{name: c}}]{', ' + spec if spec else ''}}}\nstatus: {{{status}}}\n"
    )  # fmt: skip


def workload(
    kind: str,
    name: str,
    *,
    api: str = "apps/v1",
    spec: str = "",
    labels: str = "app: a",
    owner: str = "",
    template: str = "",
) -> str:
    references = (
        f", ownerReferences: [{{kind: {owner.split('/')[0]}, name: {owner.split('/')[1]}, controller: true}}]"
        if owner
        else ""
    )
    return (
        f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, namespace: n{references}}}\nspec:\n"
        + (f"  {spec}\n" if spec else "")
        + f"  template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: c}}]{template}}}}}\n"
    )


def one(text: str, **options: object) -> Endpoint:
    (listed,) = endpoints(text, **options).values()
    (endpoint,) = listed
    return endpoint


# ---------------------------------------------------------------- owners


def test_pods_fold_through_a_known_replicaset() -> None:
    text = workload("ReplicaSet", "web-abc", owner="Deployment/web") + pod("web-abc-1", owner="ReplicaSet/web-abc")
    assert list(endpoints(text)) == ["n/Deployment/web"]


def test_pods_fold_through_an_unknown_replicaset_by_their_hash() -> None:
    live = pod("web-abc-1", owner="ReplicaSet/web-abc", labels=f"app: a, {HASH}: abc")
    assert list(endpoints(live)) == ["n/Deployment/web"]
    assert list(endpoints(live.replace(f"{HASH}: abc", f"{HASH}: x"))) == ["n/ReplicaSet/web-abc"]
    assert list(endpoints(pod("r-1-1", owner="ReplicaSet/r-1", labels="rollouts-pod-template-hash: '1'"))) == [
        "n/Rollout/r"
    ]


@pytest.mark.parametrize(
    ("owner", "labels", "expected"),
    [("Job/j", "a: b", "n/Job/j"), ("Node/host", "a: b", "n/Pod/p"), ("StatefulSet/s", "a: b", "n/StatefulSet/s"),
     ("ReplicationController/dc-1", "deploymentconfig: dc", "n/DeploymentConfig/dc"),
     ("Sidecar/x", "a: b", "n/Sidecar/x")],
)  # fmt: skip
def test_owners(owner: str, labels: str, expected: str) -> None:
    assert list(endpoints(pod("p", owner=owner, labels=labels))) == [expected]


def test_jobs_fold_into_their_cronjob() -> None:
    job = workload("Job", "j-1", api="batch/v1", owner="CronJob/j")
    assert list(endpoints(job)) == ["n/CronJob/j"]
    assert list(endpoints(job + pod("j-1-x", owner="Job/j-1"))) == ["n/CronJob/j"]
    assert list(endpoints(workload("Job", "j-1", api="batch/v1"))) == ["n/Job/j-1"]


def test_a_loop_of_owners_ends() -> None:
    text = workload("ReplicaSet", "a", owner="ReplicaSet/b") + workload("ReplicaSet", "b", owner="ReplicaSet/a")
    assert len(endpoints(text + pod("p", owner="ReplicaSet/a"))) >= 1


def test_live_pods_replace_the_template() -> None:
    text = workload("Deployment", "web", spec="replicas: 5") + "".join(
        pod(f"web-abc-{i}", owner="ReplicaSet/web-abc", labels=f"app: a, {HASH}: abc") for i in range(2)
    )
    (listed,) = endpoints(text).values()
    assert [(each.pod_name, each.live, each.pods) for each in listed] == [
        ("web-abc-0", True, 1),
        ("web-abc-1", True, 1),
    ]


# ---------------------------------------------------------------- completed, scaled to zero, copies


def test_completed_pods_are_no_endpoints() -> None:
    done = pod("j-x", owner="Job/j", status="phase: Succeeded, podIP: 10.0.0.1")
    lone = one(done)
    assert (lone.pods, lone.addresses, lone.live, lone.labels.known) == (0, (), False, {"app": "a"})
    judged = one(workload("Job", "j", api="batch/v1", labels="app: template") + done)
    assert (judged.pods, judged.labels.known) == (0, {"app": "template"})
    (alive,) = endpoints(done + pod("j-y", owner="Job/j", status="phase: Running")).values()
    assert [each.pod_name for each in alive] == ["j-y"]


@pytest.mark.parametrize(
    ("text", "pods"),
    [(workload("Deployment", "a"), 1), (workload("Deployment", "a", spec="replicas: 3"), 3),
     (workload("Deployment", "a", spec="replicas: 0"), 0), (workload("ReplicaSet", "a", spec="replicas: 2"), 2),
     (workload("Job", "a", api="batch/v1", spec="parallelism: 4"), 4),
     (workload("Job", "a", api="batch/v1", spec="suspend: true"), 0),
     (workload("StatefulSet", "a", spec="replicas: 100000"), 100_000),
     (workload("Deployment", "a", spec="replicas: 0x10"), 16)],
)  # fmt: skip
def test_copies(text: str, pods: int) -> None:
    assert one(text).pods == pods


def test_cronjobs() -> None:
    text = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: n}\n"
        "spec:\n  suspend: %s\n  jobTemplate: {spec: {template: {metadata: {labels: {app: c}}}}}\n"
    )
    running, suspended = one(text % "false"), one(text % "true")
    assert (running.pods, suspended.pods, running.labels.known) == (1, 0, {"app": "c"})


def test_daemonsets_have_a_pod_a_node_or_more() -> None:
    nodes = "".join(f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: n{i}}}\n" for i in range(3))
    daemon = one(workload("DaemonSet", "d"))
    assert (daemon.pods, daemon.may_have_more) == (1, True)
    assert one(workload("DaemonSet", "d") + nodes).pods == 3


def test_replicas_that_are_no_number_are_told() -> None:
    found, problems = inventory(workload("Deployment", "a", spec="replicas: '3'"))
    assert (found.endpoints[0].pods, problems[0].code, problems[0].path) == (1, "bad_replicas", "spec.replicas")


def test_a_rollout_uses_the_template_it_refers_to() -> None:
    rollout = (
        "---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: n}\n"
        "spec: {workloadRef: {kind: Deployment, name: d}}\n"
    )
    found = endpoints(rollout + workload("Deployment", "d", spec="replicas: 0"))
    assert found["n/Rollout/r"][0].labels.known == {"app": "a"}


# ---------------------------------------------------------------- labels


def test_run_time_labels_are_unknown_where_a_selector_asks_for_them() -> None:
    text = workload("Deployment", "a")
    assert one(text, used_label_keys=frozenset()).labels.certain
    labels = one(text, used_label_keys={HASH}).labels
    assert labels.unknown == {HASH: PRESENT}
    assert Selector((Requirement(HASH, "Exists"),)).match(labels) is Match.YES
    assert Selector((Requirement(HASH, "In", ("x",)),)).match(labels) is Match.MAYBE


def test_run_time_labels_that_can_be_computed() -> None:
    job = one(workload("Job", "j", api="batch/v1"), used_label_keys={"job-name"})
    assert job.labels.known["job-name"] == "j"


def test_replicas_of_a_statefulset_are_apart_where_selectors_tell_them_apart() -> None:
    text = workload("StatefulSet", "db", spec="replicas: 100000")
    name = "statefulset.kubernetes.io/pod-name"
    (listed,) = endpoints(
        text, used_label_keys={name}, used_label_values={name: {"db-3", "db-100000", "web-1", "db-x"}}
    ).values()
    assert [(each.labels.known[name], each.pods) for each in listed] == [("db-3", 1), ("db-0", 99_999)]
    (many,) = endpoints(text, used_label_keys={name}).values()
    assert many[0].labels.unknown == {name: PRESENT}
    (few,) = endpoints(workload("StatefulSet", "db", spec="replicas: 3"), used_label_keys={name}).values()
    assert [each.labels.known[name] for each in few] == ["db-0", "db-1", "db-2"]
    index = "apps.kubernetes.io/pod-index"
    (started,) = endpoints(
        text.replace("replicas: 100000", "replicas: 2\n  ordinals: {start: 5}"),
        used_label_keys={index}, used_label_values={index: {"5", "0"}},
    ).values()  # fmt: skip
    assert [(each.labels.known[index], each.pods) for each in started] == [("5", 1), ("6", 1)]


@pytest.mark.parametrize("value", ["1", "true", "yes", "1.5", "0777", ".inf", "{a: b}", "[a]"])
@pytest.mark.parametrize(
    "make",
    [lambda v: pod("p", labels=f"v: {v}, app: a"), lambda v: workload("Deployment", "p", labels=f"v: {v}, app: a")],
)
def test_labels_that_are_no_texts_are_unknown(value: str, make: object) -> None:
    found, problems = inventory(make(value))  # type: ignore[operator]
    labels = found.endpoints[0].labels
    assert (labels.known, labels.unknown) == ({"app": "a"}, {"v": PRESENT})
    assert problems[0].code == "wrong_type"
    assert problems[0].path.endswith("metadata.labels.v")


def test_a_null_label_is_empty() -> None:
    assert one(pod("p", labels="v: , app: ~")).labels.known == {"v": "", "app": ""}


def test_labels_that_are_no_mapping_are_open() -> None:
    found, problems = inventory("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: [x]}\n")
    assert found.endpoints[0].labels.open
    assert problems[0].code == "wrong_type"


def test_a_label_written_twice_is_one_of_its_values() -> None:
    labels = one(pod("p", labels="app: a, app: b, x: y")).labels
    assert (labels.known, labels.unknown) == ({"x": "y"}, {"app": ("a", "b")})
    assert one(pod("p", labels="app: a, app: a")).labels.known == {"app": "a"}


def test_an_unrelated_duplicate_changes_nothing() -> None:
    text = pod("p") + "spec: {containers: [{name: c, ports: [{name: x, containerPort: 1}]}]}\n"
    endpoint = one(text)
    assert endpoint.labels.known == {"app": "a"}
    assert endpoint.ports == (NamedPort("x", "TCP", 1),)


# ---------------------------------------------------------------- ports, addresses


def test_ports_with_and_without_a_name() -> None:
    spec = """
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  initContainers:
  - {name: i, ports: [{name: init, containerPort: 1}]}
  - {name: s, restartPolicy: Always, ports: [{name: sidecar, containerPort: 2}]}
  containers:
  - {name: c, ports: [{name: m, containerPort: 8080}, {name: u, containerPort: 53, protocol: UDP}, {containerPort: 9}]}
  - {name: d, ports: [{name: m, containerPort: 9090}]}
"""
    assert one(spec).ports == (
        NamedPort("m", "TCP", 8080), NamedPort("u", "UDP", 53), NamedPort("", "TCP", 9), NamedPort("m", "TCP", 9090),
        NamedPort("sidecar", "TCP", 2),
    ), "in the order of the containers, for a Service takes the first"  # fmt: skip


@pytest.mark.parametrize(
    ("port", "code", "path"),
    [("containerPort: '80'", "bad_port", "containerPort"), ("containerPort: 0", "bad_port", "containerPort"),
     ("containerPort: 65536", "bad_port", "containerPort"), ("containerPort: http", "bad_port", "containerPort"),
     ("containerPort: " + "9" * 5000, "bad_port", "containerPort"),
     ("containerPort: .nan", "bad_port", "containerPort"),
     ("containerPort: 80, protocol: tcp", "bad_protocol", "protocol"),
     ("containerPort: 80, protocol: [x]", "bad_protocol", "protocol")],
)  # fmt: skip
def test_bad_ports_are_told_and_the_pod_stays(port: str, code: str, path: str) -> None:
    ports = f"[{{name: x, {port}}}, {{name: y, containerPort: 1}}]"
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{ports: {ports}}}]}}\n"
    found, problems = inventory(text)
    assert found.endpoints[0].ports == (NamedPort("y", "TCP", 1),)
    (problem,) = [each for each in problems if each.code != "undeclared_namespace"]
    assert (problem.code, problem.path) == (code, f"spec.containers[0].ports[0].{path}")
    assert len(problem.message) < 400


def test_addresses() -> None:
    dual = one(pod("p", status='podIPs: [{ip: 10.0.0.1}, {ip: "2001:db8::1"}], podIP: 10.0.0.1'))
    assert dual.addresses == ("10.0.0.1", "2001:db8::1")
    found, problems = inventory(pod("p", status="podIP: 10.0.0.300"))
    assert (found.endpoints[0].addresses, problems[0].code) == ((), "bad_address")
    host = one(pod("p", spec="hostNetwork: true, nodeName: k"))
    assert (host.host_network, host.node) == (True, "k")


# ---------------------------------------------------------------- given twice


def test_the_same_object_twice_is_one() -> None:
    found, problems = inventory(pod("p", status="phase: Running") + pod("p", status="phase: Running, podIP: 10.0.0.1"))
    assert [each.addresses for each in found.endpoints] == [("10.0.0.1",)]
    assert codes(problems) == ["undeclared_namespace"]


def test_an_object_twice_with_different_content_is_unknown_where_it_differs() -> None:
    text = pod("p", labels="app: a, tier: x") + pod("p", labels="app: a, tier: y, more: z")
    found, problems = inventory(text)
    (endpoint,) = found.endpoints
    assert endpoint.labels.known == {"app": "a"}
    assert endpoint.labels.unknown == {"tier": ("x", "y"), "more": (None, "z")}
    assert "duplicate_object" in codes(problems)
    assert one(
        workload("Deployment", "d", labels="a: b") + workload("Deployment", "d", labels="a: c")
    ).labels.unknown == {"a": ("b", "c")}


# ---------------------------------------------------------------- namespaces, nodes, pools, services


def test_namespaces() -> None:
    text = (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: n, labels: {team: a, kubernetes.io/metadata.name: wrong}}\n"
    )
    found, problems = inventory(text + pod("p") + pod("q", namespace="other"), extra_namespaces=("third",))
    assert {name: (space.declared, space.labels.open) for name, space in found.namespaces.items()} == {
        "n": (True, False), "other": (False, True), "third": (False, True),
    }  # fmt: skip
    assert found.namespaces["n"].labels.known == {"team": "a", "kubernetes.io/metadata.name": "n"}
    assert codes(problems) == ["undeclared_namespace", "undeclared_namespace"]
    unlabelled, _ = inventory(pod("p"), undeclared_namespaces="unlabelled")
    assert unlabelled.namespaces["n"].labels.certain


def test_a_missing_namespace_is_default() -> None:
    assert list(endpoints("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")) == ["default/Pod/a"]


def test_nodes_and_pools() -> None:
    text = """\
apiVersion: v1
kind: Node
metadata: {name: k, labels: {zone: z}}
spec: {podCIDR: 10.1.0.0/24, podCIDRs: [10.1.0.0/24, "fd00::/64"]}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}, {type: Hostname, address: k}]}
---
apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata: {name: p}
spec: {cidr: 10.2.0.0/16}
---
apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata: {name: q}
spec: {cidr: 10.3.0.0/16, disabled: true}
"""
    found, problems = inventory(text)
    assert found.pod_cidrs == ("10.1.0.0/24", "10.2.0.0/16", "fd00::/64")
    assert (found.nodes[0].addresses, found.nodes[0].labels.known, problems) == (("192.168.0.1",), {"zone": "z"}, ())


def test_services() -> None:
    spec = "{selector: {app: a}, ports: [{port: 80, targetPort: http}, {port: 1}]}"
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: n}}\nspec: {spec}\n"
    (service,) = inventory(text)[0].services
    assert service.selector == {"app": "a"}
    assert [(port.number, port.target) for port in service.ports] == [(80, "http"), (1, None)]


# ---------------------------------------------------------------- all together


def test_odd_objects_never_raise() -> None:
    odd = ["", "~", "1", "[]", "{}", "[1]", "{a: 1}", "'x'", "[[]]", "[{}]"]
    paths = ["metadata: %s", "metadata: {name: a, labels: %s}", "metadata: {name: a, ownerReferences: %s}", "spec: %s",
             "spec: {containers: %s}", "spec: {containers: [{ports: %s}]}", "spec: {template: %s}", "status: %s",
             "spec: {hostNetwork: %s}",
             "spec: {template: {spec: %s}}", "status: {podIPs: %s}", "status: {podIPs: [{ip: %s}]}",
             "spec: {jobTemplate: %s}",
             "spec: {ports: %s}", "spec: {podCIDRs: %s}", "status: {addresses: %s}", "metadata: {name: %s}",
             "metadata: {namespace: %s, name: a}"]  # fmt: skip
    kinds = [
        "v1 Pod",
        "apps/v1 Deployment",
        "apps/v1 StatefulSet",
        "batch/v1 CronJob",
        "v1 Node",
        "v1 Namespace",
        "v1 Service",
    ]
    for kind in kinds:
        version, name = kind.split()
        text = "".join(f"---\napiVersion: {version}\nkind: {name}\n{path % value}\n" for path in paths for value in odd)
        intake = read_text(text)
        assert intake.counts.not_understood == 0
        inventory_of(intake.documents)


def test_order_does_not_matter() -> None:
    text = "".join(
        [workload("Deployment", "web"), workload("ReplicaSet", "web-abc", owner="Deployment/web"),
         workload("StatefulSet", "db"),
         pod("web-abc-1", owner="ReplicaSet/web-abc"), pod("web-abc-2", owner="ReplicaSet/web-abc"),
         pod("p", labels="a: b"),
         pod("p", labels="a: c"), pod("p", labels="a: b", status="podIP: 1.2.3.4"), pod("x", status="phase: Failed"),
         pod("y", owner="Job/j", status="phase: Failed"),
         pod("z", owner="Job/j", status="phase: Failed", labels="k: v"),
         workload("Deployment", "two", labels="a: b"),
         workload("Deployment", "two", labels="a: c", template=", hostNetwork: true")]
    )  # fmt: skip
    documents = list(read_text(text).documents)
    first = [each._replace(source=None) for each in inventory_of(documents, used_label_keys=())[0].endpoints]
    for seed in range(20):
        random.Random(seed).shuffle(documents)
        found, problems = inventory_of(documents, used_label_keys=())
        assert [each._replace(source=None) for each in found.endpoints] == first
        assert sorted(codes(problems)) == ["duplicate_object", "duplicate_object", "undeclared_namespace"]
