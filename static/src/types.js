// The shapes of the server's answers (openapi.json), for the type check alone.

/**
 * @typedef {object} Feature one part of the page; what it shows follows from the state
 * @property {(state: import("./fragment.js").State) => Promise<unknown> | void} [refresh] ask for what the state wants and is not there yet
 * @property {(state: import("./fragment.js").State, panel: HTMLElement) => void} [draw] show it; after each change of the state and each answer
 * @property {() => void} [forget] all answers are void: other files, another draft, other assumptions
 */
/** @typedef {{file: string, document: number, line: number}} Source */
/** @typedef {"all" | Record<string, string>} Ports */
/** @typedef {{text: string, source: Source | null, code?: string}} Detail */
/** @typedef {{kind: string, namespace: string, name: string}} PolicyName */
/** @typedef {"open" | "key" | "bar" | "unknown" | "on"} Tone "on": the next tier is asked */
/**
 * @typedef {object} Sentence
 * @property {string} text @property {Tone} tone @property {string} code @property {string} tier
 * @property {PolicyName | null} policy @property {number | null} rule
 * @property {Source | null} source @property {Detail[]} details
 */
/**
 * @typedef {object} Answer what `why` says
 * @property {string} source @property {string} destination
 * @property {string | null} [protocol] @property {number | null} [port] @property {Ports} [ports] @property {Ports} [unknown_ports]
 * @property {"allowed" | "blocked" | "unknown"} verdict @property {string} [blocked_at]
 * @property {Side} [egress] @property {Side} [ingress]
 * @property {{headline: string, egress: Sentence[], ingress: Sentence[], notes: string[]}} sentences
 * @property {Answer[]} [parts] of a range that policies cut, of variants, or of a Service: all of them
 * @property {Service} [service] @property {ServicePort} [service_port] of a part
 */
/** @typedef {{reason: string, source?: Source, action?: string, policies?: (PolicyName & {source?: Source})[]}} Step */
/** @typedef {{verdict: string, steps?: Step[], near_misses?: NearMiss[], rules_compared?: number, rules_in_question?: number}} Side */
/**
 * @typedef {object} NearMiss a rule that would allow it but for what it lacks
 * @property {string} text @property {PolicyName} policy @property {"ingress" | "egress"} direction
 * @property {number} index @property {Source} source @property {Lack[]} lacks
 */
/**
 * @typedef {object} Lack
 * @property {string} reason @property {string} text @property {string} path @property {string} [key] @property {string} [operator]
 * @property {string[]} [want] @property {string | null} [have] @property {{key?: string, value?: string}} [did_you_mean]
 * @property {Source} [source]
 */
/** @typedef {"all" | "some" | "none"} Tally */
/** @typedef {{name: string, protocol: string, port: number, target: number | string | null}} ServicePort */
/**
 * @typedef {object} Service
 * @property {string} id @property {string} type @property {boolean} headless @property {Tally} backends
 * @property {(ServicePort & {verdict: string, backends: Tally, reason: string})[]} ports
 */
/** @typedef {{policy: PolicyName, index: number, action: string, source: Source, name?: string}} HopRule */
/** @typedef {{open: boolean, reasons: string[], rules: HopRule[], policies: (PolicyName & {source: Source})[], sentences: string[]}} HopEnd */
/**
 * @typedef {object} Hop
 * @property {string} source @property {string} destination @property {"allowed" | "unknown"} verdict
 * @property {Ports} ports @property {Ports} unknown_ports @property {boolean} only_way every chain uses it
 * @property {HopEnd} egress @property {HopEnd} ingress
 */
/**
 * @typedef {object} Chain what `path` says
 * @property {string} source @property {string} destination @property {"allowed" | "blocked" | "unknown"} verdict
 * @property {Hop[]} hops @property {string[]} summary
 */
/** @typedef {"isolated" | "limited" | "unknown" | "open" | ""} NodeState */
/**
 * @typedef {object} SceneNode
 * @property {string} id @property {string} label @property {string} kind @property {string} namespace
 * @property {"workload" | "group" | "external" | "namespace" | "everything"} type a group: workloads that are alike
 * @property {string} group the id of the group that it was taken out of, or ""
 * @property {{ingress: boolean, egress: boolean}} isolated @property {number} pods
 * @property {{ingress: NodeState, egress: NodeState}} state
 * @property {boolean} host_network @property {boolean} open @property {Record<string, string>} labels
 * @property {string[]} members ids of the workloads it stands for @property {string[]} lines @property {string[]} badges
 */
/**
 * @typedef {object} SceneEdge
 * @property {string} source @property {string} destination @property {import("./words.js").Verdict} verdict
 * @property {string} blocked_at @property {Ports} ports @property {string} ports_text
 * @property {string[]} reasons @property {boolean} drawn @property {string} label
 * @property {{allowed: number, all: number} | null} [pairs] of folded namespaces
 */
/**
 * @typedef {object} Scene
 * @property {string} svg @property {number} width @property {number} height @property {"workloads" | "namespaces"} level
 * @property {SceneNode[]} nodes @property {SceneEdge[]} edges
 * @property {{name: string, folded: boolean, foldable: boolean, note: string}[]} namespaces
 * @property {string[]} notes @property {Record<string, number>} counts
 * @property {Scope} [scope] where something is filtered or hidden
 * @property {(SceneEdge & {aside: string})[]} [aside] rows between these nodes that are not shown: "filter", or the name of a preset
 */
/**
 * @typedef {object} Scope what is shown, and what is not
 * @property {{shown: number, all: number}} workloads @property {{shown: number, elsewhere: number, filtered: number}} paths
 * @property {Record<string, number>} hidden @property {string[]} notes
 */
/**
 * @typedef {object} CellKind what one or several cells of the matrix say
 * @property {import("./words.js").Verdict | "same" | "apart"} verdict @property {string} blocked_at @property {Ports} ports
 * @property {string} ports_text @property {Ports} unknown_ports @property {string} aside
 * @property {{allowed: number, unknown: number, all: number}} [pairs] of folded namespaces
 */
/** @typedef {{first: number, nodes: SceneNode[]}} Heads */
/**
 * @typedef {object} MatrixWindow
 * @property {number} size @property {boolean} folds @property {Heads} rows @property {Heads} columns
 * @property {CellKind[]} kinds @property {number[][]} cells @property {{source: number | null, destination: number | null}} places
 * @property {string[]} notes @property {Scope} [scope]
 */
/** @typedef {{key: string, about: string, values: string[]}} Key */
/** @typedef {{keys: Key[], presets: {name: string, title: string}[]}} Vocabulary what may stand in a filter */
/** @typedef {{reason: string, text: string, id?: string, index?: number, policy?: PolicyName & {source: Source}}} Decider */
/** @typedef {{source: string, destination: string, egress: Decider[], ingress: Decider[]}} Deciders of one pair */
/**
 * @typedef {object} Problem
 * @property {"error" | "warning" | "info"} severity @property {string} code @property {string} message
 * @property {string} [object] @property {string} [file] @property {number} [document]
 * @property {number} [line] @property {number} [column] @property {string} [path]
 * @property {import("./editor/marks.js").Mend} [mend] how it can be put right
 */
/**
 * @typedef {object} Summary
 * @property {string} name @property {number} generation
 * @property {number} workloads @property {number} policies @property {number} namespaces
 * @property {{documents_read: number, not_understood: number, skipped_kinds: Record<string, number>}} counts
 * @property {Problem[]} problems @property {Record<string, any>} assumptions
 * @property {{pairs: number, reasons: Record<string, number>}} [unknown]
 */
/** @typedef {{id: number, name: string, documents: number, policies: number, watched: boolean}} InputSource */
/** @typedef {{workloads: string[], externals: string[], services: string[]}} Names everybody who can be asked about */
/** @typedef {{file: string, document: number, first_line: number, text: string, kind: string, name: string}} PolicyText */

export {};
