import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const name = { name: "NAME" } as const;

export const secrets: Command = {
  name: "secrets",
  summary: "Keep secrets, and let groups use them without ever seeing them.",
  description: [
    "A value is typed unseen or piped in, sealed in secrets.json, and never printed again. Granted to a group it is added to requests outside of the sandbox: inside there is only an address.",
    "A new value counts from the next request on. What is granted is one place, some methods and some paths; the rest is refused.",
  ],
  flags: [],
  words: [],
  examples: [
    { line: "pass show github | nanoclaw secrets set GITHUB_TOKEN -", says: "Stands in no history." },
    {
      line: "nanoclaw secrets grant GITHUB_TOKEN --url https://api.github.com --path /user",
      says: "In there: curl $NANOCLAW_GRANT_GITHUB_URL/user",
    },
  ],
  subcommands: [
    {
      name: "set",
      summary: "Keep a value under a name, or replace it.",
      flags: [],
      words: [name, { name: "-", isOptional: true }],
      examples: [
        { line: "nanoclaw secrets set GITHUB_TOKEN", says: "Asks for it; stars are shown." },
        { line: "cat token.txt | nanoclaw secrets set GITHUB_TOKEN -", says: "From a file or a pipe." },
      ],
      run: async (args, io, _context, signal) => {
        const { runSecretsSet } = await import("../secrets.ts");
        return await runSecretsSet(args, io, signal);
      },
    },
    {
      name: "list",
      summary: "List names and what they are granted for; never a value.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw secrets list --json", says: "For a script." }],
      run: async (args, io, _context, signal) => {
        const { runSecretsList } = await import("../secrets.ts");
        return await runSecretsList(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Forget a value.",
      flags: [{ name: "force", says: "Also when it is granted." }],
      words: [name],
      examples: [{ line: "nanoclaw secrets remove GITHUB_TOKEN", says: "Its grants must be revoked first." }],
      run: async (args, io, _context, signal) => {
        const { runSecretsRemove } = await import("../secrets.ts");
        return await runSecretsRemove(args, io, signal);
      },
    },
    {
      name: "grant",
      summary: "Let a group use a secret at one place.",
      description: [
        "Without a way to send it: Authorization: Bearer VALUE. Without methods: GET and HEAD.",
        "With --model-wire it is a model's key for an engine inside: only questions to the listed models pass, without tools that the vendor runs and without anything it would fetch.",
      ],
      flags: [
        { name: "group", short: "g", value: "GROUP", says: "To this group (default: main)." },
        { name: "url", value: "BASE", says: "The service: https://HOST or https://HOST/PATH." },
        {
          name: "path",
          value: "PREFIX",
          isRepeatable: true,
          says: "Paths it is for; / is everything there.",
        },
        { name: "method", value: "METHODS", isRepeatable: true, says: "Such as GET,POST." },
        { name: "name", value: "GRANT", says: "What it is called inside (default: by the host)." },
        { name: "header", value: "HEADER", says: "Send it so: 'X-Api-Key' or 'Authorization: token {}'." },
        { name: "query", value: "NAME", says: "Send it behind the question mark." },
        { name: "basic", value: "USER", says: "Send it as this user's password." },
        { name: "model-wire", value: "WIRE", says: "A model's key: anthropic or openai." },
        { name: "model", value: "MODEL", isRepeatable: true, says: "A model that may be asked." },
        json,
      ],
      words: [name],
      examples: [
        {
          line: "nanoclaw secrets grant CRM -g work --url https://crm.example --path /all",
          says: "Read contacts; add --method GET,POST to change them too.",
        },
        {
          line: "nanoclaw secrets grant K --url https://api.x.ai --model-wire openai --model M",
          says: "For an engine that runs in the sandbox.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runSecretsGrant } = await import("../secrets.ts");
        return await runSecretsGrant(args, io, signal);
      },
    },
    {
      name: "revoke",
      summary: "Take a grant back.",
      flags: [],
      words: [{ name: "GROUP" }, { name: "GRANT" }],
      examples: [{ line: "nanoclaw secrets revoke main github", says: "From the next request on." }],
      run: async (args, io, _context, signal) => {
        const { runSecretsRevoke } = await import("../secrets.ts");
        return await runSecretsRevoke(args, io, signal);
      },
    },
  ],
};
