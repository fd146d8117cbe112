/** What is looked at, in this order. */
export const doctorChecks = [
  "home",
  "config",
  "keys",
  "model",
  "sandbox",
  "database",
  "audit",
  "space",
  "clock",
  "leases",
  "gateway",
  "notices",
  "service",
  "runtime",
  "path",
  "leftovers",
  "backup",
] as const;

export type DoctorCheck = (typeof doctorChecks)[number];

export interface DoctorPhrases {
  readonly checks: Readonly<Record<DoctorCheck, string>>;
  readonly fine: string;
  /** Nothing is broken; so many things could be better. */
  readonly couldBeBetter: (facts: { count: number }) => string;
  readonly repaired: (facts: { count: number }) => string;
  readonly needsYou: (facts: { count: number }) => string;
  readonly canFix: string;
  readonly home: (facts: { path: string }) => string;
  readonly config: (facts: { isThere: boolean }) => string;
  readonly keys: (facts: { count: number }) => string;
  readonly model: (facts: { model: string; label: string }) => string;
  readonly modelUnasked: (facts: { model: string }) => string;
  readonly database: (facts: { megabytes: number }) => string;
  readonly noDatabase: string;
  readonly audit: (facts: { rows: number }) => string;
  readonly space: (facts: { megabytes: number }) => string;
  readonly clock: string;
  readonly leases: (facts: { held: number }) => string;
  readonly gatewayRuns: (facts: { pid: number | undefined }) => string;
  readonly noGateway: string;
  readonly noNotices: string;
  readonly service: (facts: { manager: string; startsItself: boolean }) => string;
  readonly noService: string;
  readonly runtime: (facts: { said: string }) => string;
  readonly path: (facts: { path: string }) => string;
  readonly leftovers: string;
  readonly backup: (facts: { name: string; days: number }) => string;
  readonly nothingToKeep: string;
}

export const doctorPhrases: DoctorPhrases = {
  checks: {
    home: "Home folder",
    config: "Configuration",
    keys: "Keys",
    model: "Model",
    sandbox: "Sandbox",
    database: "Database",
    audit: "Audit log",
    space: "Free space",
    clock: "Clock",
    leases: "Leases",
    gateway: "Gateway",
    notices: "Notices",
    service: "Service",
    runtime: "Runtime",
    path: "Command",
    leftovers: "Leftovers",
    backup: "Backup",
  },
  fine: "All is well.",
  couldBeBetter: ({ count }) =>
    `Nothing is broken. ${count === 1 ? "One thing" : `${count} things`} could be better: see what begins with !`,
  repaired: ({ count }) => `Repaired: ${count}.`,
  needsYou: ({ count }) => (count === 1 ? "One thing needs you." : `${count} things need you.`),
  canFix: "nanoclaw doctor --fix repairs this.",
  home: ({ path }) => `${path} is yours alone`,
  config: ({ isThere }) => (isThere ? "can be read, and all of it is known" : "none: the defaults hold"),
  keys: ({ count }) =>
    count === 1 ? "1 provider has what it needs" : `${count} providers have what they need`,
  model: ({ model, label }) => `${label} answers and takes the key; ${model} is in use`,
  modelUnasked: ({ model }) => `${model} needs no server`,
  database: ({ megabytes }) => `sound, ${megabytes} MB`,
  noDatabase: "none yet: the first conversation makes it",
  audit: ({ rows }) => `${rows.toLocaleString("en")} decisions, unbroken`,
  space: ({ megabytes }) => `${megabytes.toLocaleString("en")} MB`,
  clock: "behind nothing that was written",
  leases: ({ held }) => (held === 0 ? "nobody is at work" : `${held} at work`),
  gatewayRuns: ({ pid }) => `runs and answers${pid === undefined ? "" : ` (process ${pid})`}`,
  noGateway: "does not run, and nothing asks for it",
  noNotices: "the gateway has nothing to complain of",
  service: ({ manager, startsItself }) =>
    startsItself
      ? `installed, and starts by itself (${manager})`
      : `${manager}; after a restart of the machine it is started by hand`,
  noService: "not installed; the prompt needs none",
  runtime: ({ said }) => said,
  path: ({ path }) => path,
  leftovers: "no process and no mount was left behind",
  backup: ({ name, days }) => `${name}, ${days === 0 ? "of today" : `${days} days old`}`,
  nothingToKeep: "there is nothing to keep yet",
};
