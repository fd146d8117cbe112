import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toFields, toList } from "./fields.ts";
import type { RestApi } from "./rest.ts";
import { isSnowflake } from "./snowflake.ts";

export interface KnownChannel {
  readonly id: string;
  readonly name: string;
  readonly server: string | undefined;
  /** Of a thread: the channel that it was opened in. */
  readonly parent: string | undefined;
  /** The newest message, when we were told of it. */
  readonly last: string | undefined;
}

export interface KnownServer {
  readonly id: string;
  readonly name: string;
  /** The role that came with the bot: people name it where they mean the bot. */
  readonly role: string | undefined;
}

const threadTypes: readonly unknown[] = [10, 11, 12];

/** What channels and servers are called, and which of them are threads: as events tell, else asked for once. */
export class Directory {
  readonly #api: RestApi;
  readonly #channels = new Map<string, KnownChannel>();
  readonly #servers = new Map<string, KnownServer>();

  constructor(api: RestApi) {
    this.#api = api;
  }

  /** A server with all that is in it. Returns its channels and threads. */
  seeServer(data: unknown, me: string): readonly KnownChannel[] {
    const { id, name, roles, channels, threads } = toFields(data);
    if (!isSnowflake(id)) return [];
    this.#noteServer(id, name, roles, me);
    return [...toList(channels), ...toList(threads)].flatMap((each) => this.see(each, id) ?? []);
  }

  /** A channel or thread, new or changed. */
  see(data: unknown, of?: string): KnownChannel | undefined {
    const { id, name, type, parent_id: parent, guild_id: guild, last_message_id: last } = toFields(data);
    if (!isSnowflake(id)) return undefined;
    const server = of ?? (isSnowflake(guild) ? guild : this.#channels.get(id)?.server);
    const channel = {
      id,
      name: typeof name === "string" ? name : "",
      server,
      parent: threadTypes.includes(type) && isSnowflake(parent) ? parent : undefined,
      last: isSnowflake(last) ? last : undefined,
    };
    this.#channels.set(id, channel);
    return channel;
  }

  forget(data: unknown): void {
    const { id } = toFields(data);
    if (typeof id === "string") this.#channels.delete(id);
  }

  /** Throws `AppError("network")` when nobody can be asked: what stands there is to come again. */
  async findChannel(id: string, signal: AbortSignal): Promise<KnownChannel> {
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const answer = await this.#api.callPatiently("GET", `/channels/${id}`, { signal });
    if (answer.type === "ok") {
      const seen = this.see(answer.result);
      if (seen !== undefined) return seen;
    } else if (answer.type !== "refused") {
      throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
    }
    return { id, name: "", server: undefined, parent: undefined, last: undefined };
  }

  async findServer(id: string, me: string, signal: AbortSignal): Promise<KnownServer> {
    const known = this.#servers.get(id);
    if (known !== undefined) return known;
    const answer = await this.#api.callPatiently("GET", `/guilds/${id}`, { signal });
    if (answer.type === "ok") {
      const { name, roles } = toFields(answer.result);
      return this.#noteServer(id, name, roles, me);
    }
    if (answer.type === "refused") return { id, name: "", role: undefined };
    throw new AppError("network", discordWords.notReached({ reason: answer.reason }));
  }

  nameOf(channel: string): string | undefined {
    return this.#channels.get(channel)?.name;
  }

  #noteServer(id: string, name: unknown, roles: unknown, me: string): KnownServer {
    const own = toList(roles)
      .map(toFields)
      .find(({ tags }) => toFields(tags)["bot_id"] === me);
    const role = isSnowflake(own?.["id"]) ? own["id"] : undefined;
    const server = { id, name: typeof name === "string" ? name : "", role };
    this.#servers.set(id, server);
    return server;
  }
}
