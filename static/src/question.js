// The question row: from, to, port, and the verdict as a chip.
import { Combobox } from "./combobox.js";
import { fill, icon } from "./dom.js";
import { control } from "./page.js";
import { chipText, lookOf } from "./why.js";
import { parsePort, placeOf, shortName } from "./words.js";

/** @typedef {{from: string, to: string, port: string}} Ends */
/** @typedef {import("./types.js").Answer} Answer */
const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * What the two fields offer: workloads and addresses at both ends, Services as destinations. Pure.
 * @param {import("./types.js").Names} names @returns {Record<"peers" | "services", import("./combobox.js").Option[]>}
 */
export function optionsOf({ workloads, externals, services }) {
  const named = (/** @type {string[]} */ ids, /** @type {string} */ kind) => {
    /** @type {Map<string, number>} */ const times = new Map();
    for (const id of ids) times.set(shortName(id), (times.get(shortName(id)) ?? 0) + 1);
    const label = (/** @type {string} */ id) => ((times.get(shortName(id)) ?? 0) > 1 ? `${placeOf(id).split(" · ")[0]}/${shortName(id)}` : shortName(id)) + kind;
    return ids.map((id) => ({ value: id, label: label(id), hint: placeOf(id) })).sort((a, b) => compare(a.label, b.label));
  };
  const addresses = externals.map((id) => ({ value: id, label: id, hint: "addresses" }));
  return { peers: [...named(workloads, ""), ...addresses], services: named(services, " (Service)") };
}

export class Question {
  /** @param {(ends: Ends) => void} onAsk @param {() => void} onWhy */
  constructor(onAsk, onWhy) {
    /** @type {import("./combobox.js").Option[]} */ this.sources = [];
    /** Services too @type {import("./combobox.js").Option[]} */ this.targets = [];
    /** @type {Ends} */ this.ends = { from: "", to: "", port: "" };
    const ask = (/** @type {Partial<Ends>} */ change) => onAsk({ ...this.ends, ...change });
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (control(name));
    this.from = new Combobox(field("question-from"), () => this.sources, (from) => ask({ from }));
    this.to = new Combobox(field("question-to"), () => this.targets, (to) => ask({ to }));
    this.port = field("question-port");
    this.chip = control("verdict-chip");
    /** @type {Answer | null} */ this.given = null;
    const askPort = () => {
      const port = this.port.value.trim();
      const good = parsePort(port) !== null;
      this.port.setAttribute("aria-invalid", String(!good));
      if (!good) this.say("unknown", "Not a port: write 5432, or 53/UDP");
      else if (port !== this.ends.port) ask({ port });
      else if (this.given) this.answer(this.given);
      return good;
    };
    this.port.addEventListener("change", askPort);
    control("question-swap").addEventListener("click", () => ask({ from: this.ends.to, to: this.ends.from }));
    control("question-why").addEventListener("click", onWhy);
    for (const input of [this.from.input, this.to.input, this.port]) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (input !== this.port || askPort())) onWhy(); // a field tells of its change only after this key
      });
    }
  }

  /** What can be asked about, folded in the picture or not. @param {import("./types.js").Names} names */
  offer(names) {
    const { peers, services } = optionsOf(names);
    this.sources = peers;
    this.targets = [...peers, ...services];
    this.from.set(this.ends.from);
    this.to.set(this.ends.to);
  }

  /** @param {Ends} ends */
  show(ends) {
    this.ends = ends;
    this.from.set(ends.from);
    this.to.set(ends.to);
    if (document.activeElement !== this.port) this.port.value = ends.port;
    if (ends.from && ends.to) return;
    this.given = null;
    this.say("none", "Choose two ends");
  }

  /** @param {Answer} answer */
  answer(answer) {
    const look = lookOf(answer);
    this.given = answer;
    this.say(look, chipText(answer.sentences.headline));
    this.chip.dataset["verdict"] = answer.verdict;
  }

  /** @param {string} look @param {string} words */
  say(look, words) {
    this.chip.className = `chip ${look}`;
    delete this.chip.dataset["verdict"];
    fill(this.chip, look !== "none" && icon(look), words);
  }
}
