import type { FlagSpec } from "./arguments.ts";
import type { Command } from "./command.ts";

const json: FlagSpec = { name: "json", says: "Print JSON instead of text." };

const agent: Command = {
  name: "agent",
  summary: "Talk to the assistant: a prompt, or one question and its answer.",
  description: [
    "In a terminal, without a message, it opens the prompt. With -m, -f or something piped in it answers once and ends. When the output is no terminal it carries the answer and nothing else.",
    "Piped input alone is the message. Beside -m or -f it is material: the assistant sees it, marked as content that is not your words. The same goes for -f beside -m.",
  ],
  flags: [
    { name: "message", short: "m", value: "TEXT", says: "Answer this and end." },
    {
      name: "file",
      short: "f",
      value: "FILE",
      isRepeatable: true,
      says: "Read the message from a file; beside -m, add the file or picture as material.",
    },
    { name: "session", short: "s", value: "NAME", says: "Use a session of its own, by name." },
    { name: "group", short: "g", value: "GROUP", says: "Talk to this group's assistant (default: main)." },
    { name: "model", value: "MODEL", says: "Use this model for now." },
    { name: "think", value: "LEVEL", says: "Think off, low, medium, high, or that many tokens." },
    {
      name: "folder",
      value: "PATH[:rw]",
      isRepeatable: true,
      says: "Let the assistant read a folder; with :rw also write to it.",
    },
    { name: "json", says: "Print one event a line as JSON; the last is turn-end." },
    { name: "logs", says: "Show what the program does, on standard error." },
    { name: "no-logs", says: "Show no logs (the default)." },
    { name: "markdown", says: "Style headings, bold text and code in a terminal (the default)." },
    { name: "no-markdown", says: "Show answers as plain text." },
  ],
  words: [],
  examples: [
    { line: 'nanoclaw agent -m "What is 2+2?"', says: "One question, one answer." },
    { line: "nanoclaw", says: "The prompt." },
    {
      line: 'npm test 2>&1 | nanoclaw agent -m "Why does it fail?"',
      says: "A question about piped material.",
    },
    { line: 'nanoclaw agent --folder .:rw -m "Fix the typos in README.md"', says: "Work in this folder." },
    { line: 'nanoclaw agent -s trip --json -m "Where were we?"', says: "A named session, events as JSON." },
  ],
  run: async (args, io, context, signal) => {
    const { runAgentCommand } = await import("./agent.ts");
    return await runAgentCommand(args, io, { ...context, services: await context.loadServices() }, signal);
  },
};

const undo: Command = {
  name: "undo",
  summary: "Put the assistant's files back as they were.",
  description: [
    "Before a turn changes anything, its files are kept: the workspace and what you shared for writing. Without --to, undo goes back to before the last turn that changed something; another undo goes further back. What was there before an undo is kept too, so an undo can be undone.",
  ],
  flags: [
    { name: "list", says: "Show what there is to go back to." },
    { name: "diff", says: "Show what would be changed, file by file, and change nothing." },
    {
      name: "to",
      value: "TIME|ID",
      says: 'Go back to a time (14:30, "2026-01-31 14:30") or a number of the list.',
    },
    { name: "yes", short: "y", says: "Do not ask." },
    { name: "group", short: "g", value: "GROUP", says: "Of this group (default: main)." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw undo", says: "Says what it would undo, and asks." },
    { line: "nanoclaw undo --diff", says: "Which files, since the last turn that changed something." },
    { line: "nanoclaw undo --to 14:30 --yes", says: "As it was at half past two." },
  ],
  run: async (args, io, context, signal) => {
    const { runUndoCommand } = await import("./undo.ts");
    return await runUndoCommand(args, io, await context.loadServices(), signal);
  },
};

const groups: Command = {
  name: "groups",
  summary: "List, show and add groups: each has its own memory, files and sandbox.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw groups list", says: "All groups." }],
  subcommands: [
    {
      name: "list",
      summary: "List all groups.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw groups list --json", says: "For a script." }],
      run: async (args, io, context, signal) => {
        const { runGroupsList } = await import("./groups.ts");
        return await runGroupsList(args, io, (await context.loadServices()).groups, signal);
      },
    },
    {
      name: "show",
      summary: "Show one group.",
      flags: [json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw groups show main", says: "Where it lives and how much it holds." }],
      run: async (args, io, context, signal) => {
        const { runGroupsShow } = await import("./groups.ts");
        return await runGroupsShow(args, io, (await context.loadServices()).groups, signal);
      },
    },
    {
      name: "add",
      summary: "Add a group.",
      flags: [json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw groups add family", says: "Letters, digits, - and _, at most 64." }],
      run: async (args, io, context, signal) => {
        const { runGroupsAdd } = await import("./groups.ts");
        return await runGroupsAdd(args, io, (await context.loadServices()).groups, signal);
      },
    },
  ],
};

const group: FlagSpec = {
  name: "group",
  short: "g",
  value: "GROUP",
  says: "Of this group (default: main).",
};

const sessions: Command = {
  name: "sessions",
  summary: "List, show, export and name conversations.",
  description: ["NAME is a conversation's name or its number in the list."],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw sessions list", says: "The last one first." }],
  subcommands: [
    {
      name: "list",
      summary: "List conversations, the last one first.",
      flags: [group, json],
      words: [],
      examples: [{ line: "nanoclaw sessions list --json", says: "For a script." }],
      run: async (args, io, context, signal) => {
        const { runSessionsList } = await import("./sessions.ts");
        return await runSessionsList(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "show",
      summary: "Print a conversation.",
      flags: [group, json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw sessions show 12", says: "As Markdown." }],
      run: async (args, io, context, signal) => {
        const { runSessionsShow } = await import("./sessions.ts");
        return await runSessionsShow(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "export",
      summary: "Write a conversation to a file.",
      flags: [group, { name: "force", says: "Write over a file that is there." }],
      words: [{ name: "NAME" }, { name: "FILE", isOptional: true }],
      examples: [{ line: "nanoclaw sessions export trip trip.json", says: "All of it, as JSON." }],
      run: async (args, io, context, signal) => {
        const { runSessionsExport } = await import("./sessions.ts");
        return await runSessionsExport(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "name",
      summary: "Name a conversation.",
      flags: [group],
      words: [{ name: "NAME" }, { name: "NEW" }],
      examples: [{ line: "nanoclaw sessions name 12 trip", says: "From then on: nanoclaw -s trip" }],
      run: async (args, io, context, signal) => {
        const { runSessionsName } = await import("./sessions.ts");
        return await runSessionsName(args, io, await context.loadServices(), signal);
      },
    },
  ],
};

const usage: Command = {
  name: "usage",
  summary: "Show how many tokens were used: today, in all, by model.",
  flags: [group, json],
  words: [],
  examples: [{ line: "nanoclaw usage --json", says: "For a script." }],
  run: async (args, io, context, signal) => {
    const { runUsageCommand } = await import("./sessions.ts");
    return await runUsageCommand(args, io, await context.loadServices(), signal);
  },
};

const models: Command = {
  name: "models",
  summary: "List the models that can be had as things stand.",
  flags: [json],
  words: [],
  examples: [{ line: "nanoclaw models", says: "The one in use is marked." }],
  run: async (args, io, context, signal) => {
    const { runModelsCommand } = await import("./sessions.ts");
    return await runModelsCommand(args, io, await context.loadServices(), signal);
  },
};

const status: Command = {
  name: "status",
  summary: "Show what is set up: folders, model, providers, sandbox, groups.",
  flags: [json],
  words: [],
  examples: [
    { line: "nanoclaw status", says: "At a glance. Keys are never shown." },
    { line: "nanoclaw status --json", says: "For a script." },
  ],
  run: async (args, io, context, signal) => {
    const { runStatusCommand } = await import("./status.ts");
    return await runStatusCommand(args, io, await context.loadServices(), signal);
  },
};

const onboard: Command = {
  name: "onboard",
  summary: "Set it up: folders, configuration and a model. Keeps what is there.",
  flags: [
    { name: "key-stdin", says: "Read an API key from standard input." },
    { name: "openrouter", says: "Sign in with OpenRouter, in the browser." },
    { name: "local", says: "Use a model server on this machine." },
    { name: "demo", says: "Use the built-in offline model; it is no language model." },
    { name: "provider", value: "NAME", says: "Whose key it is." },
    { name: "model", value: "MODEL", says: "Use this model from now on." },
    { name: "api-base", value: "URL", says: "Where the provider is reached." },
    { name: "reset", says: "Begin with a fresh configuration." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw onboard", says: "Asks, in a terminal." },
    { line: "pbpaste | nanoclaw onboard --key-stdin", says: "A key that stands in no history." },
    { line: "nanoclaw onboard --local --model qwen3", says: "Ollama, LM Studio or vLLM." },
  ],
  run: async (args, io, _context, signal) => {
    const [{ runOnboardCommand }, { createLoginEffects }] = await Promise.all([
      import("./onboard.ts"),
      import("./login-effects.ts"),
    ]);
    return await runOnboardCommand(args.raw, io, signal, createLoginEffects(io));
  },
};

const config: Command = {
  name: "config",
  summary: "Read, check and change the configuration.",
  description: [
    "get [KEY] · set KEY VALUE · unset KEY · path · schema · check [FILE]. A value of - is read from standard input.",
  ],
  readsOwnWords: true,
  flags: [json],
  words: [
    { name: "VERB", isOptional: true },
    { name: "WORD", isOptional: true, isRepeated: true },
  ],
  examples: [
    { line: "nanoclaw config get agents.defaults.model", says: "One setting." },
    { line: "nanoclaw config set agents.defaults.model openai/gpt-5", says: "Comments in the file stay." },
    { line: "nanoclaw config check", says: "What is wrong with it, by line." },
  ],
  run: async (args, io, _context, signal) => {
    const { runConfigCommand } = await import("./config.ts");
    return await runConfigCommand(args.raw, io, signal);
  },
};

const plugins: Command = {
  name: "plugins",
  summary: "Add, list and remove packages that speak to more model providers.",
  description: [
    "Any provider package of the AI SDK: Google, Bedrock, Mistral and many more. It is fetched once, without running its install scripts, made into one file and pinned by its hash; a file that was changed is not loaded.",
    "To use it: nanoclaw config set providers.google.package @ai-sdk/google",
  ],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw plugins list", says: "What is there." }],
  subcommands: [
    {
      name: "list",
      summary: "List the plugins.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw plugins list --json", says: "For a script, with the whole hashes." }],
      run: async (args, io, _context, signal) => {
        const { runPluginsList } = await import("./plugins.ts");
        return await runPluginsList(args, io, signal);
      },
    },
    {
      name: "add",
      summary: "Add a package, or another version of it.",
      flags: [json],
      words: [{ name: "PACKAGE" }],
      examples: [
        { line: "nanoclaw plugins add @ai-sdk/google", says: "The newest version." },
        { line: "nanoclaw plugins add @ai-sdk/mistral@4.0.1", says: "That very one." },
      ],
      run: async (args, io, _context, signal) => {
        const { runPluginsAdd } = await import("./plugins.ts");
        return await runPluginsAdd(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Remove a package.",
      flags: [],
      words: [{ name: "PACKAGE" }],
      examples: [{ line: "nanoclaw plugins remove @ai-sdk/google", says: "Its file goes too." }],
      run: async (args, io, _context, signal) => {
        const { runPluginsRemove } = await import("./plugins.ts");
        return await runPluginsRemove(args, io, signal);
      },
    },
  ],
};

const service: Command = {
  name: "service",
  summary: "Put the program where your shell finds it.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw service path", says: "Link nanoclaw and claw into ~/.local/bin." }],
  subcommands: [
    {
      name: "path",
      summary: "Link nanoclaw and claw into a folder on your PATH.",
      flags: [
        { name: "prefix", value: "FOLDER", says: "Link into FOLDER/bin instead of ~/.local/bin." },
        { name: "remove", says: "Remove the links again." },
      ],
      words: [],
      examples: [
        { line: "nanoclaw service path", says: "Link into ~/.local/bin." },
        { line: "nanoclaw service path --prefix /usr/local", says: "For everybody on this machine." },
        { line: "nanoclaw service path --remove", says: "Undo it." },
      ],
      run: async (args, io) => {
        const { runServicePath } = await import("./service.ts");
        return await runServicePath(args, io);
      },
    },
  ],
};

const help: Command = {
  name: "help",
  summary: "Show help on a command.",
  flags: [],
  words: [{ name: "COMMAND", isOptional: true, isRepeated: true }],
  examples: [{ line: "nanoclaw help agent", says: "All about one command." }],
  run: async (args, io) => {
    const { runHelpCommand } = await import("./help.ts");
    return await runHelpCommand(args.words, commands, io);
  },
};

const version: Command = {
  name: "version",
  summary: "Show the version.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw --version", says: "The same; -v and -V too." }],
  run: async (_args, io) => {
    const { version: current } = await import("./version.ts");
    await io.write(`nanoclaw ${current}\n`);
    return 0;
  },
};

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  agent,
  onboard,
  undo,
  status,
  sessions,
  usage,
  models,
  groups,
  config,
  plugins,
  service,
  help,
  version,
];
