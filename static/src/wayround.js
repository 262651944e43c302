// The question for a way round: asked once it is wanted, and anew when the ends change.
import { canAsk } from "./chain.js";

export class WayRound {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    /** @type {import("./types.js").Chain | null} */ this.chain = null;
    /** why there is no answer */ this.refusal = "";
    this.key = "";
  }

  /** Ask, if it is wanted and not known yet. @param {import("./types.js").Answer | null} answer @returns {Promise<boolean>} whether a chain has come */
  async refresh(answer) {
    const { from, to, port, chain } = this.session.state;
    const key = chain && answer && canAsk(answer) ? JSON.stringify([this.session.input(), from, to, port]) : "";
    if (key === this.key) return false;
    this.key = key;
    this.chain = null;
    this.refusal = "";
    if (!key) return false;
    try {
      const found = await this.session.chain();
      if (key !== this.key || !found) return false; // a newer question is on its way
      this.chain = found;
    } catch (error) {
      if (key === this.key) this.refusal = error instanceof Error ? error.message : String(error);
    }
    return this.chain !== null;
  }

  /** Ask anew the next time: the files have changed. */
  forget() {
    this.key = "";
  }
}
