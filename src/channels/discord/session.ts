import type { Log } from "../../log.ts";
import type { ChannelMemory } from "../channel.ts";
import { toFields, toList } from "./fields.ts";
import { isSnowflake, laterOf, toSnowflake } from "./snowflake.ts";

/** A session with the gateway, which goes on where it had stopped for some minutes after a connection is lost. */
export interface Session {
  readonly id: string;
  readonly url: string;
  /** The last event that is on disk. */
  readonly seq: number;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly application: string;
}

interface Kept {
  readonly account?: Account;
  readonly session?: Session;
  /** What was written before is not ours. */
  readonly since?: string;
  /** By channel: the last message that is on disk. */
  readonly seen: Readonly<Record<string, string>>;
  /** Private chats among them: no event names those. */
  readonly direct: readonly string[];
  /** Who made the application; absent as long as nobody asked. */
  readonly makers?: readonly string[];
  /** With whom a private chat was opened before he had written. */
  readonly opened?: readonly string[];
  /** While what was missed is being fetched: what was seen before it was missed, and the servers that are still to come. */
  readonly missed?: Missed;
}

export interface Missed {
  readonly seen: Readonly<Record<string, string>>;
  readonly servers: readonly string[];
}

/** In a channel's memory. */
const memoryKey = "gateway";
/** So many channels are remembered, those in which something was written last. */
const mostChannels = 2000;
/** Channels in which nothing was ever written are looked at from this long before the last message that came anywhere. */
const overlapMs = 60_000;

/**
 * Where we had stopped. It is written behind what it tells of: what is told twice after a crash is known, and what was not
 * taken is never passed over.
 */
export class SessionKeeper {
  readonly #memory: ChannelMemory;
  readonly #log: Log;
  #kept: Kept = { seen: {}, direct: [] };
  #writing: Promise<void> | undefined;
  #isChanged = false;

  constructor(memory: ChannelMemory, log: Log) {
    this.#memory = memory;
    this.#log = log;
  }

  async open(): Promise<void> {
    this.#kept = parseKept((await this.#memory.read(memoryKey)) ?? "");
  }

  get session(): Session | undefined {
    return this.#kept.session;
  }

  get account(): Account | undefined {
    return this.#kept.account;
  }

  get missed(): Missed | undefined {
    return this.#kept.missed;
  }

  /** Private chats that we know. */
  get direct(): readonly string[] {
    return this.#kept.direct;
  }

  get makers(): readonly string[] | undefined {
    return this.#kept.makers;
  }

  seeMakers(makers: readonly string[]): void {
    this.#kept = { ...this.#kept, makers };
    this.#change();
  }

  hasOpened(person: string): boolean {
    return this.#kept.opened?.includes(person) === true;
  }

  /** A private chat in which nothing has come yet. */
  meetDirect(person: string, channel: string): void {
    const { opened = [], direct } = this.#kept;
    this.#kept = { ...this.#kept, opened: [...opened, person], direct: withChannel(direct, channel) };
    this.#change();
  }

  /** A first session of this account: what is older than `now` is not looked at. Another account's memories are not ours. */
  meet(account: Account, now: number): void {
    const isOther = this.#kept.account !== undefined && this.#kept.account.id !== account.id;
    const kept: Kept = isOther ? { seen: {}, direct: [] } : this.#kept;
    this.#kept = { ...kept, account, since: kept.since ?? toSnowflake(now) };
    this.#change();
  }

  /** A session that begins anew, in these servers: what was missed is fetched, also what an earlier one had not come to. */
  miss(servers: readonly string[]): void {
    const { missed, seen } = this.#kept;
    this.#kept = { ...this.#kept, missed: { seen: missed?.seen ?? seen, servers } };
    this.#change();
  }

  /** What was missed in a server has been fetched. */
  caughtUp(server: string): void {
    const { missed, ...kept } = this.#kept;
    if (missed === undefined) return;
    const servers = missed.servers.filter((each) => each !== server);
    this.#kept = servers.length === 0 ? kept : { ...kept, missed: { ...missed, servers } };
    this.#change();
  }

  /** After which message a channel is to be read, to miss none. */
  findPlace(channel: string): string {
    const { since = "0", missed, seen: now } = this.#kept;
    const seen = missed?.seen ?? now;
    const own = seen[channel];
    if (own !== undefined) return laterOf(own, since);
    const [last = "0"] = Object.values(seen).toSorted((one, other) => (laterOf(one, other) === one ? -1 : 1));
    const early = last === "0" ? "0" : (BigInt(last) - (BigInt(overlapMs) << 22n)).toString();
    return laterOf(since, early);
  }

  /** A message of the channel is on disk. */
  see(channel: string, message: string, isDirect: boolean): void {
    const { seen: before, direct } = this.#kept;
    const { [channel]: old = "0", ...others } = before;
    // The newest stands last: of too many the first are dropped.
    const seen: Record<string, string> = { ...others, [channel]: laterOf(old, message) };
    const [oldest] = Object.keys(seen);
    if (Object.keys(seen).length > mostChannels && oldest !== undefined) delete seen[oldest];
    this.#kept = { ...this.#kept, seen, direct: isDirect ? withChannel(direct, channel) : direct };
    this.#change();
  }

  begin(session: Session): void {
    this.#kept = { ...this.#kept, session };
    this.#change();
  }

  /** All events up to this one are on disk. */
  advance(seq: number): void {
    const { session } = this.#kept;
    if (session === undefined || seq <= session.seq) return;
    this.#kept = { ...this.#kept, session: { ...session, seq } };
    this.#change();
  }

  forget(): void {
    const { session: _, ...kept } = this.#kept;
    this.#kept = kept;
    this.#change();
  }

  /** Resolves when all of it is on disk, or could not be written. */
  async settle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** One write at a time, of what holds then. */
  #change(): void {
    this.#isChanged = true;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    try {
      while (this.#isChanged) {
        this.#isChanged = false;
        await this.#memory.write(memoryKey, JSON.stringify(this.#kept));
      }
    } catch (error) {
      this.#log.warn("where the gateway's session stands could not be written", { error });
    }
  }
}

function withChannel(channels: readonly string[], channel: string): readonly string[] {
  return channels.includes(channel) ? channels : [...channels, channel].slice(-mostChannels);
}

function parseKept(text: string): Kept {
  const fields = toFields(text === "" ? {} : parse(text));
  const { account, session, since, missed, makers, opened } = fields;
  const { id, name, application } = toFields(account);
  const { id: sessionId, url, seq } = toFields(session);
  const { seen: missedSeen, servers } = toFields(missed);
  return {
    seen: toTexts(fields["seen"]),
    direct: toTextList(fields["direct"]),
    ...(makers === undefined ? {} : { makers: toTextList(makers).filter(isSnowflake) }),
    ...(opened === undefined ? {} : { opened: toTextList(opened) }),
    ...(typeof since === "string" ? { since } : {}),
    ...(typeof id === "string" && typeof name === "string" && typeof application === "string"
      ? { account: { id, name, application } }
      : {}),
    ...(typeof sessionId === "string" && typeof url === "string" && typeof seq === "number"
      ? { session: { id: sessionId, url, seq } }
      : {}),
    ...(missed === undefined ? {} : { missed: { seen: toTexts(missedSeen), servers: toTextList(servers) } }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toTextList(value: unknown): readonly string[] {
  return toList(value).filter((each) => typeof each === "string");
}

function toTexts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(toFields(value)).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
