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
    readonly new: string;
    readonly status: string;
    readonly model: string;
    readonly undo: string;
    readonly stop: string;
    readonly help: string;
    readonly quit: string;
    readonly moreLines: string;
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
  };
  readonly undo: {
    /** Follows what would be done; answered with y or n. */
    readonly question: string;
    readonly nothing: string;
    readonly unchanged: string;
    readonly looking: string;
    readonly waiting: (facts: { pid: number }) => string;
  };
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
  slash: {
    new: "start a new conversation",
    status: "show model, session and what is shared",
    model: "show or choose the model",
    undo: "put the files back as they were",
    stop: "stop what is running (Ctrl-C too)",
    help: "show this",
    quit: "leave (Ctrl-D too)",
    moreLines: "Alt-Enter or a backslash at the end begins another line.",
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
  },
  undo: {
    question: "undo?",
    nothing: "There is nothing to undo.",
    unchanged: "Nothing was changed.",
    looking: "Looking through the files…",
    waiting: ({ pid }) => `Process ${pid} is at work in this group. Waiting for it.`,
  },
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

function listModels(models: readonly string[]): string {
  if (models.length === 0) return "no model loaded";
  const more = models.length > 3 ? ` and ${models.length - 3} more` : "";
  return `${models.slice(0, 3).join(", ")}${more}`;
}
