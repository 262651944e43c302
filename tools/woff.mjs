// WOFF 1.0 is a font in the sfnt form (TrueType) with each table deflated. Undoing that needs no library.
import { inflateSync } from "node:zlib";

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/** The TrueType file inside a WOFF file. @param {Buffer} woff @returns {Buffer} */
export function unwrapWoff(woff) {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("not a WOFF file");
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => readTable(woff, WOFF_HEADER + index * WOFF_ENTRY));
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  const power = Math.floor(Math.log2(count));
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].forEach((number, i) => header.writeUInt16BE(number, 4 + 2 * i));
  let offset = header.length;
  tables.forEach(({ tag, checksum, body }, index) => {
    [tag, checksum, offset, body.length].forEach((number, i) => header.writeUInt32BE(number, SFNT_HEADER + index * SFNT_ENTRY + 4 * i));
    offset += padded(body).length;
  });
  return Buffer.concat([header, ...tables.map(({ body }) => padded(body))]);
}

/** @param {Buffer} woff @param {number} at where the table's entry begins */
function readTable(woff, at) {
  const [tag, offset, packed, length, checksum] = [0, 4, 8, 12, 16].map((place) => woff.readUInt32BE(at + place));
  const data = woff.subarray(offset, offset + packed);
  const body = packed < length ? inflateSync(data) : data;
  if (body.length !== length) throw new Error("a table of the WOFF file is damaged");
  return { tag, checksum, body };
}

/** Tables begin at multiples of four bytes. @param {Buffer} body */
function padded(body) {
  return Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
}
