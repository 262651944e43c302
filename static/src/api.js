// Questions to the server that the page came from; there is no other.

/** An answer that says no: `message` is for people, `code` is stable. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {any} [details] */
  constructor(status, code, message, details) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * @param {string} address @param {AbortSignal} [signal] @returns {Promise<any>}
 */
export async function getJson(address, signal) {
  let response;
  try {
    response = await fetch(address, { signal: signal ?? null, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "The server does not answer. Is `netpolmap serve` still running?");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, body);
  return body;
}

/**
 * Send something and hear how far it has come.
 * @param {string} address @param {FormData | string | null} body @param {string} type "" lets the browser say
 * @param {(share: number) => void} [onProgress] share of the bytes that have left, 0 to 1
 * @returns {Promise<any>}
 */
export function postJson(address, body, type, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    if (type) request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer);
      else reject(errorOf(request.status, answer));
    });
    request.addEventListener("error", () => {
      reject(new ApiError(0, "unreachable", "The upload did not get through. Is `netpolmap serve` still running?"));
    });
    request.send(body);
  });
}

/** Take something away. @param {string} address */
export async function remove(address) {
  let response;
  try {
    response = await fetch(address, { method: "DELETE", headers: { Accept: "application/json" } });
  } catch {
    throw new ApiError(0, "unreachable", "The server does not answer. Is `netpolmap serve` still running?");
  }
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {number} status @param {any} body */
function errorOf(status, body) {
  const error = body?.error;
  return new ApiError(status, error?.code ?? "error", error?.message ?? `The server answered ${status}.`, error?.details);
}
