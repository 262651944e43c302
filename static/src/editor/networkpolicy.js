// The fields of networking.k8s.io/v1 NetworkPolicy.
import { cidr, list, map, policy, protocol, selector, text, word } from "./fields.js";

const peers = (/** @type {string} */ whom) => list(
  `${whom} One entry is enough: the entries are alternatives. Keys within one entry must all match, so two dashes mean or, one dash means and.`,
  map("Pods, namespaces or addresses. podSelector and namespaceSelector in one entry: pods that match, in namespaces that match.", {
    podSelector: selector("Pods by their labels: of the policy's own namespace, or of the namespaces that namespaceSelector in the same entry names.", "pod-label", {
      missing: "With a namespaceSelector: all pods of those namespaces.", braces: "All pods: of the policy's namespace, or of the selected namespaces.",
    }),
    namespaceSelector: selector("Namespaces by their labels. A namespace has its name as label kubernetes.io/metadata.name.", "namespace-label", {
      missing: "Only the policy's own namespace.", braces: "All namespaces.",
    }),
    ipBlock: map("A range of addresses, whoever has them. It cannot stand with selectors in one entry.", {
      cidr: cidr("The range, as 10.0.0.0/8. All of IPv4 is 0.0.0.0/0, all of IPv6 is ::/0: everything needs both."),
      except: list("Ranges inside the cidr that this entry leaves out. That is no prohibition: another entry, rule or policy may still allow them.", cidr("A range inside the cidr."), { missing: "Nothing is left out.", brackets: "Nothing is left out." }),
    }),
  }, { braces: "An error: an entry must name somebody. To allow everybody, leave the list empty or out." }),
  { missing: "Everybody: all pods, nodes and addresses outside.", brackets: "Everybody, as if it were missing." });

const ports = list("The ports of the destination pod. One entry is enough. A rule matches where both a peer and a port of it match.", map("A port, a range of ports, or all ports of a protocol.", {
  protocol: protocol("TCP"),
  port: text("A number from 1 to 65535, or the name of a container port of the destination. It is the port of the pod, not of a Service.", { live: "port", missing: "All ports of the protocol." }),
  endPort: { doc: "The last port of a range that begins at port, which must be a number. Some network plugins do not support it.", type: "number", live: "port-number", missing: "Only the one port." },
}, { braces: "All TCP ports." }), { missing: "All ports of all protocols.", brackets: "All ports of all protocols, as if it were missing." });

const rules = (/** @type {"from" | "to"} */ side, /** @type {string} */ whom) => list(
  `What the selected pods may ${side === "from" ? "receive" : "send"}. Rules only add up: one that matches is enough, and none forbids.`,
  map("One rule: it allows what matches one of its peers and one of its ports.", { [side]: peers(whom), ports }, { braces: `Everything is allowed ${side === "from" ? "in, from" : "out, to"} outside the cluster too.` }),
  {
    missing: `If the policy applies to ${side === "from" ? "ingress" : "egress"}: it allows nothing.`,
    brackets: `If the policy applies to ${side === "from" ? "ingress" : "egress"}: it allows nothing.${side === "to" ? " Without policyTypes an empty list does not make it apply to egress." : ""}`,
  });

export const networkPolicy = policy("networking.k8s.io/v1", "NetworkPolicy", map("Which pods the policy isolates, and what it allows them.", {
  podSelector: selector("The pods that the policy applies to, of its own namespace. In each direction that it applies to they are isolated: only what some policy allows may pass.", "pod-label", {
    missing: "All pods of the namespace.", braces: "All pods of the namespace.",
  }),
  policyTypes: list("The directions that the policy applies to. Rules of a direction that is not listed are ignored.", word("A direction.", ["Ingress", "Egress"]), {
    missing: "Ingress; and Egress too if there is at least one egress rule.", brackets: "As if it were missing.",
  }),
  ingress: rules("from", "Who may connect."),
  egress: rules("to", "Whom the pods may connect to."),
}));
