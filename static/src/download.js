// Texts of this page as files of the visitor.

/** Several texts as one YAML stream; each says where it comes from. Pure. @param {[name: string, text: string][]} texts */
export function joinTexts(texts) {
  if (texts.length === 1) return texts[0]?.[1] ?? "";
  return texts.map(([name, text]) => `# ${name}\n${text.replace(/^---[ \t]*\r?\n/, "").replace(/\r?\n?$/, "\n")}`).join("---\n");
}

/** @param {[name: string, text: string][]} texts one is a file of its name, several are one file */
export function downloadTexts(texts) {
  const name = texts.length === 1 ? (texts[0]?.[0].split("/").pop() ?? "policies.yaml") : "what-if.yaml";
  const address = URL.createObjectURL(new Blob([joinTexts(texts)], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
