import { receivePress } from "../receive-press.ts";
import type { ChannelMemory, IncomingMessage, Receipt, Receiver } from "../channel.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../clock.ts";
import { catchUp } from "./catch-up.ts";
import type { Directory, KnownChannel } from "./directory.ts";
import { toFields, toList } from "./fields.ts";
import type { Dispatch } from "./frame.ts";
import { openDirect } from "./open-direct.ts";
import type { OwnMessages } from "./own-messages.ts";
import { readEdit, readInteraction, readReaction, type ReadInteraction } from "./read-event.ts";
import { readMessage } from "./read-message.ts";
import type { ChatPlace, Reading } from "./reading.ts";
import type { Body, RestApi } from "./rest.ts";
import type { Account, SessionKeeper } from "./session.ts";
import { isSnowflake, laterOf, toSnowflake } from "./snowflake.ts";

export interface EventOptions {
  readonly api: RestApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: ChannelMemory;
  readonly keeper: SessionKeeper;
  readonly directory: Directory;
  readonly own: OwnMessages;
  readonly separateThreads: boolean;
  /** Who is let in, as far as it is said by number. */
  readonly people: readonly string[];
  /** Where somebody wrote last in a chat: a thread in it, or the chat itself. */
  readonly onPlace: (chat: string, channel: string) => void;
  /** Where the gateway may be told to be. */
  readonly findResumePlace: (address: unknown) => string;
}

/** What the gateway's events mean, one after the other. What they tell of is on disk when `take` resolves. */
export class Events {
  readonly #options: EventOptions;

  constructor(options: EventOptions) {
    this.#options = options;
  }

  async take(event: Dispatch, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const { directory } = this.#options;
    const { name, data } = event;
    switch (name) {
      case "READY":
        await this.#begin(event, receiver, signal);
        break;
      case "RESUMED":
        receiver.connected();
        break;
      case "GUILD_CREATE":
        await this.#enter(data, receiver, signal);
        break;
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
      case "THREAD_CREATE":
      case "THREAD_UPDATE":
        directory.see(data);
        break;
      case "CHANNEL_DELETE":
      case "THREAD_DELETE":
        directory.forget(data);
        break;
      case "MESSAGE_DELETE": {
        const { id } = toFields(data);
        if (typeof id === "string") this.#options.own.forget(id);
        break;
      }
      case "INTERACTION_CREATE":
        await this.#interact(data, receiver, signal);
        break;
      default:
        await this.#hear(event, receiver, signal);
    }
  }

  /** A session that begins anew: nothing tells of what was written in private since the last one. */
  async #begin({ data, seq }: Dispatch, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const { keeper, clock, findResumePlace } = this.#options;
    const { user, application, session_id: id, resume_gateway_url: url, guilds } = toFields(data);
    const { id: account, username, global_name: display } = toFields(user);
    if (!isSnowflake(account) || typeof id !== "string") return;
    const name = [display, username].find((each) => typeof each === "string" && each !== "");
    const { id: app } = toFields(application);
    const me = {
      id: account,
      name: typeof name === "string" ? name : "",
      application: isSnowflake(app) ? app : account,
    };
    keeper.meet(me, clock.now());
    const servers = toList(guilds)
      .map((each) => toFields(each)["id"])
      .filter(isSnowflake);
    keeper.miss(servers);
    await openDirect(this.#options, signal);
    for (const channel of keeper.direct)
      await this.#catchUp({ id: channel, server: undefined }, "0", receiver, signal);
    keeper.caughtUp("");
    keeper.begin({ id, url: findResumePlace(url), seq });
    receiver.connected();
  }

  /** A server with its channels; after a session that was lost, with what was written there meanwhile. */
  async #enter(data: unknown, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const { keeper, directory } = this.#options;
    const me = keeper.account;
    const { id, joined_at: joined } = toFields(data);
    if (me === undefined || !isSnowflake(id)) return;
    const channels = directory.seeServer(data, me.id);
    if (keeper.missed?.servers.includes(id) !== true) return;
    // What was written before the bot came is not for it.
    const time = typeof joined === "string" ? Date.parse(joined) : Number.NaN;
    const since = Number.isNaN(time) ? "0" : toSnowflake(time);
    for (const channel of channels) {
      const place = laterOf(keeper.findPlace(channel.id), since);
      const { last } = channel;
      if (last !== undefined && last !== place && laterOf(last, place) === last) {
        await this.#catchUp(channel, since, receiver, signal);
      }
    }
    keeper.caughtUp(id);
  }

  async #catchUp(
    { id: channel, server }: Pick<KnownChannel, "id" | "server">,
    since: string,
    receiver: Receiver,
    signal: AbortSignal,
  ): Promise<void> {
    const { keeper } = this.#options;
    const take = async (message: unknown): Promise<void> => {
      const { id } = toFields(message);
      const data = { ...toFields(message), channel_id: channel, edited_timestamp: null };
      const reading = await this.#read(server === undefined ? data : { ...data, guild_id: server }, signal);
      if (reading === undefined || !isSnowflake(id)) return;
      const read = this.#safely(() => readMessage(data, reading));
      if (read !== undefined) await receiver.receive(read);
      keeper.see(channel, id, reading.place.isPrivate);
    };
    await catchUp(channel, laterOf(keeper.findPlace(channel), since), { ...this.#options, take }, signal);
  }

  async #hear({ name, data, seq }: Dispatch, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const { keeper, own, onPlace } = this.#options;
    if (!heard.has(name)) return;
    const reading = await this.#read(data, signal);
    if (reading === undefined) return;
    const { id, nonce, author } = toFields(data);
    const { place, me } = reading;
    if (name === "MESSAGE_CREATE" && toFields(author)["id"] === me.id) {
      if (typeof nonce === "string" && isSnowflake(id)) own.see(nonce, id);
    }
    const mark = `${keeper.session?.id ?? ""}:${seq}`;
    const message = this.#safely(() => {
      switch (name) {
        case "MESSAGE_UPDATE":
          return readEdit(data, reading);
        case "MESSAGE_REACTION_ADD":
          return readReaction(data, reading, { mark, isGone: false });
        case "MESSAGE_REACTION_REMOVE":
          return readReaction(data, reading, { mark, isGone: true });
        default:
          return readMessage(data, reading);
      }
    });
    if (message !== undefined) {
      if (name === "MESSAGE_CREATE") onPlace(place.chat, place.channel);
      await receiver.receive(message);
    }
    if (name === "MESSAGE_CREATE" && isSnowflake(id)) keeper.see(place.channel, id, place.isPrivate);
  }

  /** Whoever gave a command or pressed is told that it counted, or why not: on his own screen, within three seconds. */
  async #interact(data: unknown, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const reading = await this.#read(data, signal);
    if (reading === undefined) return;
    const interaction = this.#safely(() => readInteraction(data, reading));
    if (interaction === undefined) return;
    const { id, token, type, message } = interaction;
    const take = (known: IncomingMessage): Promise<Receipt> => receiver.receive(known);
    const receipt =
      type === "press" ? await receivePress(interaction, this.#options.memory, take) : await take(message);
    const body = toCallback(interaction, receipt);
    await this.#options.api.call("POST", `/interactions/${id}/${token}/callback`, { body, signal });
  }

  /** Who and where. Undefined: it names no channel, or we do not know yet who we are. */
  async #read(data: unknown, signal: AbortSignal): Promise<Reading | undefined> {
    const { directory, keeper } = this.#options;
    const { channel_id: id, guild_id: guild, channel: given } = toFields(data);
    const me = keeper.account;
    if (!isSnowflake(id) || me === undefined) return undefined;
    if (!isSnowflake(guild)) {
      return toReading(
        me,
        { chat: id, channel: id, title: undefined, isPrivate: true, role: undefined },
        directory,
      );
    }
    if (given !== undefined) directory.see(given, guild);
    const channel = await directory.findChannel(id, signal);
    return toReading(me, await this.#findPlace(channel, guild, me, signal), directory);
  }

  async #findPlace(
    channel: KnownChannel,
    guild: string,
    me: Account,
    signal: AbortSignal,
  ): Promise<ChatPlace> {
    const { directory, separateThreads } = this.#options;
    const server = await directory.findServer(guild, me.id, signal);
    const { id, parent } = channel;
    const above = parent === undefined ? undefined : await directory.findChannel(parent, signal);
    const names = [above, separateThreads || above === undefined ? channel : undefined];
    const path = names
      .flatMap((each) => (each === undefined || each.name === "" ? [] : [each.name]))
      .join(" › ");
    return {
      chat: parent === undefined || separateThreads ? id : parent,
      channel: id,
      title: [path === "" ? "" : `#${path}`, server.name === "" ? "" : `(${server.name})`].join(" ").trim(),
      isPrivate: false,
      role: server.role,
    };
  }

  /** What cannot be understood must not stand in the way of all that follows. */
  #safely<T>(read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#options.log.error("an event could not be read and is left out", { error });
      return undefined;
    }
  }
}

const heard: ReadonlySet<string> = new Set([
  "MESSAGE_CREATE",
  "MESSAGE_UPDATE",
  "MESSAGE_REACTION_ADD",
  "MESSAGE_REACTION_REMOVE",
]);

/** For nobody else's eyes. */
const ephemeral = 64;

function toCallback({ type, message }: ReadInteraction, receipt: Receipt): Body {
  if (receipt.type === "declined") {
    return { type: 4, data: { content: receipt.reason.slice(0, 200), flags: ephemeral } };
  }
  // A press changes what it stood under; a command is answered in the chat, below.
  return type === "press"
    ? { type: 6 }
    : {
        type: 4,
        data: { content: `✓ \`${message.text.replaceAll("`", "").slice(0, 100)}\``, flags: ephemeral },
      };
}

function toReading(me: Account, place: ChatPlace, directory: Directory): Reading {
  return { me, place, nameOf: (channel) => directory.nameOf(channel) };
}
