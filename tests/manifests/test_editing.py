"""Readings changed: what stays, what goes, and that the result is as if it had been written so."""

from __future__ import annotations

from webapp.analysis import Analysis, evaluate
from webapp.manifests import COMMAND_LINE_BUDGET, Intake, SourceFile, read
from webapp.manifests.editing import edited, joined, policy_files, policy_ids, without

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: n, labels: {app: %s}}\n"
HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %s, namespace: n}\nspec:\n"
DENY = "# nobody may enter\n" + HEAD % "deny" + "  podSelector: {}\n  policyTypes: [Ingress]\n"
ALLOW = HEAD % "allow" + "  podSelector: {matchLabels: {app: a}}\n  ingress: [{}]\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: aHVzaA==}\n"


def _read(**files: str) -> Intake:
    return read([SourceFile(f"{name}.yaml", text.encode()) for name, text in files.items()], COMMAND_LINE_BUDGET)


def _pairs(intake: Intake) -> set[tuple[str, str]]:
    found: Analysis = evaluate(intake)
    return {(c.source, c.destination) for c in found.connections() if "/" in c.source and "/" in c.destination}


BOTH = POD % ("a", "a") + "---\n" + SECRET + "---\n" + DENY + "---\n" + POD % ("b", "b") + "---\n" + ALLOW


def test_the_text_of_a_file_is_its_policies_and_knows_their_lines() -> None:
    (file,) = policy_files(_read(all=BOTH))
    assert file.text == DENY + "---\n" + ALLOW
    lines, original = file.text.split("\n"), BOTH.split("\n")
    assert [part.document for part in file.parts] == [3, 5]
    for part in file.parts:
        assert lines[part.line - 1 : part.line + 5] == original[part.first_line - 1 : part.first_line + 5]


def test_policies_of_a_list_become_documents() -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n"
    for text in (POD % ("a", "a"), DENY, SECRET, ALLOW):
        listed += "- " + text.replace("# nobody may enter\n", "").strip().replace("\n", "\n  ") + "\n"
    (file,) = policy_files(_read(all=listed))
    assert file.text == DENY.replace("# nobody may enter\n", "") + "---\n" + ALLOW
    assert "aHVzaA" not in file.text
    assert listed.split("\n")[file.parts[1].first_line - 1] == "- " + file.text.split("\n")[file.parts[1].line - 1]
    assert policy_ids(edited(_read(all=listed), {"all.yaml": file.text})) == policy_ids(_read(all=listed))


def test_policies_of_minified_json_become_documents() -> None:
    items = ",".join(
        '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",'
        f'"metadata":{{"name":"{name}","namespace":"n"}},"spec":{{"podSelector":{{}}}}}}'
        for name in ("x", "y")
    )
    text = '{"kind":"List","apiVersion":"v1","items":[' + items + "]}"
    intake = _read(all=text)
    (file,) = policy_files(intake)
    assert file.text.count("---\n") == 1
    assert policy_ids(edited(intake, {"all.yaml": file.text})) == policy_ids(intake)


def test_an_edit_gives_what_the_edited_files_give() -> None:
    intake = _read(all=BOTH)
    assert _pairs(intake) == {("n/Pod/b", "n/Pod/a")}
    opened = edited(intake, {"all.yaml": ALLOW})
    assert _pairs(opened) == {("n/Pod/b", "n/Pod/a"), ("n/Pod/a", "n/Pod/b")}
    assert opened.counts.documents_read == intake.counts.documents_read - 1
    closed = edited(intake, {"more.yaml": DENY.replace("name: deny", "name: other")})
    assert policy_ids(closed) == policy_ids(intake) | {"NetworkPolicy/n/other"}
    assert _pairs(edited(intake, {"all.yaml": ""})) == {("n/Pod/b", "n/Pod/a"), ("n/Pod/a", "n/Pod/b")}


def test_problems_of_what_was_replaced_go_and_those_of_the_rest_stay() -> None:
    twice = DENY.replace("  policyTypes: [Ingress]\n", "  podSelector: {}\n")
    pod = POD % ("a", "a") + "spec: {}\nspec: {}\n"
    intake = _read(all=twice + "---\n" + pod)
    assert [problem.object for problem in intake.problems] == ["NetworkPolicy n/deny", "Pod n/a"]
    assert [problem.object for problem in edited(intake, {"all.yaml": DENY}).problems] == ["Pod n/a"]


def test_a_policy_can_be_left_out() -> None:
    intake = _read(all=BOTH)
    assert policy_ids(intake) == {"NetworkPolicy/n/deny", "NetworkPolicy/n/allow"}
    assert _pairs(without(intake, {"NetworkPolicy/n/deny"})) == {("n/Pod/b", "n/Pod/a"), ("n/Pod/a", "n/Pod/b")}
    assert without(intake, {"NetworkPolicy/n/nobody"}).documents == intake.documents


def test_readings_that_are_joined_do_not_take_over_each_others_policies() -> None:
    one = _read(one=POD % ("a", "a") + "---\n" + ALLOW)
    two = _read(
        two=POD % ("b", "b") + "---\n" + ALLOW.replace("allow", "b").replace("app: a", "app: b").replace("[{}]", "[]")
    )
    assert (
        _pairs(joined([one, two]))
        == _pairs(
            _read(
                one=POD % ("a", "a") + "---\n" + ALLOW,
                two=POD % ("b", "b")
                + "---\n"
                + ALLOW.replace("allow", "b").replace("app: a", "app: b").replace("[{}]", "[]"),
            )
        )
        == {("n/Pod/b", "n/Pod/a")}
    )
