import { join } from "node:path";
import { afterAll } from "bun:test";
import { explain } from "../../../src/errors.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { loadLibrary } from "../../../src/channels/whatsapp/library/load.ts";
import { linkTelephone } from "../../../src/channels/whatsapp/linking.ts";
import { toSha256 } from "../../../src/plugins/load-plugin.ts";
import { writePlugins } from "../../../src/plugins/plugin-list.ts";
import { createChannelMemory } from "../../fakes/channel-memory.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { sayEnded, sayFetched, sayServed } from "../../fakes/provoke-channel.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import {
  linkDevice,
  openLibraryHere,
  openWhatsApp,
  sessionKey,
  trust,
} from "../../fakes/whatsapp/open-channel.ts";
import { FakeWhatsApp } from "../../fakes/whatsapp/server.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";

const never = new AbortController().signal;
const server = new FakeWhatsApp();
trust(server);
afterAll(() => server[Symbol.asyncDispose]());

/** Why the channel ends when this happens at WhatsApp. */
function happen(
  what: (memory: ReturnType<typeof createChannelMemory>) => void | Promise<void>,
): () => Promise<string> {
  return async () => {
    const memory = createChannelMemory();
    await linkDevice(server, memory);
    return await sayEnded(openWhatsApp(server, { memory }), () => what(memory));
  };
}

async function link(more: { readonly phone?: string }): Promise<string> {
  const whatsapp = { ...defaultConfig.channels.whatsapp, socketUrl: server.url };
  const place = {
    config: { ...defaultConfig, channels: { ...defaultConfig.channels, whatsapp } },
    memory: createChannelMemory(),
    program: { command: [], plugins: "" },
    key: sessionKey,
    ...more,
  };
  const end = async (): Promise<void> => server.end(408);
  return toSaid(
    await linkTelephone(place, end, never, openLibraryHere).then(() => ({ message: "" }), explain),
  );
}

testProvocations("whatsapp", {
  notLinked: {
    names: ["No telephone is linked", "nanoclaw channels login whatsapp"],
    provoke: () => sayServed("whatsapp"),
  },
  unlinked: {
    names: ["has ended the link", "nanoclaw channels login whatsapp"],
    provoke: happen(() => server.unlink()),
  },
  sessionUnreadable: {
    names: ["cannot be opened with the key", "nanoclaw channels login whatsapp"],
    provoke: async () => {
      const memory = createChannelMemory();
      await linkDevice(server, memory);
      const [name = ""] = (await memory.readAll("session ")).keys();
      await memory.write(name, "nothing that was sealed");
      return await sayEnded(openWhatsApp(server, { memory }));
    },
  },
  replaced: {
    names: ["Another program uses this very link", "nanoclaw channels login whatsapp"],
    provoke: happen(() => server.end(440)),
  },
  noLibrary: {
    names: ["cannot be loaded", "nanoclaw channels add whatsapp"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const plugins = join(bench.state, "plugins");
      await Bun.write(join(plugins, "baileys.mjs"), "export const other = 1;");
      writePlugins(plugins, [{ name: "baileys", version: "7.0.0-rc14", file: "baileys.mjs", sha256: "0" }]);
      return (await bench.run(["channels", "login", "whatsapp"])).err;
    },
  },
  otherLibrary: {
    names: ["another one than the WhatsApp channel was made for", "nanoclaw plugins remove baileys"],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const plugins = join(bench.state, "plugins");
      const text = "export const other = 1;";
      await Bun.write(join(plugins, "baileys.mjs"), text);
      const sha256 = toSha256(new TextEncoder().encode(text));
      writePlugins(plugins, [{ name: "baileys", version: "1.0.0", file: "baileys.mjs", sha256 }]);
      return toSaid(await loadLibrary(plugins).then(() => ({ message: "" }), explain));
    },
  },
  badAddress: {
    names: ["channels.whatsapp.socketUrl", "web.whatsapp.com"],
    provoke: () => sayServed("whatsapp", { token: "x".repeat(40), socketUrl: "web.whatsapp.com" }),
  },
  badProxy: {
    names: ["channels.whatsapp.proxy", "socks5://HOST:PORT"],
    provoke: () => sayServed("whatsapp", { token: "x".repeat(40), proxy: "proxy.example:3128" }),
  },
  notReached: {
    names: ["WhatsApp cannot be reached", "port 443"],
    provoke: happen(() => server.end(503)),
  },
  refused: {
    names: ["refuses this account (403)", "on the telephone"],
    provoke: happen(() => server.end(403)),
  },
  noCode: {
    names: ["gives no code", "429", "nanoclaw channels login whatsapp"],
    provoke: async () => {
      server.codeRefusals.push(429);
      return await link({ phone: "+15550001" });
    },
  },
  notScanned: {
    names: ["Nobody scanned", "nanoclaw channels login whatsapp"],
    provoke: async () => await link({}),
  },
  badPhone: {
    names: ["0151", "--phone"],
    provoke: async () => await link({ phone: "0151 1234567" }),
  },
  noFile: {
    names: ["could not be fetched from WhatsApp", "Send it again"],
    provoke: () =>
      sayFetched(
        openWhatsApp(server),
        JSON.stringify({ path: "/gone", key: "AA==", kind: "Image", hash: "AA==" }),
      ),
  },
  fileTooLarge: {
    names: ["larger than the 64 MB", "in parts"],
    provoke: async () => {
      server.files.set("/large", new Uint8Array(64_000_100));
      return await sayFetched(
        openWhatsApp(server),
        JSON.stringify({ path: "/large", key: "AA==", kind: "Image", hash: "AA==" }),
      );
    },
  },
} satisfies Record<keyof Failures["whatsapp"], Provocation>);
