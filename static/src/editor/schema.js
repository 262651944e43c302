// What may stand where in a policy, by its kind and the path of a place. Pure.
import { adminNetworkPolicy, baselineAdminNetworkPolicy, clusterNetworkPolicy } from "./clusterpolicies.js";
import { map, metadata, word } from "./fields.js";
import { networkPolicy } from "./networkpolicy.js";

/** @typedef {import("./fields.js").Field} Field */

/** @type {Record<string, Field>} */
export const KINDS = {
  NetworkPolicy: networkPolicy,
  AdminNetworkPolicy: adminNetworkPolicy,
  BaselineAdminNetworkPolicy: baselineAdminNetworkPolicy,
  ClusterNetworkPolicy: clusterNetworkPolicy,
};

const versions = [...new Set(Object.values(KINDS).flatMap(({ fields }) => fields?.["apiVersion"]?.words ?? []))];

/** A document whose kind is not written yet. */
const anyPolicy = map("A policy.", {
  apiVersion: word("The API group and its version.", versions),
  kind: word("The kind of policy.", Object.keys(KINDS)),
  metadata: metadata(true),
});

/**
 * The field at a path; null where nothing is known to stand. Numbers are places in a list.
 * @param {string} kind of the document @param {(string | number)[]} path @returns {Field | null}
 */
export function fieldAt(kind, path) {
  /** @type {Field | null | undefined} */ let field = Object.hasOwn(KINDS, kind) ? KINDS[kind] : anyPolicy;
  if (!kind || path[0] === "kind") field = path[0] === "kind" ? anyPolicy : field;
  for (const step of path) {
    if (!field) return null;
    if (typeof step === "number") field = field.type === "list" ? field.item : null;
    else if (field.type === "labels") field = { doc: "The value of the label.", type: "text", ...(field.live && { live: field.live }) };
    else field = field.fields && Object.hasOwn(field.fields, step) ? field.fields[step] : null;
  }
  return field ?? null;
}

/** What is told about a field: its meaning, and what it means when it is not there or empty. @param {Field} field @returns {[when: string, words: string][]} */
export function told(field) {
  /** @type {[string, string | undefined][]} */
  const rows = [["", field.doc], ["missing", field.missing], ["{}", field.braces], ["[]", field.brackets], ["one of", field.type === "word" ? field.words?.join(", ") : ""]];
  return /** @type {[string, string][]} */ (rows.filter(([, words]) => words));
}

/** A whole policy to begin with, by its kind; it does nothing until somebody fills it. @type {Record<string, string>} */
export const BEGINNINGS = {
  NetworkPolicy: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: 
  namespace: default
spec:
  podSelector:
    matchLabels: {}
  policyTypes:
  - Ingress
  ingress:
  - from:
    - podSelector: {}
`,
  AdminNetworkPolicy: `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: 
spec:
  priority: 50
  subject:
    namespaces: {}
  ingress:
  - action: Pass
    from:
    - namespaces: {}
`,
  BaselineAdminNetworkPolicy: `apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata:
  name: default
spec:
  subject:
    namespaces: {}
  ingress:
  - action: Deny
    from:
    - namespaces: {}
`,
  ClusterNetworkPolicy: `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: 
spec:
  tier: Admin
  priority: 50
  subject:
    namespaces: {}
  ingress:
  - action: Pass
    from:
    - namespaces: {}
`,
};
