// Fills the places that the panel leaves for what the server knows beside verdicts (`data-finding`): ways in, names,
// exposure, and their counts in the overview. Asked for once, and only where it is shown.
import { el, fill } from "./dom.js";
import { showEntries, showResolution } from "./entrance.js";
import { showExposure } from "./exposure.js";
import { showCounts } from "./tally.js";

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {import("./facts.js").Exposure} Exposure */
/**
 * @typedef {object} Actions
 * @property {(source: import("./types.js").Source) => void} onSource @property {(id: string) => void} onNode
 */

/** A place for a finding. @param {string} name @param {string} [subject] id of a workload */
export function findingPlace(name, subject = "") {
  return el("section", { class: "finding", "data-finding": name, "data-subject": subject, hidden: true });
}

export class Findings {
  /** @param {import("./session.js").Session} session @param {Actions} actions */
  constructor(session, actions) {
    this.session = session;
    this.actions = actions;
    /** @type {Promise<Facts> | null} */ this.facts = null;
    /** @type {Map<string, Promise<Exposure[]>>} */ this.exposures = new Map();
  }

  /** The input or an assumption has changed. */
  forget() {
    this.facts = null;
    this.exposures.clear();
  }

  /** Fill what is still empty. @param {unknown} _state @param {HTMLElement} body of the panel */
  draw(_state, body) {
    for (const host of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("[data-finding]:not([data-filled])"))) {
      host.dataset["filled"] = "true";
      void this.#fillPlace(host, host.dataset["subject"] ?? "");
    }
  }

  /** @param {HTMLElement} host @param {string} subject */
  async #fillPlace(host, subject) {
    const name = host.dataset["finding"];
    try {
      if (name === "exposure") {
        showExposure(host, await this.#exposureOf(subject), this.actions.onSource);
      } else {
        const facts = await (this.facts ??= this.session.facts());
        if (name === "entries") showEntries(host, facts, subject, this.actions);
        else if (name === "names") showResolution(host, facts.dns[subject], this.actions.onSource);
        else if (name === "counts") showCounts(host, facts, this.actions.onNode);
      }
    } catch (error) {
      fill(host, el("p", { class: "notice" }, error instanceof Error ? error.message : String(error)));
    }
    host.hidden = !host.childNodes.length;
  }

  /** @param {string} id */
  #exposureOf(id) {
    const asked = this.exposures.get(id) ?? this.session.exposure(id);
    this.exposures.set(id, asked);
    return asked;
  }
}
