// Files out of a drop or a picker: folders are walked, and only what can hold manifests is taken.

/** @typedef {{path: string, file: File}} Picked */
const TAKEN = /\.(ya?ml|json|zip|tar|tgz|tar\.gz)$/i;
const PASSED_OVER = /(^|\/)(\.[^/]+|node_modules|__MACOSX)\//;
const MOST_FILES = 5000;

/** Whether a path may hold manifests. @param {string} path */
export function isTaken(path) {
  return TAKEN.test(path) && !PASSED_OVER.test(`/${path}`);
}

/** @param {FileList} list of a file input, which may be a folder picker @returns {Picked[]} */
export function pickedFrom(list) {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  const whole = files.length === 1 && !files[0]?.path.includes("/");
  return (whole ? files : files.filter(({ path }) => isTaken(path))).slice(0, MOST_FILES);
}

/** @param {DataTransfer} transfer @returns {Promise<Picked[]>} */
export async function droppedFrom(transfer) {
  // the entries must be taken before the first await, the browser empties the list afterwards
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.length) return pickedFrom(transfer.files);
  /** @type {Picked[]} */ const picked = [];
  for (const entry of entries) await walk(entry, picked, entries.length === 1 && entry.isFile);
  return picked;
}

/** @param {FileSystemEntry} entry @param {Picked[]} picked @param {boolean} asGiven a single file is taken whatever its name */
async function walk(entry, picked, asGiven) {
  if (picked.length >= MOST_FILES) return;
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isDirectory) {
    if (PASSED_OVER.test(`/${path}/`)) return;
    for (const child of await children(/** @type {FileSystemDirectoryEntry} */ (entry))) await walk(child, picked, false);
  } else if (asGiven || isTaken(path)) {
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    picked.push({ path, file });
  }
}

/** All entries of a folder; a reader gives them in parts. @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */ const all = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return all.sort((a, b) => a.name.localeCompare(b.name));
    all.push(...part);
  }
}
