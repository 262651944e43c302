"""The shapes of the API's answers, as JSON schemas. They are the contract's, and what the page adds to it."""

from __future__ import annotations

from webapp.explain.codes import MARKS

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
SIZE: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}


def ref(name: str) -> Schema:
    """A schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def word(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def mapping(of: Schema) -> Schema:
    """An object whose keys are data."""
    return {"type": "object", "additionalProperties": of}


def maybe(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def record(required: dict[str, Schema], optional: dict[str, Schema] | None = None, about: str = "") -> Schema:
    """An object with these properties and no others."""
    schema: Schema = {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }
    return schema | {"description": about} if about else schema


_VERDICT = word("allowed", "blocked", "unknown")
_SELECTED: Schema = {"anyOf": [word("any"), ref("Selector")]}
_ISOLATED = record({"ingress": FLAG, "egress": FLAG})
_ENDS = {"source": TEXT, "destination": TEXT}
_POLICY_NAME = record({"kind": TEXT, "namespace": TEXT, "name": TEXT})
_POLICY = record({"kind": TEXT, "namespace": TEXT, "name": TEXT, "source": ref("Source")})
_POLICY_NAMED = record({"kind": TEXT, "namespace": TEXT, "name": TEXT}, {"source": ref("Source")})
_SIDE = record(
    {"verdict": _VERDICT, "steps": array(ref("Step"))},
    {"near_misses": array(ref("NearMiss")), "rules_compared": NUMBER, "rules_in_question": NUMBER},
)
_STATE = word("isolated", "limited", "unknown", "open", "")
_COUNTS = record({"documents_read": NUMBER, "not_understood": NUMBER, "skipped_kinds": mapping(NUMBER)})
_WORKLOAD = record({
    "id": TEXT, "namespace": TEXT, "kind": TEXT, "name": TEXT, "labels": mapping(TEXT), "pods": NUMBER,
    "host_network": FLAG, "isolated": _ISOLATED, "dns": ref("Resolution"),
})  # fmt: skip
_HOP_END = record({
    "open": FLAG, "reasons": array(TEXT), "policies": array(_POLICY), "sentences": array(TEXT),
    "rules": array(record(
        {"policy": _POLICY, "index": NUMBER, "action": TEXT, "source": ref("Source")}, {"name": TEXT},
    )),
})  # fmt: skip
_REACHED = record({"id": TEXT, "steps": NUMBER, "ports": ref("Ports"), "via": TEXT})
_WORD = word("allowed", "partial", "unknown", "blocked")
_DNS_WORD = word("allowed", "some", "unknown", "blocked")
_SERVICE_PORT = record({
    "name": TEXT, "protocol": TEXT, "port": NUMBER, "target": {"anyOf": [NUMBER, TEXT, {"type": "null"}]},
})  # fmt: skip
_TALLY = word("all", "some", "none")
_FACTS = {
    "entries": array(ref("Entry")),
    "unpublished": array(record({"workload": TEXT, "ports": ref("Ports"), "isolated": FLAG})),
}
_COUNTED = ("opened", "cut", "changed", "became_unknown", "became_known")
_ROW_COUNTS = record(dict.fromkeys(_COUNTED, NUMBER))
_PLACE = record({"line": NUMBER, "column": NUMBER})
_MENDED = record(
    {"severity": word("error", "warning", "info"), "code": TEXT, "message": TEXT},
    {
        "object": TEXT, "file": TEXT, "document": NUMBER, "line": NUMBER, "column": NUMBER, "path": TEXT,
        "mend": record({"title": TEXT, "file": TEXT, "from": _PLACE, "to": _PLACE, "text": TEXT}),
    },
    "`mend`: put `text` in the place of what stands between the two places, to be rid of the problem.",
)  # fmt: skip
_QUESTION_ENDS = {"blocked_at": word("", "source", "target", "both"), "egress": _SIDE, "ingress": _SIDE}
_UNLIKE = record({"count": NUMBER, "rows": array(ref("Change"))})
_ANSWER = _ENDS | {"verdict": _VERDICT, "sentences": ref("Sentences")}
_ASKED = {"protocol": TEXT, "port": NUMBER, "ports": ref("Ports"), "unknown_ports": ref("Ports")}
_POLICY_ROW = {
    "id": TEXT, "kind": TEXT, "namespace": TEXT, "name": TEXT, "tier": word("Admin", "NetworkPolicy", "Baseline"),
    "order": NUMBER, "source": ref("Source"), "directions": array(word("ingress", "egress")),
    "isolates": array(word("ingress", "egress")), "selects": NUMBER, "rules": NUMBER, "changes": maybe(NUMBER),
    "marks": array(word(*MARKS)),
    "on": FLAG,
}  # fmt: skip
_POLICY_RULE = {
    "direction": word("ingress", "egress"), "index": NUMBER, "name": TEXT, "action": word("Allow", "Deny", "Pass"),
    "text": TEXT, "source": ref("Source"),
}  # fmt: skip
_RULE_PORTS: dict[str, Schema] = {"ports": ref("Ports")}
_PAIRS = {"blocks": array(record({"sources": array(TEXT), "destinations": array(TEXT)})), "truncated": FLAG}

_EDGE = _ENDS | {
    "verdict": word("allowed", "partial", "unknown", "blocked"), "blocked_at": word("", "source", "target", "both"),
    "ports": ref("Ports"), "ports_text": TEXT, "unknown_ports": ref("Ports"), "reasons": array(TEXT),
    "pairs": maybe(record({"allowed": NUMBER, "all": NUMBER})), "drawn": FLAG, "label": TEXT,
}  # fmt: skip
_HEADS = record({"first": NUMBER, "nodes": array(ref("Node"))})
_DECIDER = record({"reason": TEXT, "text": TEXT}, {"policy": _POLICY, "id": TEXT, "index": NUMBER})

SCHEMAS: dict[str, Schema] = {
    "Error": record({"error": record({"code": TEXT, "message": TEXT}, {"details": {}})}, about="Every error."),
    "Source": record({"file": TEXT, "document": NUMBER, "line": NUMBER}, about="A place in the input, all from 1."),
    "Ports": {
        "anyOf": [word("all"), mapping(TEXT)],
        "description": '"all", or inclusive ranges by protocol: {"TCP": "80,443,8000-8100"}; {} for none.',
    },
    "Problem": record(
        {"severity": word("error", "warning", "info"), "code": TEXT, "message": TEXT},
        {"object": TEXT, "file": TEXT, "document": NUMBER, "line": NUMBER, "column": NUMBER, "path": TEXT},
    ),
    "Finding": record(
        {"code": TEXT, "severity": word("error", "warning", "info"), "object": TEXT, "message": TEXT},
        {
            "file": TEXT, "document": NUMBER, "line": NUMBER, "column": NUMBER, "path": TEXT,
            "related": array(
                record({"message": TEXT}, {"file": TEXT, "document": NUMBER, "line": NUMBER, "column": NUMBER})
            ),
            "reason": TEXT,
        },
        "`reason`: why it is suppressed.",
    ),
    "Lint": record({
        "schema": word("netpolmap/lint/1"), "assumptions": ref("Assumptions"),
        "counts": record({"error": NUMBER, "warning": NUMBER, "info": NUMBER, "suppressed": NUMBER}),
        "findings": array(ref("Finding")), "suppressed": array(ref("Finding")), "problems": array(ref("Problem")),
    }, about="`netpolmap lint -o json`."),
    "Assumptions": record(
        {
            "host_network": word("node", "pod"),
            "ipblock_pods": word("address", "never"),
            "pod_cidrs": array(TEXT),
            "undeclared_namespaces": word("unknown", "unlabelled"),
        },
        {"ignore_dialects": array(TEXT), "ingress_controllers": array(TEXT)},
        "The switches for what the specifications leave open, as they are in force.",
    ),
    "Sample": record({"name": TEXT, "title": TEXT, "description": TEXT}),
    "Created": record({"id": TEXT, "url": TEXT, "summary": ref("Summary")}),
    "Summary": record({
        "name": TEXT, "generation": NUMBER, "workloads": NUMBER, "policies": NUMBER, "namespaces": NUMBER,
        "counts": _COUNTS, "problems": array(ref("Problem")), "assumptions": ref("Assumptions"),
        "unknown": record({"pairs": NUMBER, "more": FLAG, "reasons": mapping(NUMBER)}),
    }, about="`generation` grows when watched files change; `more`: there are more unknown pairs than were counted."),
    "Connections": record({
        "schema": word("netpolmap/connections/1"), "assumptions": ref("Assumptions"),
        "workloads": array(_WORKLOAD),
        "externals": array(record({"id": TEXT, "ranges": array(TEXT)})),
        "connections": array(record(_ENDS | {"ports": ref("Ports")})),
        "unknown": array(record(_ENDS | {"ports": ref("Ports"), "reasons": array(TEXT)})),
        "problems": array(ref("Problem")), **_FACTS,
    }, about="`netpolmap list -o json`."),
    "Names": record(
        {"workloads": array(TEXT), "externals": array(TEXT), "services": array(TEXT)},
        about="Ids, sorted. A Service (`svc/NAMESPACE/NAME`) may be a destination only.",
    ),
    "Vocabulary": record(
        {"labels": mapping(array(TEXT)), "namespaces": mapping(mapping(TEXT)),
         "ports": array(NUMBER), "port_names": array(TEXT)},
        about="What the manifests know, sorted. `labels`: of pods, values by key; `namespaces`: their labels.",
    ),
    "Entry": record({
        "kind": TEXT, "object": TEXT, "namespace": TEXT, "name": TEXT, "hosts": array(TEXT),
        "through": word("controller", "node_port", "load_balancer", "external_ip"), "via": maybe(array(TEXT)),
        "known_by": word("", "chosen", "class", "gateway", "labels"), "service": TEXT, "workload": maybe(TEXT),
        "ports": ref("Ports"), "allowed": ref("Ports"), "unknown": ref("Ports"), "verdict": _WORD, "reason": TEXT,
        "policies": array(_POLICY_NAMED), "notes": array(TEXT),
    }, {"source": ref("Source")}, "A way in: what publishes a workload, through whom, and whether policies let it in."),
    "Resolution": record(
        {"verdict": _WORD, "UDP": _DNS_WORD, "TCP": _DNS_WORD},
        {"reason": TEXT, "policies": array(_POLICY_NAMED), "assumed": FLAG},
        "Whether a workload may ask the cluster's DNS. `assumed`: it is not in the input, a usual one is judged.",
    ),
    "Facts": record(
        {"schema": word("netpolmap/facts/1"), "assumptions": ref("Assumptions"), **_FACTS,
         "dns": mapping(ref("Resolution"))},
        about="What stands beside the connections: ways in, what is open without one, who may resolve names.",
    ),
    "Step": record(
        {"tier": word("Admin", "NetworkPolicy", "Baseline", "default"), "reason": TEXT},
        {
            "policy": _POLICY, "policies": array(_POLICY), "direction": word("ingress", "egress"), "index": NUMBER,
            "name": TEXT, "action": TEXT, "source": ref("Source"), "ports": ref("Ports"),
            "family": word("IPv4", "IPv6"),
            "attempts": array(record({
                "policy": _POLICY, "direction": word("ingress", "egress"), "index": NUMBER, "reason": TEXT,
                "source": ref("Source"),
            })),
        },
    ),
    "NearMiss": record(
        {
            "text": TEXT, "policy": _POLICY, "direction": word("ingress", "egress"), "index": NUMBER,
            "source": ref("Source"),
            "lacks": array(record(
                {"reason": TEXT, "text": TEXT, "path": TEXT},
                {
                    "key": TEXT, "operator": TEXT, "want": array(TEXT), "have": maybe(TEXT),
                    "did_you_mean": record({}, {"key": TEXT, "value": TEXT}), "source": ref("Source"),
                },
            )),
        },
        {"name": TEXT},
        "A rule that would allow what this end blocks but for what it `lacks`; the nearest stands first.",
    ),
    "Sentence": record({
        "text": TEXT, "tone": word("open", "key", "bar", "unknown", "on"), "code": TEXT,
        "tier": word("Admin", "NetworkPolicy", "Baseline", "default"), "policy": maybe(_POLICY_NAME),
        "rule": maybe(NUMBER), "source": maybe(ref("Source")), "details": array(ref("Sentence")),
    }),
    "Sentences": record({
        "headline": TEXT, "egress": array(ref("Sentence")), "ingress": array(ref("Sentence")), "notes": array(TEXT),
    }),
    "Part": record(_ANSWER | _QUESTION_ENDS, _ASKED | {"service_port": _SERVICE_PORT}),
    "Service": record({
        "id": TEXT, "type": TEXT, "headless": FLAG, "backends": _TALLY,
        "ports": array(record({
            "name": TEXT, "protocol": TEXT, "port": NUMBER, "target": {"anyOf": [NUMBER, TEXT, {"type": "null"}]},
            "verdict": _VERDICT, "backends": _TALLY, "reason": TEXT,
        })),
    }, about="A Service that was asked for. `backends`: how many let the source in; `reason`: why there is none."),
    "Verdict": record(
        {"schema": word("netpolmap/verdict/1"), "assumptions": ref("Assumptions")} | _ANSWER | _QUESTION_ENDS,
        _ASKED | {"parts": array(ref("Part")), "service": ref("Service"), "dns": ref("Resolution")},
        "`netpolmap why -o json`, with the reasons as sentences.",
    ),
    "Path": record(
        {
            "schema": word("netpolmap/path/1"), "source": TEXT, "destination": TEXT, "verdict": _VERDICT,
            "hops": array(record(_ENDS | {
                "verdict": _VERDICT, "ports": ref("Ports"), "unknown_ports": ref("Ports"), "only_way": FLAG,
                "egress": _HOP_END, "ingress": _HOP_END,
            })),
            "summary": array(TEXT), "assumptions": ref("Assumptions"),
        },
        {"protocol": TEXT, "port": NUMBER},
        "`netpolmap why --path -o json`. `rules` of an end: those to change to cut the hop; `only_way`: that cuts "
        "every chain.",
    ),
    "Reach": record({
        "schema": word("netpolmap/reach/1"), "workload": TEXT, "direction": word("reach", "reached_by"),
        "steps": maybe(NUMBER), "reached": array(_REACHED), "unknown": array(_REACHED),
        "assumptions": ref("Assumptions"),
    }, about="`list --reach -o json`. `steps`: of the shortest chain; `ports`: of its connection with `via`."),
    "Selector": record({}, {
        "name": TEXT, "matchLabels": mapping(TEXT),
        "matchExpressions": array(record({"key": TEXT, "operator": TEXT}, {"values": array(TEXT)})),
    }, "As Kubernetes writes it; `name`: the one namespace of this name."),
    "Exposure": record({
        "workload": TEXT, "direction": word("ingress", "egress"), "protected": FLAG, "complete": FLAG,
        "peers": array(record({
            "text": TEXT, "namespaces": _SELECTED, "pods": _SELECTED, "ports": ref("Ports"),
            "unknown_ports": ref("Ports"), "names": array(TEXT), "reasons": array(record({
                "reason": TEXT, "tier": word("Admin", "NetworkPolicy", "Baseline", "default"), "policy": _POLICY,
                "source": ref("Source"),
            }, {"direction": word("ingress", "egress"), "index": NUMBER, "action": TEXT})),
        }, {"denied": ref("Ports"), "unknown_names": array(TEXT), "denied_names": array(TEXT)})),
        "addresses": array(record({"id": TEXT, "ports": ref("Ports")}, {"unknown_ports": ref("Ports")})),
    }, about="One end of a workload, whatever the other end says. `peers`: any pod of the cluster, then pods that "
             "differ from it; a pod that fits several has every difference, but what is said of fewer pods goes first. "
             "`names`: ports that are open under that name. `denied`: open to any pod, and not to these."),
    "Exposures": record({"assumptions": ref("Assumptions"), "exposure": array(ref("Exposure"))}),
    "PolicyRow": record(_POLICY_ROW, about="`changes`: how many verdicts would differ without it, null where that was "
                                           "not counted. `on`: it is not switched off."),
    "PolicyRule": record(_POLICY_RULE, _RULE_PORTS),
    "PolicyPairs": record({"pairs": NUMBER, **_PAIRS}, about="Every source of a block with every destination, with "
                          "itself only if it has, or may have, several pods. `truncated`: not all blocks are listed."),
    "Policies": {"anyOf": [
        record({"policies": array(ref("PolicyRow")), "counted": FLAG}),
        record({
            "selected_by": array(record(_POLICY_ROW | {"certain": FLAG, "rule_list": array(ref("PolicyRule"))})),
            "mentioned_by": array(record(_POLICY_RULE | {"policy": TEXT, "certain": FLAG}, _RULE_PORTS)),
        }),
    ], "description": "All policies, `counted` if there was time for all; or those that speak of a workload."},
    "PolicyCard": record(_POLICY_ROW | {
        "selected": array(TEXT), "may_select": array(TEXT), "sources": array(ref("Source")),
        "rule_list": array(record(_POLICY_RULE | {
            "matches": array(TEXT), "may_match": array(TEXT), "decides": ref("PolicyPairs"),
        }, _RULE_PORTS)),
        "changed": ref("PolicyPairs"),
    }, about="`changed`: the pairs whose verdict differs without it. A rule `decides` the pairs that rest on it: it "
             "lets them pass and so does the other end, or it is the one that denies or passes on."),
    "Decides": record({
        "policy": maybe(TEXT), "rule": maybe(record({"direction": word("ingress", "egress"), "index": NUMBER})),
        "pairs": NUMBER, **_PAIRS,
    }, about="Of the rule at a line; where there is none, the pairs that the policy there changes."),
    "Node": record({
        "id": TEXT, "label": TEXT, "kind": TEXT, "namespace": TEXT,
        "type": word("workload", "group", "external", "namespace", "everything"), "isolated": _ISOLATED,
        "state": record({"ingress": _STATE, "egress": _STATE}),
        "pods": NUMBER, "host_network": FLAG, "open": FLAG, "labels": mapping(TEXT), "members": array(TEXT),
        "lines": array(TEXT), "badges": array(TEXT), "group": TEXT,
    }, about="""`state`: isolated by NetworkPolicies, limited by another tier alone, unknown or open; "" where members
    differ. `lines`, `badges`: the small texts on its card. A `group` stands for workloads that are alike; `group` is
    the id of the one that a workload was taken out of."""),
    "Edge": record(_EDGE),
    "Scene": record({
        "svg": TEXT, "width": SIZE, "height": SIZE, "level": word("workloads", "namespaces"),
        "nodes": array(ref("Node")), "edges": array(ref("Edge")),
        "namespaces": array(record({"name": TEXT, "folded": FLAG, "foldable": FLAG, "note": TEXT})),
        "notes": array(TEXT), "counts": mapping(NUMBER),
    }, {"scope": ref("Scope"), "aside": array(record(_EDGE | {"aside": TEXT}))},
        "What is drawn, and the rows of its accessible twin. With a filter or something hidden: what is not shown, "
        "`aside` its rows between what is shown, with the reason (a preset, or `filter`)."),
    "Scope": record({
        "workloads": record({"shown": NUMBER, "all": NUMBER}),
        "paths": record({"shown": NUMBER, "elsewhere": NUMBER, "filtered": NUMBER}),
        "hidden": mapping(NUMBER), "notes": array(TEXT),
    }, about="Paths are ordered pairs that are not wholly blocked; `elsewhere`: with an end that is not shown."),
    "Matrix": record({
        "size": NUMBER, "folds": FLAG, "rows": _HEADS, "columns": _HEADS, "notes": array(TEXT),
        "kinds": array(record({
            "verdict": word("allowed", "partial", "unknown", "blocked", "same", "apart"),
            "blocked_at": word("", "source", "target", "both"), "ports": ref("Ports"), "ports_text": TEXT,
            "unknown_ports": ref("Ports"), "aside": TEXT,
        }, {"pairs": record({"allowed": NUMBER, "unknown": NUMBER, "all": NUMBER})})),
        "cells": array(array(NUMBER)),
        "places": record({"source": maybe(NUMBER), "destination": maybe(NUMBER)}),
    }, {"scope": ref("Scope")}, "Rows are sources. `cells` are numbers of `kinds`, row by row; `size`: of all rows, "
        "and of all columns; `same`: a single pod with itself; `apart`: two address ranges; `aside`: why not shown."),
    "Found": record({
        "workloads": array(TEXT), "paths": array(array(TEXT)),
        "counts": record({"workloads": NUMBER, "all": NUMBER, "paths": NUMBER}),
    }, about="`paths` where the filter speaks of paths, at most 5,000 of `counts.paths`."),
    "FilterWords": record({
        "keys": array(record({"key": TEXT, "about": TEXT, "values": array(TEXT)})),
        "presets": array(record({"name": TEXT, "title": TEXT})),
    }),
    "InputSource": record(
        {"id": NUMBER, "name": TEXT, "documents": NUMBER, "policies": NUMBER, "watched": FLAG},
        about="A reading among several. `watched`: it follows files on the disk, and cannot be removed.",
    ),
    "Sources": record({"sources": array(ref("InputSource"))}),
    "NewSource": record({"source": ref("InputSource"), "summary": ref("Summary")}),
    "Deciders": record({"pairs": array(record(_ENDS | {"egress": array(_DECIDER), "ingress": array(_DECIDER)}))}),
    "PolicyFiles": record({"files": array(record({
        "name": TEXT, "text": TEXT,
        "parts": array(record({"document": NUMBER, "first_line": NUMBER, "line": NUMBER})),
    }))}, about="`line` of the text is `first_line` of that document in the file."),
    "Edit": record({"files": mapping(maybe(TEXT))}, about="New texts of files, which may be new; null: as loaded."),
    "Draft": record({"draft": TEXT, "problems": array(_MENDED), "changes": record({"counts": _ROW_COUNTS})}),
    "NoDraft": record({"draft": {"type": "null"}, "problems": array(_MENDED)}),
    "Change": record(_ENDS | {"before": ref("Ports"), "after": ref("Ports")}, about="Allowed ports of a pair."),
    "Doubt": record(_ENDS | {
        "before": ref("Ports"), "after": ref("Ports"), "before_unknown": ref("Ports"), "after_unknown": ref("Ports"),
    }),
    "Changes": record({
        "schema": word("netpolmap/diff/1"), "opened": array(ref("Change")), "cut": array(ref("Change")),
        "changed": array(ref("Change")), "became_unknown": array(ref("Doubt")), "became_known": array(ref("Doubt")),
        "added_workloads": array(TEXT), "removed_workloads": array(TEXT),
        "externals": array(record({"id": TEXT, "ranges": array(TEXT)})),
        "problems": record({"base": array(ref("Problem")), "head": array(ref("Problem"))}),
        "assumptions": ref("Assumptions"), "counts": _ROW_COUNTS, "truncated": FLAG, "seen_as": mapping(TEXT),
    }, about="`netpolmap diff -o json` from the files as loaded, with how long each list is."),
    "Proposal": record({
        "id": TEXT, "title": TEXT, "note": TEXT, "text": TEXT, "edits": mapping(TEXT), "patch": TEXT, "opened": NUMBER,
        "cut": NUMBER, "unknown": NUMBER, "beyond": NUMBER, "truncated": FLAG,
        "rows": array(record(_ENDS | {"before": ref("Ports"), "after": ref("Ports")}, {
            "before_unknown": ref("Ports"), "after_unknown": ref("Ports"),
        })),
    }, about="A change of policies that was tried. `edits`: the new text of the policies of each file that it changes; "
             "`patch`: the same as a unified diff; `rows`: all that it opens, cuts or makes unknown beside what was "
             "asked; `beyond`: how many other workloads the changed policies select."),
    "Fixes": record({
        "want": word("", "open", "close"), "mixed": FLAG, "ports": ref("Ports"),
        "declared": ref("Ports"), "fixes": array(ref("Proposal")), "why_none": TEXT,
    }, about="The best first. `mixed`: some ports are open, some are not. `declared`: by the destination, where no "
             "port was asked for. `why_none`: why nothing is proposed."),
    "Proposals": record({"fixes": array(ref("Proposal")), "why_none": TEXT}, about="One, or why there is none."),
    "Suggestions": record({
        "wanted": array(record(_ENDS | {
            "ports": ref("Ports"), "verdict": _WORD,
            "reasons": array(record({"reason": word("environment", "published", "allowed"), "text": TEXT})),
        })), "truncated": FLAG,
    }, about="Connections that are probably wanted. `verdict`: of these ports, as things are."),
    "Wanted": record({"wanted": array(record({"source": TEXT, "destination": TEXT}, {"ports": ref("Ports")}))}, {
        "keep": FLAG,
    }, "Names as people write them; a Service may be a destination. Without `ports` those that the destination "
       "declares. `keep`: the NetworkPolicies of these namespaces stay, else the set takes their place."),
    "Generated": record({
        "fixes": array(ref("Proposal")), "why_none": TEXT, "notes": array(TEXT),
        "check": record({"exact": FLAG, "extra": _UNLIKE, "missing": _UNLIKE, "names": NUMBER}),
    }, about="One proposal. `extra`: allowed and not wanted, `missing`: wanted and not allowed; `before` is what is "
             "wanted, `after` what is allowed. `names`: how many workloads may ask the DNS besides."),
    "PolicyText": record({
        "file": TEXT, "document": NUMBER, "first_line": NUMBER, "text": TEXT, "kind": TEXT, "name": TEXT,
    }),
}  # fmt: skip
