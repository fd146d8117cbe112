import { isGateway } from "../../../src/channels/discord/find-gateway.ts";
import { officialBase } from "../../../src/channels/discord/config.ts";
import { toFields } from "../../../src/channels/discord/fields.ts";
import type { RestCall } from "../../fakes/discord/calls.ts";
import { openDiscord } from "../../fakes/discord/open-channel.ts";
import { anna, FakeDiscord } from "../../fakes/discord/server.ts";
import { runChannel } from "../../fakes/run-channel.ts";
import type { ChannelAttack } from "./attack.ts";
import { isStrangersFileFetched, withoutAsking } from "./read-by-strangers.ts";
import { addressOfThief, sendAndEdit } from "./send-and-edit.ts";

const { signal } = new AbortController();
const eve = { ...anna, id: "99", username: "eve", global_name: "Eve" };
const folder = "src/channels/discord";

/** What goes out when an assistant says this, as Discord gets it. */
async function say(text: string): Promise<readonly RestCall["body"][]> {
  await using server = new FakeDiscord();
  await sendAndEdit(openDiscord(server), "501", text);
  return [...server.callsOf("send"), ...server.callsOf("edit")].map(({ body }) => body);
}

/** By Discord's rules: a name in the text calls those whose kind may be called, all kinds where nothing is said. */
function callsSomebody(body: RestCall["body"]): boolean {
  const { content, allowed_mentions: allowed } = toFields(body);
  const kinds = (allowed as { parse?: readonly string[] } | undefined)?.parse ?? [
    "everyone",
    "users",
    "roles",
  ];
  const text = String(content);
  const everyone = /@(?:everyone|here)/.test(text) && kinds.includes("everyone");
  return everyone || (/(?<!\\)<@!?\d+>/.test(text) && kinds.includes("users"));
}

/** By Discord's rules: the page behind an address is asked for, unless it stands in brackets or the message says no. */
function asksForPage(body: RestCall["body"]): boolean {
  const { content, flags } = toFields(body);
  const isQuiet = (Number(flags ?? 0) & 4) !== 0;
  return (
    !isQuiet &&
    String(content)
      .replace(/<https?:[^>]*>/g, "")
      .includes("https://thief.test/")
  );
}

export const discordAttacks: readonly ChannelAttack[] = [
  {
    attack: "has an assistant on Discord call everybody who reads along",
    switchOff: {
      without: "nobody being called, and the letters that keep a name from being one",
      edits: [
        { file: `${folder}/deliver.ts`, from: "{ parse: [], ", to: '{ parse: ["everyone", "users"], ' },
        { file: `${folder}/format.ts`, from: ".replace(/@(?=everyone|here)/g, `@${gap}`)", to: "" },
      ],
    },
    attempt: async () => (await say("@everyone <@77> look")).some(callsSomebody),
  },
  {
    attack: "has Discord ask for a page whose address carries something out",
    switchOff: {
      without: "previews being off, and the brackets around an address",
      edits: [
        { file: `${folder}/deliver.ts`, from: "const suppressEmbeds = 4;", to: "const suppressEmbeds = 0;" },
        { file: `${folder}/format.ts`, from: "return `<${raw}>`;", to: "return raw;" },
      ],
    },
    attempt: async () => (await say(`see ${addressOfThief}`)).some(asksForPage),
  },
  {
    attack: "has a file fetched on Discord from wherever he likes",
    switchOff: {
      without: "the look at the host",
      edits: [
        {
          file: `${folder}/rest.ts`,
          from: "allow: (host, at) => host === hostname && at === wanted,",
          to: "allow: () => hostname !== '' && wanted > 0,",
        },
      ],
    },
    attempt: async () => {
      await using server = new FakeDiscord();
      await using elsewhere = new FakeDiscord();
      elsewhere.attachments.set("1", new TextEncoder().encode("inner"));
      const url = `${new URL(elsewhere.base).origin}/attachments/1`;
      server.createMessage("501", { id: "3000", attachments: [{ id: "600", filename: "a", size: 5, url }] });
      const fetched = openDiscord(server).files?.fetch("501/3000/600", signal);
      return await (fetched ?? Promise.reject(new Error("no files"))).then(
        () => true,
        () => false,
      );
    },
  },
  {
    attack: "presses a button on Discord and is taken for somebody else",
    switchOff: {
      without: "the presser being whom Discord names as such",
      edits: [
        {
          file: `${folder}/read-event.ts`,
          from: 'const sender = readSender(toFields(member)["user"] ?? user, member);',
          to: 'const sender = readSender(toFields(message)["author"] ?? user, member);',
        },
      ],
    },
    attempt: async () => {
      await using server = new FakeDiscord();
      await using under = await runChannel(openDiscord(server), { chat: "501" });
      await under.channel.ask?.ask("501", { id: 1, key: "k1", text: "Sure?" }, ["Yes"], signal);
      await server.press("501", "Yes", eve);
      return under.received.some(({ press, sender }) => press !== undefined && sender.id !== eve.id);
    },
  },
  {
    attack: "makes an answer to a press go to another place of the API",
    switchOff: {
      without: "the look at the token of what was pressed",
      edits: [{ file: `${folder}/read-event.ts`, from: "!/^[\\w-]+$/.test(token) || ", to: "" }],
    },
    attempt: async () => {
      await using server = new FakeDiscord();
      await using under = await runChannel(openDiscord(server), { chat: "501" });
      const data = { custom_id: "k1:0", component_type: 2 };
      const token = "../../channels/501";
      const common = { id: "8", type: 3, application_id: "4711", channel_id: "501", user: anna };
      await server.emit("INTERACTION_CREATE", { ...common, token, data });
      await server.say("501", { content: "behind it" });
      await server.until(() => under.received.some(({ text }) => text === "behind it"));
      return server.calls.some(({ path }) => path.startsWith("/channels/501/callback"));
    },
  },
  {
    attack: "names the gateway at which a session, and the token, is to be continued",
    switchOff: {
      without: "the look at whose gateway it is",
      edits: [
        {
          file: `${folder}/find-gateway.ts`,
          from: 'return url.protocol === "wss:" && url.port === "" && isOfficial(address);',
          to: "return true;",
        },
      ],
    },
    attempt: async () => isGateway("wss://gateway.discord.gg.thief.test/", officialBase),
  },
  {
    attack: "is let in by nobody and has a file of his fetched from Discord",
    switchOff: { without: "the question who may write, before anything is done", edits: withoutAsking },
    attempt: async () => {
      await using server = new FakeDiscord();
      server.addServer("900", "Home", [{ id: "910", name: "general", type: 0 }]);
      server.attachments.set("1", new TextEncoder().encode("x"));
      const url = `${new URL(server.base).origin}/attachments/1`;
      const attachments = [{ id: "600", filename: "a.txt", content_type: "text/plain", size: 1, url }];
      const meant = { content: "<@4711> open it", mentions: [server.me] };
      return await isStrangersFileFetched({
        channel: openDiscord(server),
        chat: "910",
        owner: anna.id,
        sendAsStranger: async () => {
          // To a session that has begun: what comes before is told to nobody.
          await server.until(() => server.openings.length > 0);
          await server.say("910", { ...meant, author: eve, attachments });
        },
        sayAsOwner: () => server.say("910", meant),
        answered: () => server.until(() => server.shownIn("910").some(({ content }) => content === "yes")),
        isFetched: () => server.callsOf("message").length > 0,
      });
    },
  },
];
