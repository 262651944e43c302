// The fields of the cluster-wide policies: AdminNetworkPolicy and BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1)
// and ClusterNetworkPolicy (v1alpha2), which replaces both.
import { cidr, list, map, number, policy, protocol, selector, text, word } from "./fields.js";

const ACTIONS = "Allow, Accept: it may pass this direction, and later tiers are not asked. Deny: it may not. Pass: this tier has no say; the next one is asked.";
const NAMED = "The name of a container port of the destination pod. It matches the protocol and number that the pod gives this name.";

const namespaces = selector("Namespaces by their labels, with all their pods. Pods on the host network never match.", "namespace-label", { braces: "All namespaces." });

/** @param {boolean} optional whether the namespaces may be left out */
const pods = (optional) => map("Pods by their labels, and those of their namespaces. Pods on the host network never match.", {
  namespaceSelector: selector("Which namespaces.", "namespace-label", { missing: optional ? "All namespaces." : "An error: it must be there.", braces: "All namespaces." }),
  podSelector: selector("Which pods of these namespaces.", "pod-label", { missing: "An error: it must be there.", braces: "All pods." }),
});

const subject = (/** @type {boolean} */ optional) => map("The pods that the policy speaks of. Exactly one of the keys. It isolates nobody: what no rule matches goes on to the next tier.", {
  namespaces, pods: pods(optional),
});

/** @param {boolean} optional @param {"from" | "to"} side @param {boolean} names whether domain names may stand there */
function peers(optional, side, names) {
  const away = side === "to" && {
    networks: list("Ranges of addresses. They match pods and nodes with such an address too: put rules for pods first.", cidr("A range, as 10.0.0.0/8.")),
    nodes: selector("Nodes by their labels, by their addresses; pods on their host network too. Experimental.", "namespace-label", { braces: "All nodes." }),
    ...(names && { domainNames: list("Names outside the cluster, as www.example.com or *.example.com, for rules that allow. The names must still be resolved: allow DNS too. Experimental.", text("A name, or *. and the end of names.")) }),
  };
  return list(side === "from" ? "Where it comes from. One entry is enough. Only pods can be named here." : "Where it goes. One entry is enough.",
    map("Exactly one of the keys.", { namespaces, pods: pods(optional), ...away }), { missing: "An error: at least one entry must be there." });
}

const portRange = map("Ports from a first to a last one, both included.", { protocol: protocol("TCP"), start: number("The first port.", { live: "port-number" }), end: number("The last port.", { live: "port-number" }) });

const adminPorts = list("The ports of the destination. One entry is enough.", map("Exactly one of the keys.", {
  portNumber: map("One port.", { protocol: protocol("TCP"), port: number("A number from 1 to 65535.", { live: "port-number" }) }),
  portRange,
  namedPort: text(`${NAMED} Experimental.`, { live: "port-name" }),
}), { missing: "All ports and all protocols.", brackets: "An error: leave it out for all ports." });

const destination = (/** @type {string} */ name) => map(`${name} ports. Exactly one of the keys below destinationPort.`, {
  destinationPort: map("One port, or a range.", {
    number: number("A number from 1 to 65535.", { live: "port-number" }),
    range: map("Ports from a first to a later last one, both included.", { start: number("The first port.", { live: "port-number" }), end: number("The last port, above the first.", { live: "port-number" }) }),
  }, { missing: "An error. For all ports write the range 1 to 65535." }),
}, { braces: "An error. For all ports write the range 1 to 65535." });

const protocols = list("Protocols with their ports. One entry is enough.", map("Exactly one of the keys.", {
  tcp: destination("TCP"), udp: destination("UDP"), sctp: destination("SCTP"), destinationNamedPort: text(NAMED, { live: "port-name" }),
}), { missing: "Everything, ICMP too.", brackets: "An error: leave it out for everything." });

/** @typedef {{actions: string[], optional: boolean, names: boolean, ports: Record<string, import("./fields.js").Field>}} Dialect */

/** @param {"from" | "to"} side @param {Dialect} dialect */
function rules(side, { actions, optional, names, ports }) {
  return list(`Rules for what the subject may ${side === "from" ? "receive" : "send"}, in order: the first that matches decides.`, map("One rule.", {
    name: text("A name for people, at most 100 letters."),
    action: word(ACTIONS, actions),
    [side]: peers(optional, side, names),
    ...ports,
  }), { missing: "It says nothing about this direction.", brackets: "It says nothing about this direction." });
}

/** @param {Dialect} dialect */
const both = (dialect) => ({ subject: subject(dialect.optional), ingress: rules("from", dialect), egress: rules("to", dialect) });

const priority = number("From 0 to 1000. The lower number is asked first. Of equal numbers that disagree the outcome is not defined.");
const V1 = "policy.networking.k8s.io/v1alpha1";

export const adminNetworkPolicy = policy(V1, "AdminNetworkPolicy", map("Rules of the cluster's administrators, asked before NetworkPolicies.", {
  priority, ...both({ actions: ["Allow", "Deny", "Pass"], optional: false, names: true, ports: { ports: adminPorts } }),
}));

export const baselineAdminNetworkPolicy = policy(V1, "BaselineAdminNetworkPolicy", map("What holds where no other policy decides. There is one in a cluster, and its name must be default.", both({
  actions: ["Allow", "Deny"], optional: false, names: false, ports: { ports: adminPorts },
})));

export const clusterNetworkPolicy = policy("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", map("Rules of the cluster's administrators.", {
  tier: word("Admin: asked before NetworkPolicies. Baseline: asked after them, where they do not decide.", ["Admin", "Baseline"]),
  priority, ...both({ actions: ["Accept", "Deny", "Pass"], optional: true, names: true, ports: { protocols } }),
}));
