import { slackWords } from "../../words/english/slack.ts";
import type { Channel, ChannelSetting, IncomingMessage, Receipt, Receiver } from "../channel.ts";
import { receivePress } from "../receive-press.ts";
import { toStoredPieces } from "../rich-text/pieces.ts";
import { fetchMissed } from "./back-fill.ts";
import { readSlackSettings } from "./config.ts";
import { cutForSlack, longestText } from "./cut.ts";
import { Delivery } from "./deliver.ts";
import { fetchFile, largestFile } from "./fetch-file.ts";
import type { Fields } from "./fields.ts";
import { InOrder } from "./in-order.ts";
import { readMe, toError, type Me } from "./me.ts";
import { Names } from "./names.ts";
import { react } from "./react.ts";
import { readFrame, type FrameReading, type ReadFrame } from "./read-frame.ts";
import { readMessage } from "./read-message.ts";
import { Seen } from "./seen.ts";
import { wasSent } from "./sent-already.ts";
import { SocketMode, usualPace, type SocketPace } from "./socket-mode.ts";
import type { Frame } from "./socket-link.ts";
import { createWebApi } from "./web-api.ts";
import { Working } from "./working.ts";

/** How often the sign under what is worked on is looked after. */
const workingMs = 10_000;

/** A bot on Slack, read through Socket Mode: no address of ours is known to anyone. */
export function createSlackChannel(setting: ChannelSetting, pace: SocketPace = usualPace): Channel {
  const settings = readSlackSettings(setting.config);
  const { clock, log, memory, menu } = setting;
  const { repliesInThread } = settings;
  const api = createWebApi(settings);
  let onUnauthorized: (reason: string) => void = () => {};
  const delivery = new Delivery({
    api,
    clock,
    memory,
    repliesInThread,
    onUnauthorized: (reason) => onUnauthorized(reason),
  });
  const socket = new SocketMode({ api, clock, pace });
  const names = new Names(api, clock);
  const seen = new Seen(memory, clock);
  const order = new InOrder();
  const working = new Working({
    call: (...call) => delivery.call(...call),
    memory,
    sign: settings.workingSign,
  });
  const commands: ReadonlySet<string> = new Set(menu.map(({ name }) => name));
  let me: Me | undefined;

  function read(frame: Frame, reading: FrameReading): ReadFrame {
    try {
      return readFrame(frame, reading);
    } catch (error) {
      // One that cannot be understood is acknowledged: it would come again and again.
      log.error("an event could not be read and is left out", { type: frame.type, error });
      return { type: "nothing" };
    }
  }

  /** Names are waited for in the order of a chat; what is on its way to the disk is not waited for. */
  async function receive(
    receiver: Receiver,
    message: IncomingMessage,
    signal: AbortSignal,
  ): Promise<Receipt> {
    const receipt = await order.run(
      message.chat,
      () => names.complete(message, signal),
      (complete) => {
        working.see(complete);
        return receiver.receive(complete);
      },
    );
    seen.note(message);
    return receipt;
  }

  /** Whoever pressed is told why it did not count: on his own screen. */
  async function press(
    receiver: Receiver,
    pressed: Extract<ReadFrame, { type: "press" }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { message } = pressed;
    const receipt = await receivePress(pressed, memory, (known) => receive(receiver, known, signal));
    if (receipt.type !== "declined") return;
    const [channel = ""] = message.chat.split(":");
    const told = { channel, user: message.sender.id, text: receipt.reason.slice(0, 200) };
    // The press is on disk: it is acknowledged whether or not this arrives.
    void delivery.call(message.chat, "chat.postEphemeral", told, signal);
  }

  async function take(receiver: Receiver, known: ReadFrame, signal: AbortSignal): Promise<void> {
    switch (known.type) {
      case "message":
        await receive(receiver, known.message, signal);
        return;
      case "press":
        return await press(receiver, known, signal);
      case "moved":
        return await receiver.moved?.(known.from, known.to);
      case "nothing":
        return;
      default:
        known satisfies never;
    }
  }

  /** What was written while nobody listened; live events come meanwhile. */
  async function fill(
    receiver: Receiver,
    reading: FrameReading,
    until: number,
    signal: AbortSignal,
  ): Promise<void> {
    const takeOne = async (event: Fields): Promise<void> => {
      const message = readMessage(event, reading);
      if (message !== undefined) await receive(receiver, message, signal);
    };
    try {
      await fetchMissed({ api, clock, log, take: takeOne }, { places: seen.places, until }, signal);
    } catch (error) {
      if (!signal.aborted) log.warn("what was written while nobody listened could not be read", { error });
    }
  }

  return {
    name: "slack",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent: false, maxCharacters: longestText },
    async start(receiver, signal) {
      const stop = new AbortController();
      const limit = AbortSignal.any([signal, stop.signal]);
      let filling = Promise.resolve();
      let running = Promise.resolve();
      // A connection outlives the token by which answers are sent: without it, nothing is served.
      const refused = Promise.withResolvers<never>();
      refused.promise.catch(() => {});
      onUnauthorized = (reason) => {
        me = undefined;
        refused.reject(toError({ type: "unauthorized", reason }, "bot"));
      };
      let isConnected = false;
      try {
        me ??= await readMe(api, signal);
        const reading = { me, separateThreads: settings.separateThreads, commands };
        const until = await seen.load();
        running = socket.run(
          {
            connected: () => {
              isConnected = true;
              receiver.connected();
              filling = (async () => {
                if (until !== undefined) await fill(receiver, reading, until, limit);
                seen.saveSoon();
                await working.clear(limit);
              })().catch((error: unknown) => {
                if (!limit.aborted) log.warn("a start could not be finished", { error });
              });
            },
            take: (frame) => take(receiver, read(frame, reading), limit),
          },
          limit,
        );
        await Promise.race([running, refused.promise]);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        stop.abort();
        await running.catch(() => {});
        await filling;
        if (isConnected) seen.saveSoon();
        await Promise.all([seen.settled(), working.settled()]);
      }
    },
    send: (chat, reply, signal) => delivery.send(chat, reply, signal),
    format: { toPieces: (markdown) => toStoredPieces(markdown, cutForSlack) },
    edit: { edit: (chat, message, reply, signal) => delivery.edit(chat, message, reply, signal) },
    typing: { everyMs: workingMs, show: (chat, signal) => working.show(chat, signal) },
    react: {
      react: (chat, message, emoji, signal) =>
        react({ api, delivery, me: me?.user ?? "" }, { chat, message, emoji }, signal),
    },
    ask: { ask: (chat, reply, options, signal) => delivery.ask(chat, reply, options, signal) },
    history: {
      has: (chat, reply, signal) => wasSent({ api, clock, memory, repliesInThread }, chat, reply, signal),
    },
    files: {
      maxBytes: largestFile,
      fetch: (reference, signal) => fetchFile(api, reference, signal),
      async send(chat, reply, file, signal) {
        if (file.bytes.length > largestFile) {
          const { message } = slackWords.fileTooLarge({ megabytes: largestFile / 1_000_000 });
          return { type: "refused", reason: message };
        }
        return await delivery.sendFile(chat, reply, file, signal);
      },
    },
  };
}
