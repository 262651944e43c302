// What the server knows beside verdicts: ways in, names, and pods that are not in the input. The shapes, and the few
// words for them. Pure.
import { shortName } from "./words.js";

/** @typedef {import("./types.js").Ports} Ports */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {import("./types.js").PolicyName & {source?: Source}} Policy */
/**
 * @typedef {object} Entry a way in
 * @property {string} kind @property {string} object @property {string} namespace @property {string} name
 * @property {string[]} hosts @property {"controller" | "node_port" | "load_balancer" | "external_ip"} through
 * @property {string[] | null} via @property {string} known_by @property {string} service
 * @property {string | null} workload @property {Ports} ports @property {Ports} allowed @property {Ports} unknown
 * @property {import("./words.js").Verdict} verdict @property {string} reason @property {Policy[]} policies
 * @property {string[]} notes @property {Source} [source]
 */
/** @typedef {{workload: string, ports: Ports, isolated: boolean}} Unpublished */
/** @typedef {{verdict: string, UDP: string, TCP: string, reason?: string, policies?: Policy[], assumed?: boolean}} Resolution */
/** @typedef {{entries: Entry[], unpublished: Unpublished[], dns: Record<string, Resolution>}} Facts */
/** @typedef {{reason: string, policy: Policy, source: Source, index?: number, action?: string}} Because */
/**
 * @typedef {object} Peers pods that are not in the input
 * @property {string} text @property {Ports} ports @property {Ports} unknown_ports @property {Ports} [denied]
 * @property {string[]} names @property {string[]} [unknown_names] @property {string[]} [denied_names]
 * @property {Because[]} reasons
 */
/**
 * @typedef {object} Exposure one end of a workload
 * @property {string} workload @property {"ingress" | "egress"} direction @property {boolean} protected
 * @property {boolean} complete @property {Peers[]} peers
 * @property {{id: string, ports: Ports, unknown_ports?: Ports}[]} addresses
 */

const THROUGH = { node_port: "through a NodePort", load_balancer: "through a load balancer", external_ip: "through an external address" };

/** "TCP 80, 443; UDP 53", "all ports"; "" for none. @param {Ports | undefined} ports */
export function portsText(ports) {
  if (!ports) return "";
  if (ports === "all") return "all ports";
  return Object.entries(ports).map(([protocol, spans]) => `${protocol} ${spans === "1-65535" ? "all ports" : spans.replaceAll(",", ", ")}`).join("; ");
}

/** Who carries the traffic of a way in. @param {Entry} entry */
export function throughText(entry) {
  if (entry.through !== "controller") return THROUGH[entry.through];
  return entry.via?.length ? `through ${entry.via.map(shortName).join(", ")}` : "through a controller that is not known";
}

/** Whether a way in is let in. @param {Entry} entry */
export function entryVerdict(entry) {
  if (!entry.workload && entry.verdict === "blocked") return "leads nowhere";
  const open = portsText(entry.allowed);
  return { allowed: "let in", partial: `only ${open} let in`, unknown: "not known whether it is let in", blocked: "not let in" }[entry.verdict];
}

/** Whether a workload may resolve names, as a sentence. @param {Resolution} found */
export function resolutionText(found) {
  const place = found.assumed ? "the cluster's DNS (not in the input; judged as most clusters have it)" : "the cluster's DNS";
  if (found.reason === "is_dns") return "It is the cluster's DNS itself.";
  if (found.verdict === "allowed") return `It may ask ${place} on port 53, UDP and TCP.`;
  if (found.verdict === "blocked") return `It may not ask ${place}, neither by UDP nor by TCP.`;
  if (found.verdict === "unknown") return `Whether it may ask ${place} is not known.`;
  const words = /** @type {Record<string, string>} */ ({ allowed: "may pass", blocked: "may not", unknown: "is not known", some: "reaches some servers only" });
  return `Towards ${place}, ${/** @type {const} */ (["UDP", "TCP"]).map((protocol) => `${protocol} 53 ${words[found[protocol]] ?? found[protocol]}`).join(" and ")}.`;
}

/**
 * What is open to some pods, by number and by name: "TCP 80", "ports named http/TCP; not TCP 22", "nothing".
 * @param {Peers} peers
 */
export function peersPorts(peers) {
  const named = (/** @type {string[] | undefined} */ names) => (names?.length ? `ports named ${names.join(" and ")}` : "");
  const open = [portsText(peers.ports), named(peers.names)].filter(Boolean).join(" and ");
  const unknown = [portsText(peers.unknown_ports), named(peers.unknown_names)].filter(Boolean).join(" and ");
  const denied = [portsText(peers.denied), named(peers.denied_names)].filter(Boolean).join(" and ");
  const parts = [open, unknown && `unknown: ${unknown}`, denied && `not ${denied}`].filter(Boolean);
  return parts.join("; ") || "nothing";
}

/** How it looks: open, unknown or closed. @param {Peers} peers @returns {"allowed" | "unknown" | "blocked"} */
export function peersLook(peers) {
  if (portsText(peers.ports) || peers.names.length) return "allowed";
  return portsText(peers.unknown_ports) || peers.unknown_names?.length ? "unknown" : "blocked";
}

/** {workload: what publishes it in vain}: policies let nothing in on that way. @param {Entry[]} entries @returns {Map<string, string[]>} */
export function shutWorkloads(entries) {
  /** @type {Map<string, string[]>} */ const found = new Map();
  for (const { workload, verdict, object } of entries) {
    if (workload && verdict === "blocked") found.set(workload, [...new Set([...(found.get(workload) ?? []), object])]);
  }
  return found;
}

/** Ways in that no pod stands behind. @param {Entry[]} entries */
export function brokenEntries(entries) {
  return entries.filter((entry) => !entry.workload);
}
