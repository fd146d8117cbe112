import { decideIn } from "../authority/authority.ts";
import { parseTaintBits } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { toMidnight } from "../midnight.ts";
import { SecretFinder, strikeOut, type NamedSecret } from "../egress/secret-finder.ts";
import { withoutHidden } from "../hidden-characters.ts";
import type { Log } from "../log.ts";
import { getGroupById } from "../store/groups.ts";
import type { Reader, Transaction } from "../store/database.ts";
import type { ChatId, TurnId } from "../store/ids.ts";
import { readOutgoingTaint } from "../store/outgoing.ts";
import type { NewReply } from "../store/replies.ts";
import type { ChatSpeech } from "./chat-speech.ts";
import { findLinks, makeInert, mayHaveLinks } from "./inert-links.ts";
import { findStrangeLinks } from "./strange-links.ts";
import { findWordEnd } from "./word-end.ts";
import { tellMain } from "./tell-main.ts";

export interface OutgoingFilterOptions {
  /** All that must never be read in a chat. */
  readonly readSecrets: () => Promise<readonly NamedSecret[]>;
  readonly clock: Clock;
  readonly speech: ChatSpeech;
  readonly log: Log;
}

/** A text on its way out, and where it comes from. */
export interface Outgoing extends Pick<NewReply, "text" | "chat" | "group" | "kind"> {
  readonly turn?: TurnId | undefined;
}

export interface Filtered {
  readonly text: string;
  /** The names of those that were struck out. */
  readonly secrets: readonly string[];
  readonly inertLinks: number;
}

/** What the last texts of a chat ended with: a secret may be spread over several. */
const keptTail = 200;
const mostTails = 1000;

/** Of a text that goes on, the end is not shown before it is known what follows. */
const heldBack = 64;

/**
 * Every text that leaves for a chat passes it: secrets are struck out, whatever they are written as; where strangers' words
 * were seen, links that nobody vouched for are made inert. It reads nothing but its secrets and the store.
 */
export class OutgoingFilter {
  readonly #options: OutgoingFilterOptions;
  readonly #tails = new Map<ChatId, string>();
  #known: readonly NamedSecret[] | undefined;
  #finder: SecretFinder | undefined;

  constructor(options: OutgoingFilterOptions) {
    this.#options = options;
  }

  /** Reads the secrets, at first and when they have changed. Until that is done those from before are known. */
  async prepare(): Promise<void> {
    this.#known = await this.#options.readSecrets();
    this.#finder = undefined;
  }

  /** What may leave of it. The same again for what has been filtered. */
  async filter(reader: Reader, outgoing: Outgoing): Promise<Filtered> {
    const { text, secrets } = this.#strike(outgoing);
    const links = await this.#disarm(reader, outgoing, text);
    return { text: links.text, secrets, inertLinks: links.count };
  }

  /**
   * Of a text that goes on: as much as can be told of. Its last word may be the beginning of a secret or of a link; where
   * strangers' words were seen some more is held back.
   */
  async filterPart(reader: Reader, outgoing: Outgoing): Promise<string> {
    const { sawUntrusted } = parseTaintBits(await readOutgoingTaint(reader, outgoing));
    const { text } = outgoing;
    const end = findWordEnd(text, text.length - (sawUntrusted ? heldBack : 0));
    return (await this.filter(reader, { ...outgoing, text: text.slice(0, end) })).text;
  }

  /** Without a look at links: for what the owner alone is shown. */
  strike(text: string): string {
    return strikeOut(text, this.#secrets.find(text));
  }

  /** The names of secrets that stand in a file: with one in it, it does not leave. */
  async findInFile(bytes: Uint8Array): Promise<readonly string[]> {
    const { findInFile } = await import("./scan-file.ts");
    return await findInFile(bytes, this.#secrets);
  }

  /** That something was struck out, or a file held back, stands on record, and the owner is told once a day. Returns the chat where. */
  async record(
    tx: Transaction,
    outgoing: Outgoing,
    { secrets, isFile = false }: Pick<Filtered, "secrets"> & { readonly isFile?: boolean },
  ): Promise<ChatId | undefined> {
    const { clock, speech, log } = this.#options;
    const now = clock.now();
    const name = outgoing.group === undefined ? "" : (await getGroupById(tx, outgoing.group)).name;
    let told: ChatId | undefined;
    for (const secret of secrets) {
      const actor = {
        kind: "agent",
        via: "gateway",
        id: String(outgoing.turn ?? "none"),
        group: name,
        behalf: "member",
      } as const;
      const taint = parseTaintBits(await readOutgoingTaint(tx, outgoing));
      await decideIn(tx, { actor, action: "secret.send", object: { group: name, name: secret }, taint }, now);
      log.error("a secret was about to leave for a chat, and was kept", { secret, group: name, isFile });
      const { secretInFile, secretStruck } = speech.phrases;
      const text = (isFile ? secretInFile : secretStruck)({ secret, group: name });
      const chat = await tellMain(tx, { key: `secret:${secret}:${name}:${toMidnight(now)}`, text, now });
      told ??= chat?.id;
    }
    return told;
  }

  /** It has left: what comes next in the chat may go on where it ended. */
  noteSent(chat: ChatId, text: string): void {
    const tail = ((this.#tails.get(chat) ?? "") + text).slice(-keptTail);
    this.#tails.delete(chat);
    this.#tails.set(chat, tail);
    for (const oldest of this.#tails.keys()) {
      if (this.#tails.size <= mostTails) return;
      this.#tails.delete(oldest);
    }
  }

  get #secrets(): SecretFinder {
    if (this.#known === undefined) throw new Error("The filter was asked before it knew the secrets.");
    // Made for the first text that leaves, and not while a gateway starts.
    return (this.#finder ??= new SecretFinder(this.#known));
  }

  #strike({ text, chat }: Outgoing): { readonly text: string; readonly secrets: readonly string[] } {
    const before = this.#tails.get(chat) ?? "";
    const found = this.#secrets
      .find(before + text)
      .map(({ name, from, to }) => ({ name, from: from - before.length, to: to - before.length }))
      .filter(({ to }) => to > 0)
      .map((part) => ({ ...part, from: Math.max(0, part.from) }));
    return { text: strikeOut(text, found), secrets: [...new Set(found.map(({ name }) => name))] };
  }

  async #disarm(
    reader: Reader,
    { group, turn, kind }: Outgoing,
    text: string,
  ): Promise<{ readonly text: string; readonly count: number }> {
    // A notice of ours that belongs to no turn is in our own words.
    if (turn === undefined && kind === "notice") return { text, count: 0 };
    const { text: shown, hidden } = withoutHidden(text);
    if (hidden === 0 && !mayHaveLinks(text)) return { text, count: 0 };
    const { sawUntrusted } = parseTaintBits(await readOutgoingTaint(reader, { turn, group }));
    if (!sawUntrusted) return { text, count: 0 };
    const inert = await findStrangeLinks(reader, group, findLinks(shown));
    return { text: makeInert(shown, inert), count: inert.length };
  }
}
