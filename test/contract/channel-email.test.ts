import { FakeMailServer } from "../fakes/mail/fake-mail-server.ts";
import { openEmail } from "../fakes/mail/open-channel.ts";
import { renameChats } from "./rename-chats.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

const toAddress = (chat: string): string => `${chat}@people.example`;

async function open(): Promise<ChannelUnderTest> {
  const server = new FakeMailServer();
  const channel = openEmail({ email: server.config, password: server.password });
  return {
    channel: renameChats(channel, {
      toChat: toAddress,
      toId: (id) => id.replace(/^<|@people\.example>$/g, ""),
    }),
    async write({ chat, id, text }) {
      const uid = server.write({ from: `Anna <${toAddress(chat)}>`, id: `${id}@people.example`, text });
      await server.until(() => server.isSeen(uid));
      return true;
    },
    read: async (chat) => server.textsTo(toAddress(chat)),
    readFiles: async (chat) =>
      server.sent
        .filter(({ to, mail }) => to.includes(toAddress(chat)) && mail.attachments.length > 0)
        .map(({ mail }) => ({
          name: mail.attachments[0]?.filename ?? "",
          bytes: new Uint8Array(mail.attachments[0]?.content as ArrayBuffer),
          text: (mail.text ?? "").trimEnd(),
        })),
    disconnect: () => server.disconnect(),
    loseNextAnswer: () => server.fail({ type: "lose" }),
    refuseNextConnection: () => server.fail({ type: "drop" }),
    refuseNext: () => server.fail({ type: "answer", at: "RCPT", line: "550 5.1.1 nobody of that name" }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

testChannel("email", open);
