import { AppError } from "../../errors.ts";
import { openTextSocket } from "../../egress/text-socket.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toCallFailure } from "../call-failure.ts";
import type { Channel, ChannelSetting, Receiver } from "../channel.ts";
import { toStoredPieces } from "../rich-text/pieces.ts";
import { readDiscordSettings } from "./config.ts";
import { runConnection } from "./connection.ts";
import type { ConnectionEnd } from "./close-codes.ts";
import { cutForDiscord, longestText } from "./cut.ts";
import { Delivery } from "./deliver.ts";
import { Directory } from "./directory.ts";
import { Events } from "./events.ts";
import { fetchFile, largestFile } from "./fetch-file.ts";
import { findGateway, isGateway, StartPace, withVersion } from "./find-gateway.ts";
import type { Dispatch } from "./frame.ts";
import { offerMenu } from "./menu.ts";
import { OwnMessages } from "./own-messages.ts";
import { createGuard, createRestApi } from "./rest.ts";
import { SessionKeeper } from "./session.ts";

export interface DiscordPace {
  /** So far apart sessions begin at least. */
  readonly apartMs: number;
  /** How long at most a session that was called invalid is waited after; Discord asks for chance in it. */
  readonly freshMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

const usualPace: DiscordPace = { apartMs: 5000, freshMs: 5000, random: Math.random };

/** Discord shows it for ten seconds. */
const typingMs = 8000;
const typingTimeoutMs = 5000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A bot on Discord, which hears by one connection of its own: no address of ours is known to anyone. */
export function createDiscordChannel(setting: ChannelSetting, pace: DiscordPace = usualPace): Channel {
  const settings = readDiscordSettings(setting.config);
  const { clock, log, memory, menu } = setting;
  const api = createRestApi(settings, clock);
  const keeper = new SessionKeeper(memory, log);
  const own = new OwnMessages();
  const starts = new StartPace(clock);
  const places = new Map<string, string>();
  let refusals = 0;
  const events = new Events({
    api,
    clock,
    log,
    memory,
    keeper,
    own,
    directory: new Directory(api),
    separateThreads: settings.separateThreads,
    people: settings.people,
    onPlace: (chat, channel) => places.set(chat, channel),
    findResumePlace: (address) =>
      typeof address === "string" && settings.gateway === undefined && isGateway(address, settings.base)
        ? withVersion(address)
        : (settings.gateway ?? ""),
  });
  const delivery = new Delivery({ api, memory, own });

  /** One connection, from its opening to its end. */
  async function connect(
    receiver: Receiver,
    signal: AbortSignal,
  ): Promise<ConnectionEnd & { wasReady: boolean }> {
    const { session } = keeper;
    let url = session?.url ?? "";
    if (url === "") {
      const gateway = await findGateway(api, settings, signal);
      if (session === undefined) await starts.wait(gateway, pace.apartMs, signal);
      url = gateway.url;
    }
    const token = settings.token.open();
    const opening =
      session === undefined
        ? { op: 2, d: { token, intents: settings.intents, properties } }
        : { op: 6, d: { token, session_id: session.id, seq: session.seq } };
    const { proxy } = settings;
    using socket = await openTextSocket(new URL(url), createGuard(url, proxy), signal).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        // Where the session was may be gone: the next try asks where it can be gone on with.
        if (session !== undefined) keeper.begin({ ...session, url: "" });
        throw new AppError("network", discordWords.notReached({ reason: toCallFailure(error).reason }));
      },
    );
    let wasReady = false;
    const told: Receiver = {
      ...receiver,
      receive: (message) => receiver.receive(message),
      connected() {
        wasReady = true;
        refusals = 0;
        receiver.connected();
      },
    };
    const take = async (event: Dispatch): Promise<void> => {
      await events.take(event, told, signal);
      if (event.name === "READY" && keeper.account !== undefined) {
        const { application } = keeper.account;
        await offerMenu(api, { menu, application, memory, log }, signal);
      }
    };
    const lastTaken = (): number | null => keeper.session?.seq ?? null;
    const end = await runConnection(
      {
        socket,
        opening,
        lastTaken,
        take,
        isUrgent: ({ name }) => name === "INTERACTION_CREATE",
        onTaken: ({ seq }) => keeper.advance(seq),
        clock,
        random: pace.random,
      },
      signal,
    );
    return { ...end, wasReady };
  }

  /** A refusal that only a person can mend is met less and less often. */
  function slowDown(error: unknown): unknown {
    if (!(error instanceof AppError) || error.code !== "config") return error;
    const retryAfterMs = Math.min(minuteMs * 2 ** refusals, hourMs);
    refusals += 1;
    const { message, hint = "", words } = error;
    return new AppError(
      "config",
      { message, hint, ...(words === undefined ? {} : { words }) },
      { retryAfterMs },
    );
  }

  return {
    name: "discord",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent: true, maxCharacters: longestText },
    async start(receiver, signal) {
      try {
        await keeper.open();
        for (let hasFailed = false; ;) {
          const { type, wasReady } = await connect(receiver, signal);
          if (signal.aborted) return;
          if (type === "anew") {
            keeper.forget();
            await clock.sleep(pace.freshMs * (0.2 + 0.8 * pace.random()), signal);
          }
          // Told to come again at once, and then at once again: that is no connection.
          if (hasFailed && !wasReady) {
            throw new AppError("network", discordWords.notReached({ reason: "it hung up at once" }));
          }
          hasFailed = !wasReady;
        }
      } catch (error) {
        if (!signal.aborted) throw slowDown(error);
      } finally {
        await keeper.settle();
      }
    },
    send: (chat, reply, signal) => delivery.send(chat, reply, signal),
    format: { toPieces: (markdown) => toStoredPieces(markdown, cutForDiscord) },
    edit: { edit: (chat, message, reply, signal) => delivery.edit(chat, message, reply, signal) },
    typing: {
      everyMs: typingMs,
      async show(chat, signal) {
        const path = `/channels/${places.get(chat) ?? chat}/typing`;
        await api.call("POST", path, { signal, timeoutMs: typingTimeoutMs });
        signal.throwIfAborted();
      },
    },
    react: { react: (chat, message, emoji, signal) => delivery.react(chat, message, emoji, signal) },
    ask: { ask: (chat, reply, options, signal) => delivery.ask(chat, reply, options, signal) },
    files: {
      maxBytes: largestFile,
      fetch: (reference, signal) => fetchFile(api, reference, signal),
      send: (chat, reply, file, signal) => delivery.sendFile(chat, reply, file, signal),
    },
  };
}

const properties = { os: "linux", browser: "nanoclaw", device: "nanoclaw" };
