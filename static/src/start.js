// The start page: drop, pick, paste, or open a sample; then on to the workspace.
import { getJson, postJson } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { droppedFrom, pickedFrom } from "./files.js";
import { control } from "./page.js";
import { counted } from "./words.js";

const API = "/api/v1";
const zone = control("drop-zone");
const progress = control("progress");

/** @param {string} message */
function complain(message) {
  progress.hidden = false;
  progress.className = "progress failed";
  progress.setAttribute("role", "alert");
  fill(progress, icon("error"), el("span", { "data-testid": "upload-error" }, message));
}

/** @param {string} words @param {number} share 0 to 1 */
function report(words, share) {
  progress.hidden = false;
  progress.className = "progress";
  progress.setAttribute("role", "status");
  fill(progress, el("span", {}, words), el("progress", { max: 1, value: share, "aria-label": words }));
}

/** Send, and go where the answer says. @param {string} address @param {FormData | string | null} body @param {string} type @param {string} words */
async function send(address, body, type, words) {
  report(words, 0);
  document.body.classList.add("busy");
  try {
    const answer = await postJson(address, body, type, (share) => report(share < 1 ? words : "Reading and evaluating …", share));
    location.assign(answer.url);
  } catch (error) {
    document.body.classList.remove("busy");
    complain(error instanceof Error ? error.message : String(error));
  }
}

/** @param {import("./files.js").Picked[]} picked */
function upload(picked) {
  if (!picked.length) return complain("No manifests there: netpolmap reads .yaml, .yml and .json files, folders of them, and .zip, .tar, .tar.gz and .tgz archives.");
  const form = new FormData();
  for (const { path, file } of picked) form.append("files", file, path);
  return void send(`${API}/workspaces`, form, "", `Sending ${counted(picked.length, "file")} …`);
}

function setUpDrop() {
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer) void droppedFrom(event.dataTransfer).then(upload, (error) => complain(`These files cannot be read: ${error.message}`));
  });
}

function setUpPickers() {
  for (const name of ["files", "folder"]) {
    const input = /** @type {HTMLInputElement} */ (control(`${name}-input`));
    control(`choose-${name}`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      if (input.files?.length) upload(pickedFrom(input.files));
      input.value = "";
    });
  }
}

function setUpPaste() {
  const text = /** @type {HTMLTextAreaElement} */ (control("paste-text"));
  control("paste-open").addEventListener("click", () => {
    if (!text.value.trim()) return complain("The box is empty: paste some manifests first.");
    return void send(`${API}/workspaces?name=pasted.yaml`, text.value, "application/yaml", "Sending …");
  });
}

async function showSamples() {
  const host = control("samples");
  try {
    const samples = await getJson(`${API}/samples`);
    fill(host, samples.map((/** @type {any} */ sample) =>
      el("li", {}, el("button", { type: "button", class: "sample", "data-testid": `sample-${sample.name}`, onclick: () => void send(`${API}/samples/${encodeURIComponent(sample.name)}`, null, "", `Opening ${sample.title} …`) },
        el("b", {}, sample.title), el("span", {}, sample.description), icon("arrow")))));
  } catch (error) {
    fill(host, el("li", { class: "quiet" }, `The samples cannot be listed. ${error instanceof Error ? error.message : ""}`));
  }
}

setUpDrop();
setUpPickers();
setUpPaste();
void showSamples();
