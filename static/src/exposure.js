// Details of a workload: what it would accept from, or may send to, pods that are not in the input.
import { el, fill, icon } from "./dom.js";
import { peersLook, peersPorts, portsText } from "./facts.js";
import { lineLink } from "./reasons.js";
import { counted } from "./words.js";

/** @typedef {import("./facts.js").Exposure} Exposure */
/** @typedef {import("./facts.js").Peers} Peers */
/** @typedef {import("./facts.js").Because} Because */
/** @typedef {(source: import("./types.js").Source) => void} OnSource */

const TITLES = { ingress: "Accepts from", egress: "May send to" };
const FEW_REASONS = 2;

/** @param {HTMLElement} host @param {Exposure[]} told @param {OnSource} onSource */
export function showExposure(host, told, onSource) {
  fill(host,
    el("h3", {}, "Pods that are not in the manifests"),
    el("p", { class: "quiet" }, "What its own policies say of them, and of addresses. Who fits several lines differs in each of these ways; the line for fewer pods goes first."),
    told.map((end) => el("div", { class: "exposed", "data-testid": `exposure-${end.direction}` }, el("h4", {}, TITLES[end.direction]), oneEnd(end, onSource))));
}

/** @param {Exposure} end @param {OnSource} onSource */
function oneEnd(end, onSource) {
  if (!end.protected) return el("p", { class: "note bare" }, icon("unlock"), el("span", {}, "Everyone, all ports: no policy selects it."));
  return [
    el("ul", { class: "entries" },
      end.peers.map((peers) => line(peersLook(peers), peers.text, peersPorts(peers), reasons(peers, onSource))),
      end.addresses.map((address) => {
        const open = portsText(address.ports);
        const unknown = portsText(address.unknown_ports);
        return line(open ? "allowed" : "unknown", `addresses ${address.id}`, [open, unknown && `unknown: ${unknown}`].filter(Boolean).join("; "), null);
      })),
    !end.complete && el("p", { class: "quiet" }, "More selectors meet here than are combined: pods that several of these lines fit may differ."),
  ];
}

/** @param {"allowed" | "unknown" | "blocked"} look @param {string} who @param {string} ports @param {Node | null} why */
function line(look, who, ports, why) {
  return el("li", { class: "entry" }, el("span", { class: `verdict ${look}` }, icon(look)),
    el("div", {}, el("p", { class: "who" }, el("span", {}, who, ":"), " ", el("b", {}, ports)), why));
}

/** @param {Peers} peers @param {OnSource} onSource */
function reasons(peers, onSource) {
  const { reasons: told } = peers;
  if (!told.length) return null;
  const list = el("p", { class: "where" }, told.map((because) => reason(because, onSource)));
  if (told.length <= FEW_REASONS) return list;
  return el("details", {}, el("summary", {}, counted(told.length, "reason")), list);
}

/** @param {Because} because @param {OnSource} onSource */
function reason(because, onSource) {
  const { policy, index, source } = because;
  const says = because.reason === "rule_denies" ? " denies" : because.reason === "rule_passes" ? " passes" : "";
  return el("span", { class: "because" },
    el("span", { class: "policy", title: `${policy.kind} ${[policy.namespace, policy.name].filter(Boolean).join("/")}` }, policy.name),
    el("span", { class: "quiet" }, index === undefined ? "isolates" : `rule ${index + 1}${says}`), lineLink(source, onSource));
}
