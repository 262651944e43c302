// The question row: from, to, port, and the verdict as a chip.
import { Combobox } from "./combobox.js";
import { fill, icon } from "./dom.js";
import { optionsOf } from "./options.js";
import { control } from "./page.js";
import { chipText, headlineOf, lookOf } from "./why.js";
import { parsePort } from "./words.js";

const PAUSE_MS = 300;

/** @typedef {{from: string, to: string, port: string}} Ends */
/** @typedef {import("./types.js").Answer} Answer */

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
    /** @type {ReturnType<typeof setTimeout> | undefined} */ let pause;
    const askPort = () => {
      clearTimeout(pause);
      const port = this.port.value.trim();
      const good = parsePort(port) !== null;
      this.port.setAttribute("aria-invalid", String(!good));
      if (!good) this.say("unknown", "Not a port: write 5432, or 53/UDP");
      else if (port !== this.ends.port) ask({ port });
      else if (this.given) this.answer(this.given);
      return good;
    };
    this.port.addEventListener("change", askPort);
    this.port.addEventListener("input", () => {
      clearTimeout(pause); // the chip must not tell of another port than stands there
      pause = setTimeout(() => parsePort(this.port.value.trim()) !== null && askPort(), PAUSE_MS);
    });
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
    const { peers, services, spaces } = optionsOf(names);
    this.sources = [...peers, ...spaces];
    this.targets = [...peers, ...services, ...spaces];
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
    this.say(look, chipText(headlineOf(answer)));
    this.chip.dataset["verdict"] = answer.verdict;
  }

  /** @param {string} look @param {string} words */
  say(look, words) {
    this.chip.className = `chip ${look}`;
    delete this.chip.dataset["verdict"];
    fill(this.chip, look !== "none" && icon(look), words);
  }
}
