import type { ProviderRequest } from "../provider.ts";

/** What the demo model makes of a message: words, or a call of a tool that it was offered. */
export type Intent =
  | { readonly type: "say"; readonly text: string }
  | { readonly type: "call"; readonly tool: string; readonly input: Readonly<Record<string, string>> };

/** Understands a handful of sentences, by patterns, the same way every time. "This folder" is the one that is shared. */
export function readIntent(text: string, request: ProviderRequest, folder = "."): Intent {
  for (const [pattern, toIntent] of sentences) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const intent = toIntent(
      match.slice(1).map((group) => group.trim()),
      folder,
    );
    if (intent.type === "say" || isOffered(intent.tool, request)) return intent;
    return say(`I would use the tool ${intent.tool} for that, but it is not offered to me here.`);
  }
  return say(`${whoIAm} I did not understand that. ${whatIDo}`);
}

const whoIAm =
  "I am the built-in demo: no language model, only a few rules, but the loop, the tools and the sandbox that I use are the real ones.";
const whatIDo =
  'Try "which files are here?", "read notes.txt", "run: uname -a" or "write hello to greeting.txt". For a real model, give me a key with /login.';

const notShared =
  'I cannot see the folder where you stand: it is not shared with me. Start me with "nanoclaw agent --folder ." to let me read it, or say "list your files" for my own.';

type Sentence = readonly [pattern: RegExp, toIntent: (groups: readonly string[], folder: string) => Intent];

/** The first that fits counts. What became of a request to the owner stands before all that people write. */
const sentences: readonly Sentence[] = [
  [
    /^The owner said yes to request #(\d+)[^]*?\n--- begin \w+ ---\n([^]*?)\n?--- end \w+ ---/,
    ([id = "", result = ""]) =>
      say(`Request #${id} was allowed, and done:\n${result === "" ? "(nothing)" : result}`),
  ],
  [/^The owner said yes to request #(\d+)/, ([id = ""]) => say(`Request #${id} was allowed, and done.`)],
  [/^(The owner (?:said no to|has not answered|allowed) [^]*?#\d+\)?)/, ([said = ""]) => say(`${said}.`)],
  [/^\s*(?:please\s+)?run\s*:\s*([^]+)$/i, ([command = ""]) => call("shell", { command })],
  [/^\s*\$\s+([^]+)$/, ([command = ""]) => call("shell", { command })],
  [/\brun\s+`([^`]+)`/i, ([command = ""]) => call("shell", { command })],
  [
    /\bwrite\s+(["'`]?)([^]+?)\1\s+(?:in)?to\s+(?:the\s+)?(?:file\s+)?["'`]?([^\s"'`]*[^\s"'`.!])["'`]?[.!]?\s*$/i,
    ([, content = "", path = ""]) => call("write_file", { path, content }),
  ],
  [/\b(?:remember|don't forget|keep in mind)\b/i, () => say(`I can't remember things: ${whoIAm}`)],
  [
    /\b(?:read|open|show(?: me)?|cat|print|what(?:'s| is| does) in)\s+(?:the\s+)?(?:file\s+)?[`"']?([\w./-]*\w\.\w+)/i,
    ([path = ""], folder) => call("read_file", { path: folder === "." ? path : `${folder}/${path}` }),
  ],
  [
    /\b(?:this|current) (?:folder|directory)\b/i,
    (_, folder) => (folder === "." ? say(notShared) : call("list_files", { path: folder })),
  ],
  [
    /\b(?:files?|folders?|director(?:y|ies))\b|^\s*ls\b/i,
    (_, folder) => call("list_files", { path: folder }),
  ],
  [
    /^\s*(?:hi|hello|hey|hallo|hola|bonjour|ciao|moin|good (?:morning|afternoon|evening))\b/i,
    () => say(`Hello! ${whoIAm} ${whatIDo}`),
  ],
  [/\b(?:help|who are you|what can you do|what are you)\b|^\s*\?\s*$/i, () => say(`${whoIAm} ${whatIDo}`)],
  [/^\s*(?:thanks|thank you|danke|merci)\b/i, () => say("You are welcome.")],
];

function isOffered(name: string, { tools, toolChoice }: ProviderRequest): boolean {
  return toolChoice !== "none" && tools.some((tool) => tool.name === name);
}

function say(text: string): Intent {
  return { type: "say", text };
}

function call(tool: string, input: Readonly<Record<string, string>>): Intent {
  return { type: "call", tool, input };
}
