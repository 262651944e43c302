// Small screens and paper: the table in the picture's place until that is asked for; on paper, both.
import { control } from "./page.js";

const SMALL = matchMedia("(max-width: 900px)");

export class Screens {
  /** @param {import("./diagram.js").Diagram} diagram @param {import("./twin.js").Twin} twin @param {() => string} view which one is chosen */
  constructor(diagram, twin, view) {
    this.diagram = diagram;
    this.twin = twin;
    this.view = view;
    addEventListener("beforeprint", () => this.setPaper(true));
    addEventListener("afterprint", () => this.setPaper(false));
    SMALL.addEventListener("change", () => this.showTable());
  }

  /** The picture is wanted, on a small screen too. */
  askForPicture() {
    control("stage").dataset["asked"] = "true";
  }

  showTable() {
    this.twin.setVisible(this.#showsTable());
  }

  /** The whole picture, and the table after it. @param {boolean} on */
  setPaper(on) {
    this.twin.setVisible(on || this.#showsTable());
    this.diagram.viewport.setPaper(on);
  }

  #showsTable() {
    const view = this.view();
    return view === "table" || (view === "diagram" && SMALL.matches && control("stage").dataset["asked"] !== "true");
  }
}
