import type { Command } from "../command.ts";
import type { FlagSpec } from "../arguments.ts";
import { json } from "./flags.ts";

const name = { name: "CHANNEL" } as const;
const phone: FlagSpec = {
  name: "phone",
  value: "NUMBER",
  says: "WhatsApp: type a code on this telephone, in place of scanning a picture.",
};

export const channels: Command = {
  name: "channels",
  summary: "Talk to the assistant in a chat app: set one up, and see how it is.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw channels add telegram", says: "From nothing to talking in three minutes." }],
  subcommands: [
    {
      name: "add",
      summary: "Set a channel up, and become its owner.",
      description: [
        "Says what to tap, takes the token unseen and checks it, seals it in secrets.json, and shows a code to scan: whoever does becomes the owner, and their private chat is main's.",
      ],
      flags: [{ name: "token-stdin", says: "Take the token from a pipe, and ask nothing." }, phone, json],
      words: [name],
      examples: [
        { line: "nanoclaw channels add telegram", says: "Step by step." },
        {
          line: "cat token.txt | nanoclaw channels add telegram --token-stdin --json",
          says: "For a script.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runChannelsAdd } = await import("../channels-add.ts");
        return await runChannelsAdd(args, io, signal);
      },
    },
    {
      name: "login",
      summary: "Show a new code that makes an owner, or link a telephone anew.",
      flags: [phone, json],
      words: [name],
      examples: [
        { line: "nanoclaw channels login telegram", says: "For a second telephone number." },
        { line: "nanoclaw channels login whatsapp", says: "When the telephone has ended the link." },
      ],
      run: async (args, io, _context, signal) => {
        const { runChannelsLogin } = await import("../channels-add.ts");
        return await runChannelsLogin(args, io, signal);
      },
    },
    {
      name: "list",
      summary: "List the channels that there are.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw channels list", says: "Which are on, and how to set up the others." }],
      run: async (args, io, _context, signal) => {
        const { runChannelsList } = await import("../channels.ts");
        return await runChannelsList(args, io, signal);
      },
    },
    {
      name: "status",
      summary: "Show whether each is connected, and which chats cannot be written to.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw channels status", says: "As the gateway that runs sees it." }],
      run: async (args, io, _context, signal) => {
        const { runChannelsStatus } = await import("../channels.ts");
        return await runChannelsStatus(args, io, signal);
      },
    },
    {
      name: "test",
      summary: "Ask the platform now; fails when something is in the way.",
      flags: [json],
      words: [name],
      examples: [{ line: "nanoclaw channels test telegram", says: "The token, the network, the gateway." }],
      run: async (args, io, _context, signal) => {
        const { runChannelsTest } = await import("../channels.ts");
        return await runChannelsTest(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Switch a channel off and forget its token.",
      flags: [],
      words: [name],
      examples: [{ line: "nanoclaw channels remove telegram", says: "Chats and people stay known." }],
      run: async (args, io, _context, signal) => {
        const { runChannelsRemove } = await import("../channels.ts");
        return await runChannelsRemove(args, io, signal);
      },
    },
  ],
};
