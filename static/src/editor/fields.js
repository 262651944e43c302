// What the fields of all policy kinds are made of: the shape of a field, and the parts that the kinds share.

/** @typedef {"pod-label" | "namespace-label" | "namespace" | "port" | "port-number" | "port-name" | "cidr"} Live values that the loaded manifests know */
/**
 * @typedef {object} Field
 * @property {string} doc what it means, in plain words
 * @property {"map" | "list" | "labels" | "word" | "text" | "number"} type "labels": any key, with a text
 * @property {Record<string, Field>} [fields] of a map
 * @property {Field} [item] of a list
 * @property {string[]} [words] of a word: all that may stand there
 * @property {Live} [live] of a text, a number or of labels: where known values come from
 * @property {string} [missing] what it means that the field is not there
 * @property {string} [braces] what `{}` means @property {string} [brackets] what `[]` means
 */
/** @typedef {Partial<Omit<Field, "doc" | "type">>} More */

/** @param {string} doc @param {Record<string, Field>} fields @param {More} [more] @returns {Field} */
export const map = (doc, fields, more) => ({ doc, type: "map", fields, ...more });
/** @param {string} doc @param {Field} item @param {More} [more] @returns {Field} */
export const list = (doc, item, more) => ({ doc, type: "list", item, ...more });
/** @param {string} doc @param {string[]} words @param {More} [more] @returns {Field} */
export const word = (doc, words, more) => ({ doc, type: "word", words, ...more });
/** @param {string} doc @param {More} [more] @returns {Field} */
export const text = (doc, more) => ({ doc, type: "text", ...more });
/** @param {string} doc @param {More} [more] @returns {Field} */
export const number = (doc, more) => ({ doc, type: "number", ...more });

const OPERATORS = "In: the label is there with one of the values. NotIn: it has none of the values, or is not there at all. Exists: the label is there, whatever its value. DoesNotExist: it is not there.";

/** A label selector. @param {string} doc @param {"pod-label" | "namespace-label"} live @param {More} [more] @returns {Field} */
export function selector(doc, live, more) {
  return map(doc, {
    matchLabels: { doc: "Labels that must all be there, each with exactly this value.", type: "labels", live, missing: "It asks for no label.", braces: "As if it were missing." },
    matchExpressions: list("Conditions on labels. All of them must hold, and matchLabels too.", map("One condition on one label.", {
      key: text("The label that the condition is about.", { live }),
      operator: word(OPERATORS, ["In", "NotIn", "Exists", "DoesNotExist"]),
      values: list("For In and NotIn: the values, at least one. With Exists and DoesNotExist there must be none.", text("A value of the label.", { live })),
    }), { missing: "It sets no condition.", brackets: "As if it were missing." }),
  }, more);
}

/** @param {boolean} namespaced @returns {Field} */
export function metadata(namespaced) {
  return map("The name of the policy and its labels.", {
    name: text("The name of the policy."),
    ...(namespaced && { namespace: text("The namespace of the policy. It applies to pods of this namespace only.", { live: "namespace", missing: "The namespace that kubectl is set to; here: default." }) }),
    labels: { doc: "Labels of the policy itself. They do not change what it does.", type: "labels" },
    annotations: { doc: "Notes of tools and people. They do not change what it does.", type: "labels" },
  });
}

/** A whole policy. @param {string} version @param {string} kind @param {Field} spec @returns {Field} */
export function policy(version, kind, spec) {
  return map(`A ${kind}.`, {
    apiVersion: word("The API group and its version.", [version]),
    kind: word("The kind of object.", [kind]),
    metadata: metadata(kind === "NetworkPolicy"),
    spec,
  });
}

/** @param {"TCP" | ""} preset what stands where none is given @returns {Field} */
export const protocol = (preset) => word("The protocol.", ["TCP", "UDP", "SCTP"], { missing: preset });

export const cidr = (/** @type {string} */ doc) => text(doc, { live: "cidr" });
