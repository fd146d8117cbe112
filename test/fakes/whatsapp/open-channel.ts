import { createChannelSetting } from "../channel-setting.ts";
import * as baileys from "baileys";
import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import type { Clock } from "../../../src/clock.ts";
import { createWhatsAppChannel } from "../../../src/channels/whatsapp/channel.ts";
import {
  Connection,
  type ConnectionEnds,
  type ConnectionOptions,
} from "../../../src/channels/whatsapp/library/connection.ts";
import type { LibraryLink, OpenLibrary } from "../../../src/channels/whatsapp/link.ts";
import { ReportQueue } from "../../../src/channels/whatsapp/report-queue.ts";
import { Session } from "../../../src/channels/whatsapp/session.ts";
import type { Order, Report } from "../../../src/channels/whatsapp/wire.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { Secret } from "../../../src/secret.ts";
import { createChannelMemory } from "../channel-memory.ts";
import type { FakeWhatsApp } from "./server.ts";

export const sessionKey = new Secret("a key of a test, as long as a key is: 0123456789");

/** The real library in this very process, which knows the authority of the fake: for tests that have no time for another one. */
export const openLibraryHere: OpenLibrary = () => openLibrary();

function openLibrary(options?: ConnectionOptions): LibraryLink {
  const reports = new ReportQueue();
  const commits = new Map<number, () => void>();
  let connection: Connection | undefined;
  let batches = 0;
  let isOver = false;
  const report = (each: Report): void => {
    if (!isOver) reports.push(each);
  };
  function order(given: Order): void {
    if (given.type === "committed") return commits.get(given.batch)?.();
    if (given.type === "call") {
      void connection
        ?.call(given.request)
        .then((answer) => report({ type: "answer", call: given.call, answer }));
      return;
    }
    const ends: ConnectionEnds = {
      report,
      async commit(batch) {
        const number = ++batches;
        const { promise, resolve } = Promise.withResolvers<void>();
        commits.set(number, resolve);
        report({ type: "batch", batch: number, ...batch });
        await promise;
      },
    };
    connection = new Connection(baileys, given, ends, options);
    void connection.open();
  }
  return {
    reports,
    order,
    async [Symbol.asyncDispose]() {
      isOver = true;
      reports.end();
      await connection?.close();
    },
  };
}

/** And is quiet, as it is in its own process: it prints the sessions that it closes. */
export function trust(server: FakeWhatsApp): void {
  for (const name of ["log", "info", "warn", "error"] as const) console[name] = () => {};
  Buffer.from(server.authority.publicKey).copy(baileys.WA_CERT_DETAILS.PUBLIC_KEY);
}

/** Links a new device, as `channels login` does, and keeps what it has learnt. */
export async function linkDevice(
  server: FakeWhatsApp,
  memory: ChannelMemory,
  key: Secret = sessionKey,
): Promise<void> {
  const session = new Session(memory, key);
  await using link = openLibraryHere({ command: [], plugins: "" });
  link.order({ type: "begin", plugins: "", url: server.url, state: {} });
  for await (const report of link.reports) {
    if (report.type === "picture") server.scan(report.text);
    if (report.type === "batch") {
      await session.change(report.state);
      link.order({ type: "committed", batch: report.batch });
    }
    if (report.type === "open") return;
    if (report.type === "closed") throw new Error(report.reason);
  }
}

export interface ChannelWorld {
  readonly memory?: ChannelMemory;
  readonly clock?: Clock;
  /** Where the socket leads, if not straight to the server. */
  readonly socketUrl?: string;
  readonly proxy?: string;
  readonly connection?: ConnectionOptions;
}

/** The real channel and the real library against the server of a test. */
export function openWhatsApp(
  server: FakeWhatsApp,
  { memory = createChannelMemory(), clock, socketUrl = server.url, proxy, connection }: ChannelWorld = {},
): Channel {
  const { mediaUrl } = server;
  const whatsapp = {
    ...defaultConfig.channels.whatsapp,
    enabled: true,
    token: sessionKey,
    socketUrl,
    mediaUrl,
    proxy: proxy ?? null,
  };
  const setting = createChannelSetting(
    { whatsapp },
    { memory, menu: [], ...(clock === undefined ? {} : { clock }) },
  );
  return createWhatsAppChannel(setting, () => openLibrary(connection));
}
