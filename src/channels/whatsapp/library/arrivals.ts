import type { BinaryNode, proto, WAMessageKey } from "baileys";
import type { ArrivedMessage, MessageContent } from "../wire.ts";
import type { Library, Socket } from "./load.ts";

interface Decrypted {
  readonly key: WAMessageKey;
  readonly name: string | undefined;
  readonly at: number;
  readonly content: proto.IMessage;
}

const mostWaiting = 1000;

/**
 * Messages at the moment they are decrypted, which is before the library gives a receipt for them; its own event comes after the
 * receipt, and may be held back for many seconds.
 */
export class Arrivals {
  readonly #library: Library;
  readonly #socket: Socket;
  readonly #titles = new Map<string, string>();
  readonly #nodes = new Map<string, BinaryNode>();
  readonly #onArrival: () => void;
  #decrypted: Decrypted[] = [];

  constructor(library: Library, socket: Socket, onArrival: () => void) {
    this.#library = library;
    this.#socket = socket;
    this.#onArrival = onArrival;
    socket.ws.prependListener("CB:message", (node: BinaryNode) => this.#see(node));
    const retries = socket.messageRetryManager;
    if (retries === null) throw new Error("the library keeps no recent messages");
    const remember = retries.addRecentMessage.bind(retries);
    retries.addRecentMessage = (chat, id, content) => {
      remember(chat, id, content);
      this.#take(chat, id, content);
    };
    // What the telephone sent once more because we could not read it comes by this way only.
    socket.ev.on("messages.upsert", ({ messages, requestId }) => {
      if (requestId === undefined) return;
      for (const { key, message, pushName, messageTimestamp } of messages) {
        if (message)
          this.#add({ key, content: message, name: pushName ?? undefined, at: Number(messageTimestamp) });
      }
    });
    socket.ev.on("groups.update", (groups) => {
      for (const { id, subject } of groups)
        if (id !== undefined && subject !== undefined) this.#titles.set(id, subject);
    });
  }

  get areThere(): boolean {
    return this.#decrypted.length > 0;
  }

  async take(): Promise<readonly ArrivedMessage[]> {
    const taken = this.#decrypted;
    this.#decrypted = [];
    return await Promise.all(taken.map((each) => this.#toArrived(each)));
  }

  #see(node: BinaryNode): void {
    const { id } = node.attrs;
    if (id === undefined) return;
    this.#nodes.set(id, node);
    const oldest = this.#nodes.keys().next().value;
    if (this.#nodes.size > mostWaiting && oldest !== undefined) this.#nodes.delete(oldest);
  }

  #take(chat: string, id: string, content: proto.IMessage): void {
    const node = this.#nodes.get(id);
    const { me } = this.#socket.authState.creds;
    if (node === undefined || me === undefined) return;
    const { fullMessage } = this.#library.decodeMessageNode(node, me.id, me.lid ?? "");
    if (fullMessage.key.remoteJid !== chat) return;
    this.#nodes.delete(id);
    const { key, pushName, messageTimestamp } = fullMessage;
    this.#add({ key, content, name: pushName ?? undefined, at: Number(messageTimestamp) });
  }

  #add(message: Decrypted): void {
    this.#decrypted.push(message);
    this.#onArrival();
  }

  async #toArrived({ key, name, at, content }: Decrypted): Promise<ArrivedMessage> {
    const chat = key.remoteJid ?? "";
    const { participant } = key;
    const chatPhone = key.remoteJidAlt ?? (await this.#findPhone(chat));
    const authorPhone = key.participantAlt ?? (await this.#findPhone(participant ?? ""));
    const title = this.#findTitle(chat);
    return {
      id: key.id ?? "",
      chat,
      isFromUs: key.fromMe === true,
      at,
      content: toJson(content),
      ...(chatPhone === undefined ? {} : { chatPhone }),
      ...(participant ? { author: participant } : {}),
      ...(authorPhone === undefined ? {} : { authorPhone }),
      ...(name === undefined ? {} : { name }),
      ...(title === undefined ? {} : { title }),
    };
  }

  async #findPhone(id: string): Promise<string | undefined> {
    if (!id.endsWith("@lid")) return undefined;
    return (await this.#socket.signalRepository.lidMapping.getPNForLID(id)) ?? undefined;
  }

  /** The name of a group, as soon as it is known: a message does not wait for it. */
  #findTitle(chat: string): string | undefined {
    if (!chat.endsWith("@g.us")) return undefined;
    const known = this.#titles.get(chat);
    if (known === undefined) {
      this.#titles.set(chat, "");
      this.#socket.groupMetadata(chat).then(
        ({ subject }) => this.#titles.set(chat, subject),
        () => this.#titles.delete(chat),
      );
    }
    return known === "" ? undefined : known;
  }
}

/** Bytes become base64 and large numbers texts, as the format's own JSON has it. */
function toJson(content: proto.IMessage): MessageContent {
  const value: unknown = JSON.parse(JSON.stringify(content));
  return typeof value === "object" && value !== null ? { ...value } : {};
}
