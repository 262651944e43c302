// Short words for states. The sentences about verdicts come from the server; here are only labels.

/** @typedef {"allowed" | "partial" | "unknown" | "blocked"} Verdict */

/** @type {Record<Verdict, string>} */
const VERDICT_WORDS = { allowed: "Allowed", partial: "Some ports", unknown: "Unknown", blocked: "Blocked" };

/** @type {Record<string, string>} */
const PLACES = { source: "at source", target: "at destination", both: "at both ends" };

/** "Blocked at destination", "Some ports". @param {Verdict} verdict @param {string} [blockedAt] */
export function verdictWords(verdict, blockedAt = "") {
  const word = VERDICT_WORDS[verdict] ?? verdict;
  return verdict === "blocked" && PLACES[blockedAt] ? `${word} ${PLACES[blockedAt]}` : word;
}

/** Whether it names a Service, as `svc/NAMESPACE/NAME`, perhaps with a port. @param {string} id */
export function isService(id) {
  return /^svc\/[^/]+\/[^/]+/.test(id);
}

/** "production/Deployment/frontend" -> "frontend"; "svc/shop/web:80" -> "web:80"; other ids stand as they are. @param {string} id */
export function shortName(id) {
  return partsOf(id)?.[2] ?? id;
}

/** "production · Deployment" of a workload's id, "shop · Service"; "" for other ids. @param {string} id */
export function placeOf(id) {
  const parts = partsOf(id);
  if (!parts) return "";
  return isService(id) ? `${parts[1]} · Service` : `${parts[0]} · ${parts[1]}`;
}

/** The three parts of what has a namespace; null for addresses, of which "10.0.0.0/8 except 10.1.0.0/16" has slashes too. @param {string} id */
function partsOf(id) {
  if (isService(id)) return ["svc", id.split("/")[1], id.split("/").slice(2).join("/")];
  const parts = id.split("/");
  return parts.length === 3 && /^[A-Za-z]+$/.test(parts[1] ?? "") ? parts : null;
}

/** "NetworkPolicy shop/web", as the server's sentences name it. @param {import("./types.js").PolicyName} policy */
export function policyName({ kind, namespace, name }) {
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** "TCP 80, 443; UDP 53", "all ports", "no port". @param {import("./types.js").Ports | undefined} ports */
export function portsText(ports) {
  if (ports === "all") return "all ports";
  const texts = Object.entries(ports ?? {}).map(([protocol, spans]) => `${protocol} ${spans === "1-65535" ? "all ports" : spans.replaceAll(",", ", ")}`);
  return texts.join("; ") || "no port";
}

/**
 * What a row allows: "TCP 8080"; of folded namespaces "12 of 340 pairs · TCP 8080"; else its verdict in words.
 * @param {import("./types.js").SceneEdge} edge
 */
export function tellPorts(edge) {
  const counts = edge.pairs && edge.pairs.allowed > 0 ? `${edge.pairs.allowed.toLocaleString("en")} of ${counted(edge.pairs.all, "pair")}` : "";
  return [counts, edge.ports_text].filter(Boolean).join(" · ") || verdictWords(edge.verdict, edge.blocked_at);
}

/** "1 policy", "5 policies". @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/**
 * What a person typed as a port: "", "5432", "53/udp", "UDP 53".
 * @param {string} text @returns {{port: string, protocol: string} | null} null if it is none
 */
export function parsePort(text) {
  const given = text.trim().toUpperCase();
  if (!given || given === "ANY") return { port: "", protocol: "" };
  const found = /^(?:(TCP|UDP|SCTP)[\s/:]+)?(\d{1,5})(?:[\s/]+(TCP|UDP|SCTP))?$/.exec(given);
  const number = Number(found?.[2]);
  if (!found || number < 1 || number > 65535) return null;
  return { port: String(number), protocol: found[1] ?? found[3] ?? "TCP" };
}

/** Where a line is: "policies.yaml:12". @param {{file: string, line: number}} source */
export function lineName(source) {
  return `${source.file.split("/").pop()}:${source.line}`;
}
