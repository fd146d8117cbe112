import { approvalPhrases, type ApprovalPhrases } from "./approval-phrases.ts";
import { doctorPhrases, type DoctorPhrases } from "./doctor-phrases.ts";
import { chatPhrases, type ChatPhrases } from "./chat-phrases.ts";
import { factPhrases, type FactPhrases } from "./fact-phrases.ts";
import { guardPhrases, type GuardPhrases } from "./guard-phrases.ts";
import { usagePhrases, type UsagePhrases } from "./usage-phrases.ts";

/** What the prompt, the first screen and the help say when nothing went wrong. */
export interface Phrases {
  readonly seeHelp: (facts: { line: string }) => string;
  readonly help: {
    readonly about: string;
    readonly usage: string;
    readonly prompt: string;
    readonly oneShot: string;
    readonly commands: string;
    readonly flags: string;
    readonly examples: string;
    readonly more: string;
    readonly helpFlag: string;
    /** By the command's words: `groups add`. In English they stand with the commands. */
    readonly summaries: Readonly<Record<string, string>>;
  };
  /** One for each command of the prompt. */
  readonly slash: {
    readonly approvals: string;
    readonly approve: string;
    readonly deny: string;
    readonly new: string;
    readonly retry: string;
    readonly edit: string;
    readonly sessions: string;
    readonly undo: string;
    readonly compact: string;
    readonly export: string;
    readonly status: string;
    readonly usage: string;
    readonly tasks: string;
    readonly show: string;
    readonly tools: string;
    readonly model: string;
    readonly login: string;
    readonly whoami: string;
    readonly stop: string;
    readonly help: string;
    readonly quit: string;
    /** What else can be entered, line by line. */
    readonly input: readonly string[];
  };
  readonly approval: ApprovalPhrases;
  readonly editor: {
    readonly search: string;
    readonly notFound: string;
    readonly more: (facts: { count: number }) => string;
  };
  readonly prompt: {
    readonly banner: string;
    readonly leaveAgain: string;
    readonly unknownCommand: (facts: { typed: string; nearest: string | undefined }) => string;
    readonly newConversation: string;
    readonly model: (facts: { model: string }) => string;
    readonly nothingRuns: string;
    readonly dropped: (facts: { count: number }) => string;
    readonly stopping: string;
    readonly stopped: string;
    readonly goesAlong: string;
    /** Where the conversation is carried on from now on. */
    readonly moved: Readonly<Record<"gateway" | "alone" | "stays", string>>;
    readonly summingUp: string;
    readonly summedUp: (facts: { entries: number }) => string;
    readonly exists: (facts: { path: string }) => string;
    readonly overwrite: string;
    readonly nothingWritten: string;
    readonly written: (facts: { path: string }) => string;
    readonly named: (facts: { name: string }) => string;
    readonly resumed: (facts: { name: string; entries: number }) => string;
    readonly noSessions: string;
    readonly more: (facts: { count: number }) => string;
    readonly attached: (facts: { path: string; characters: number }) => string;
    readonly attachedPicture: (facts: { path: string }) => string;
    readonly noSuchFile: (facts: { path: string }) => string;
    readonly toolsWork: (facts: { sandbox: string }) => string;
  };
  readonly status: {
    /** A server on this machine. */
    readonly late: (facts: { label: string; ms: number }) => string;
  };
  /** What a chat is told that is not the assistant's own words. */
  readonly chat: ChatPhrases & GuardPhrases;
  /** What stands before a fact, in a list of such. */
  readonly facts: FactPhrases;
  readonly usage: UsagePhrases;
  readonly undo: {
    /** Follows what would be done; answered with y or n. */
    readonly question: string;
    readonly nothing: string;
    readonly unchanged: string;
    readonly looking: string;
    readonly waiting: (facts: { pid: number }) => string;
  };
  readonly operations: {
    readonly noLog: (facts: { path: string }) => string;
    readonly backedUp: (facts: { path: string; bytes: number; groups: readonly string[] }) => string;
    /** Follows what would be put aside; answered with y or n. */
    readonly question: string;
    readonly restored: (facts: { date: string; aside: string | undefined }) => string;
    readonly restoreFinished: string;
    readonly stillUsed: (facts: { pid: number }) => string;
    readonly installed: (facts: { manager: string; file: string | undefined }) => string;
    readonly started: string;
    readonly ended: string;
    /** Of a gateway that was told to, while it is at work. */
    readonly stopping: (facts: { turns: number }) => string;
    readonly uninstalled: string;
    readonly endsWithLogin: string;
    readonly endsWithMachine: string;
    readonly keyNotSeen: (facts: { name: string }) => string;
    readonly runs: (facts: { pid: number | undefined }) => string;
    readonly stands: string;
    readonly notInstalled: string;
    readonly startsWithMachine: string;
  };
  readonly doctor: DoctorPhrases;
  readonly folder: {
    readonly question: string;
    /** The letters stay r, w and n. */
    readonly choices: string;
    readonly answers: { readonly read: string; readonly write: string; readonly none: string };
  };
  readonly login: {
    readonly needsModel: string;
    readonly choose: (facts: { count: number }) => string;
    readonly typeNumber: (facts: { count: number }) => string;
    readonly openRouter: string;
    readonly pasteKey: string;
    readonly demo: string;
    readonly local: (facts: { label: string; address: string; models: readonly string[] }) => string;
    readonly whichModel: string;
    readonly whoseKey: string;
    readonly keyQuestion: string;
    readonly browserOpens: string;
    readonly openYourself: string;
    readonly waiting: string;
    readonly answersFrom: (facts: { model: string; label: string }) => string;
    readonly demoAnswers: string;
    readonly keySaved: string;
    readonly unchecked: (facts: { reason: string }) => string;
    readonly nothingChanged: string;
  };
}

export const phrases: Phrases = {
  seeHelp: ({ line }) => `See: ${line}`,
  help: {
    about: "A personal AI assistant that lives on your own machine.",
    usage: "Usage",
    prompt: "the prompt (also: claw)",
    oneShot: "one question, one answer",
    commands: "Commands",
    flags: "Flags",
    examples: "Examples",
    more: "More on one: nanoclaw help COMMAND",
    helpFlag: "Show this help.",
    summaries: {},
  },
  approval: approvalPhrases,
  slash: {
    approvals: "list what waits for your yes",
    approve: "show request NUMBER and answer it",
    deny: "say no to request NUMBER",
    new: "start a new conversation (also /clear)",
    retry: "ask the last message again, in place of its answer",
    edit: "change the last message and ask again",
    sessions: "list conversations, or go on with one; /sessions name NEW names this one",
    undo: "put the files back as they were: before the last turn, or TO a number or time of /undo list",
    compact: "let the model sum up what was said so far",
    export: "write this conversation to a Markdown file, or to FILE.json",
    status: "show model, session and what is shared",
    usage: "show tokens: of the last turn, this conversation, today, by model",
    tasks: "show what is to be done later",
    show: "show all that a tool gave: of the last call, or by its number",
    tools: "show what the assistant can use",
    model: "choose the model, or list those that are known",
    login: "sign in or give a key, and go on with that model",
    whoami: "show who you are here",
    stop: "stop what is running",
    help: "show this",
    quit: "leave (Ctrl-D too)",
    input: [
      "@PATH     attach a file of a shared folder or of the workspace, or any picture of yours; drag one here",
      "!COMMAND  run a command in the sandbox yourself; the model sees it with your next message",
      "Alt-Enter or a backslash at the end begins another line.",
      "Tab completes what begins with / or @.",
      "Up and down go through what you wrote, Ctrl-R searches it.",
      "Ctrl-W, Ctrl-U and Ctrl-K cut a word or a line, Ctrl-Y puts it back.",
      "What you enter while a turn runs goes along at its next step; Ctrl-C stops it.",
    ],
  },
  editor: {
    search: "search",
    notFound: "not found",
    more: ({ count }) => `… and ${count.toLocaleString("en")} more characters`,
  },
  prompt: {
    banner: "/help shows what you can do",
    leaveAgain: "(Ctrl-C again leaves)",
    unknownCommand: ({ typed, nearest }) =>
      `Unknown command ${typed}.${nearest === undefined ? "" : ` Did you mean ${nearest}?`} /help shows all.`,
    newConversation: "A new conversation.",
    model: ({ model }) => `The model is ${model}.`,
    nothingRuns: "Nothing is running.",
    dropped: ({ count }) => `Dropped what was waiting: ${count}. It is in the history.`,
    stopping: "Stopping…",
    stopped: "Stopped.",
    goesAlong: "(goes along at the next step)",
    moved: {
      gateway: "A gateway runs now: this conversation goes on through it.",
      alone: "The gateway has ended: this conversation goes on by itself.",
      stays: "A gateway runs now, with another model: this conversation goes on by itself.",
    },
    summingUp: "Summing up… (Ctrl-C stops)",
    summedUp: ({ entries }) => `${entries} entries are now a summary; the last turns stay as they were.`,
    exists: ({ path }) => `${path} is there already.`,
    overwrite: "Write over it?",
    nothingWritten: "Nothing was written.",
    written: ({ path }) => `Written to ${path}.`,
    named: ({ name }) => `This conversation is now ${name}.`,
    resumed: ({ name, entries }) => `Going on with ${name}, ${entries} entries.`,
    noSessions: "No conversations yet.",
    more: ({ count }) => `and ${count} more`,
    attached: ({ path, characters }) => `${path} goes along, ${characters.toLocaleString("en")} characters.`,
    attachedPicture: ({ path }) => `${path} goes along, a picture.`,
    noSuchFile: ({ path }) => `There is no file ${path} here: sent as text.`,
    toolsWork: ({ sandbox }) => `They work in the sandbox: ${sandbox}`,
  },
  status: {
    late: ({ label, ms }) => `${label} listens on this machine and did not answer within ${ms} ms.`,
  },
  chat: { ...chatPhrases, ...guardPhrases },
  facts: factPhrases,
  usage: usagePhrases,
  undo: {
    question: "undo?",
    nothing: "There is nothing to undo.",
    unchanged: "Nothing was changed.",
    looking: "Looking through the files…",
    waiting: ({ pid }) => `Process ${pid} is at work in this group. Waiting for it.`,
  },
  operations: {
    noLog: ({ path }) => `There is no log yet: a gateway writes it (${path}).`,
    backedUp: ({ path, bytes, groups }) =>
      `${path}: ${toSize(bytes)}, with ${groups.length === 1 ? "the group" : "the groups"} ${groups.join(", ")}. Read back and found whole. It holds your keys.`,
    question: "Go on?",
    restored: ({ date, aside }) =>
      `Restored as it was at ${date}.${aside === undefined ? "" : ` What was there lies in ${aside}; remove it when you miss nothing.`}`,
    restoreFinished: "The restore that was cut short is complete now.",
    stillUsed: ({ pid }) => `Process ${pid} still uses what was put aside: end it.`,
    installed: ({ manager, file }) =>
      `The gateway runs as a service (${manager}${file === undefined ? "" : `, ${file}`}).`,
    started: "The gateway runs.",
    ended: "The gateway has ended.",
    stopping: ({ turns }) =>
      `Stopping. ${turns === 1 ? "What is being answered has" : `${turns} that are being answered have`} six seconds to end; told to stop once more it ends at once, and nothing is lost.`,
    uninstalled: "The service is gone; your data stays.",
    endsWithLogin: "It ends when you log out. So that it goes on: loginctl enable-linger",
    endsWithMachine:
      "Nothing on this machine starts services: after a restart of the machine, or if it ends, start it again with nanoclaw service start.",
    keyNotSeen: ({ name }) =>
      `The key in ${name} is in your shell only, and a service does not see it. Save it: echo "$${name}" | nanoclaw onboard --key-stdin`,
    runs: ({ pid }) => `runs${pid === undefined ? "" : ` (process ${pid})`}`,
    stands: "stopped",
    notInstalled: "not installed: nanoclaw service install",
    startsWithMachine: "starts by itself",
  },
  doctor: doctorPhrases,
  folder: {
    question: "Let the assistant see this folder?",
    choices: "[r]ead · [w]rite · [n]o",
    answers: { read: "read", write: "write", none: "no" },
  },
  login: {
    needsModel: "NanoClaw needs a language model. Where should it come from?",
    choose: ({ count }) => `Choose 1–${count} [1]: `,
    typeNumber: ({ count }) => `Type a number from 1 to ${count}.`,
    openRouter: "Sign in with OpenRouter in the browser",
    pasteKey: "Paste an API key",
    demo: "The built-in demo: offline, no account, and no language model",
    local: ({ label, address, models }) => `${label} on this machine (${address}): ${listModels(models)}`,
    whichModel: "Which model?",
    whoseKey: "Whose key is it?",
    keyQuestion: "Paste the key (it is not shown): ",
    browserOpens: "Your browser opens this page:",
    openYourself: "Open this page in a browser on this machine:",
    waiting: "Waiting for you to sign in there. Ctrl-C gives up.",
    answersFrom: ({ model, label }) => `${model} from ${label} answers.`,
    demoAnswers: "The built-in demo answers. It is no language model.",
    keySaved: "The key is in secrets.json.",
    unchecked: ({ reason }) => `The key could not be checked: ${reason}`,
    nothingChanged: "Nothing was changed.",
  },
};

function toSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function listModels(models: readonly string[]): string {
  const more = models.length > 3 ? ` and ${models.length - 3} more` : "";
  return models.length === 0 ? "no model loaded" : `${models.slice(0, 3).join(", ")}${more}`;
}
