/**
 * The architecture as a table. `src/main.ts` stands above it; imports point down only, to a later row. Within a row
 * a part imports only itself and what `sideways` lists. Tests are composition roots: they may import anything.
 */
export const levels: readonly (readonly string[])[] = [
  ["commands"],
  ["login", "prompt"],
  ["reach"],
  ["control"],
  ["gateway"],
  ["turns"],
  ["hearing"],
  ["slash"],
  ["groups", "incoming", "operations", "outgoing", "people", "sessions"],
  ["agent", "scheduler", "web"],
  ["tools", "memory", "skills", "snapshots", "mounts", "approvals", "authority", "notices"],
  ["channels", "mail", "providers", "sandbox", "egress", "store"],
  ["config"],
  ["keyring", "plugins"],
  ["group-folder", "secrets"],
  ["seal"],
  ["folder-lock", "home", "log-file", "private-file", "read-image", "run", "write-private-file"],
  ["fence", "html", "image", "log", "midnight", "local-bridge"],
  [
    "called-name",
    "clock",
    "errors",
    "hidden-characters",
    "image-window",
    "libc",
    "local-time",
    "nearest-word",
    "parse-time",
    "secret",
    "subordinate-ids",
    "trace",
    "wire",
    "words",
  ],
];

/** Each needs a reason that a newcomer accepts. */
export const sideways: Readonly<Record<string, readonly string[]>> = {
  // Its sentences for what any system call may say.
  errors: ["words"],
  // A call is authorized by the table, and memory and skills are offered as tools.
  tools: ["authority", "memory", "skills"],
  // Before a tool writes the files are kept; an undo is authorized by the table.
  snapshots: ["tools", "authority"],
  // The owner's answer is a decision.
  approvals: ["authority"],
  // What the owner says of a folder stands in the audit log.
  mounts: ["authority"],
  // A platform is reached through the one dialer; mailboxes are read by a tool as well.
  channels: ["egress", "mail"],
  mail: ["egress"],
  // A transcript stores what a provider says: the types of its port.
  store: ["providers"],
};

/** Folders of a port and its implementations: nobody but `registry.ts` imports an implementation, and only lazily. */
export const ports: readonly string[] = ["channels", "providers", "sandbox"];

/** Not implementations: what several of them share, and the terminal, through which every command speaks. */
export const shared: readonly string[] = [
  "providers/wire",
  "channels/markdown",
  "channels/rich-text",
  "channels/terminal",
  "sandbox/probes",
];

/** What the first byte of a one-shot answer waits for: an entry, and what its static imports may never reach. */
export const startPaths: readonly { readonly entry: string; readonly heavy: readonly string[] }[] = [
  {
    entry: "src/main.ts",
    heavy: ["valibot", "src/gateway", "src/channels", "src/web", "src/commands/table.ts"],
  },
  { entry: "src/commands/agent.ts", heavy: ["src/channels", "src/web"] },
  {
    // What a conversation is made of: tools are described, and what carries them out comes with the first call.
    entry: "src/commands/open-services.ts",
    heavy: [
      "src/channels",
      "src/gateway",
      "src/incoming",
      "src/operations",
      "src/prompt",
      "src/reach",
      "src/slash",
      "src/web",
      "src/egress/dial.ts",
      "src/memory/group-memory.ts",
      "src/scheduler/serve-task-call.ts",
      "src/store/chats.ts",
      "src/tools/run-call.ts",
      "src/tools/files/run-edit-file.ts",
      "src/tools/files/run-list-files.ts",
      "src/tools/files/run-read-file.ts",
      "src/tools/files/run-search-files.ts",
      "src/tools/files/run-write-file.ts",
      "src/tools/shell/job.ts",
      "src/tools/shell/run-shell.ts",
      "src/tools/web/fetch-page.ts",
      "src/tools/web/read-page.ts",
    ],
  },
];

/**
 * Measured to cost milliseconds each (Node's stream, HTTP and terminal stacks), or platform libraries; never on a start path.
 */
export const heavyPackages: readonly string[] = [
  ...[
    "http",
    "https",
    "http2",
    "net",
    "tls",
    "readline",
    "stream",
    "child_process",
    "worker_threads",
    "inspector",
    "zlib",
  ].flatMap((name) => [`node:${name}`, `node:${name}/promises`]),
  "croner",
  "grammy",
  "marked",
  "zod",
  "@ai-sdk/*",
  "@discordjs/*",
  "@larksuiteoapi/*",
  "@modelcontextprotocol/*",
  "@slack/*",
  "baileys",
  "imapflow",
  "nodemailer",
  "postal-mime",
];
