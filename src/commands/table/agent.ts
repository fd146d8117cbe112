import type { Command } from "../command.ts";

export const agent: Command = {
  name: "agent",
  summary: "Talk to the assistant: a prompt, or one question and its answer.",
  description: [
    "In a terminal, without a message, it opens the prompt. With -m, -f or something piped in it answers once and ends. When the output is no terminal it carries the answer and nothing else.",
    "Piped input alone is the message. Beside -m or -f it is material: the assistant sees it, marked as content that is not your words. The same goes for -f beside -m.",
    "--json prints one event a line, as it happens: turn-start with the version of the format, step-start, thinking-delta, text-delta, message-end, message-join, tool-start, tool-progress, tool-end, approval-wait, retry, notice, and at last turn-end, also when it failed. docs/events.md says what each carries.",
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
    const { runAgentCommand } = await import("../agent.ts");
    return await runAgentCommand(args, io, { ...context, services: await context.loadServices() }, signal);
  },
};
