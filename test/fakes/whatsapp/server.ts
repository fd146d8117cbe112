import { Watchers } from "../watchers.ts";
import { randomBytes } from "node:crypto";
import {
  extractE2ESessionFromRetryReceipt,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  proto,
  type BinaryNode,
} from "baileys";
import { DeviceKeys } from "./device-keys.ts";
import { LinkingTelephone } from "./linking-telephone.ts";
import { FakeAuthority, NoiseServer } from "./noise-server.ts";
import { MediaStore } from "./media-store.ts";
import { now } from "./now.ts";
import { Post } from "./post.ts";
import { textOf } from "./text-of.ts";
import { Telephone, type Encrypted } from "./telephone.ts";

const server = "s.whatsapp.net";
const botDevice = 7;

export interface ShownMessage {
  readonly chat: string;
  readonly id: string;
  readonly message: proto.Message;
  text: string;
  readonly signs: string[];
}

export interface Written {
  /** Whose telephone wrote it: the name of a contact, or `owner`. */
  readonly from?: string;
  readonly group?: string;
  readonly id?: string;
  readonly text?: string;
  readonly message?: proto.IMessage;
  /** To whom the owner writes from his telephone: himself, if nobody is named. */
  readonly to?: string;
  readonly hidesNumber?: boolean;
  /** Seconds, by the server's clock. */
  readonly at?: number;
}

/** To a question of this kind (`usync`, `encrypt`, `w:g2`, `w:m`) the server says no. */
export interface QueryRefusal {
  readonly xmlns: string;
  readonly code: number;
  readonly text: string;
}

/** What happens to the next message of the device. `lose`: it arrives and nobody is told. `drop`: the connection breaks before. */
export type Fault = { readonly type: "lose" | "drop" } | { readonly type: "error"; readonly code: number };

interface Client {
  readonly noise: NoiseServer;
  readonly close: () => void;
  /** Nothing comes from it and nothing goes to it any more, though it stays open. */
  isSilent: boolean;
  isIn: boolean;
  isPairing: boolean;
}

/**
 * WhatsApp's server on loopback, and the telephones behind it: the real handshake, the real nodes, and messages that are really
 * encrypted from telephone to device. What has no receipt is given again at the next connection.
 */
export class FakeWhatsApp implements AsyncDisposable {
  readonly owner = new Telephone("15550001", "99900001");
  readonly contacts = new Map<string, Telephone>();
  readonly groups = new Map<string, { readonly subject: string; readonly members: readonly string[] }>();
  readonly shown: ShownMessage[] = [];
  readonly faults: Fault[] = [];
  readonly queryRefusals: QueryRefusal[] = [];
  /** With these the next wishes for a code are answered. */
  readonly codeRefusals: number[] = [];
  readonly typing: string[] = [];
  readonly media = new MediaStore();
  readonly post = new Post();
  /** So many times the device asked for a message that it could not read. */
  retries = 0;
  /** So many times it asked whether the connection stands. */
  pings = 0;
  /** So many times it asked where to put a file. */
  places = 0;
  logins = 0;
  decide: () => Fault | undefined = () => undefined;
  readonly authority: FakeAuthority;
  readonly #telephone = new LinkingTelephone({ jid: this.#botId("phone"), lid: this.#botId("hidden") });
  readonly #clients = new Set<Client>();
  readonly #keys = new DeviceKeys();
  readonly #sessions = new Set<string>();
  readonly #port: number;
  #server: Bun.Server<{ client?: Client }> | undefined;
  #isLinked = false;
  #onTyped: (wasRight: boolean) => void = () => {};
  readonly #watchers = new Watchers();

  constructor(authority: FakeAuthority = new FakeAuthority()) {
    this.authority = authority;
    this.#server = this.#listen(0);
    this.#port = this.#server.port ?? 0;
    for (const [index, name] of ["c1", "c2"].entries()) {
      this.contacts.set(name, new Telephone(`1555777011${index}`, `77700011${index}`));
    }
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/ws/chat`;
  }

  get files(): Map<string, Uint8Array> {
    return this.media.files;
  }

  get mediaUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get isConnected(): boolean {
    return [...this.#clients].some(({ isIn, isSilent }) => isIn && !isSilent);
  }

  get unreceived(): number {
    return this.post.unreceived;
  }

  contact(name: string): Telephone {
    const found = name === "owner" ? this.owner : this.contacts.get(name);
    if (found === undefined) throw new Error(`there is no telephone of ${name}`);
    return found;
  }

  /** The owner's telephone scans what is on the screen. */
  scan(picture: string): void {
    this.#toPairing(this.#telephone.scan(picture));
  }

  /** The owner types on the telephone what is on the screen. Says whether it was the code. */
  async type(code: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#onTyped = resolve;
    this.#toPairing(await this.#telephone.type(code));
    return await promise;
  }

  /** Resolves when the device has given a receipt for it. */
  async say(written: Written): Promise<void> {
    const node = await this.#write(written);
    const again = { ...written, id: node.attrs["id"] ?? "" };
    const send = (each: BinaryNode): void => {
      for (const { isIn, noise } of this.#clients) if (isIn) noise.sendNode(each);
    };
    await this.post.give(node, () => this.#write(again), send);
  }

  textsOf(chat: string): readonly string[] {
    return this.shown.filter((each) => each.chat === chat).map(({ text }) => text);
  }

  /** What a person can save of a chat, decrypted with what the message says of it. */
  async filesOf(
    chat: string,
  ): Promise<readonly { readonly name: string; readonly bytes: Uint8Array; readonly text: string }[]> {
    const found = this.shown.filter((each) => each.chat === chat);
    const documents = found.flatMap(({ message: { documentMessage: file }, text }) =>
      file ? [{ file, text }] : [],
    );
    return await Promise.all(
      documents.map(async ({ file, text }) => ({
        name: file.fileName ?? "",
        bytes: await this.media.open(file),
        text,
      })),
    );
  }

  /** What is shown and what is to come, as if nothing had been. The link and its sessions stay. */
  forget(): void {
    this.shown.length = 0;
    this.faults.length = 0;
    this.post.forget();
  }

  fail(...faults: readonly Fault[]): void {
    this.faults.push(...faults);
  }

  /** The connection breaks, without a word. */
  disconnect(): void {
    for (const { close } of this.#clients) close();
  }

  /** The server says why it ends the connection. */
  end(code: number): void {
    for (const { noise, close } of this.#clients) {
      noise.sendNode({ tag: "stream:error", attrs: { code: String(code) } });
      setTimeout(close, 20);
    }
  }

  /** The owner takes the device out of his list. */
  unlink(): void {
    this.#isLinked = false;
    for (const { noise, close } of this.#clients) {
      const conflict = { tag: "conflict", attrs: { type: "device_removed" } };
      noise.sendNode({ tag: "stream:error", attrs: { code: "401" }, content: [conflict] });
      setTimeout(close, 20);
    }
  }

  async goAway(): Promise<void> {
    await this.#server?.stop(true);
    this.#server = undefined;
    this.#clients.clear();
  }

  comeBack(): void {
    this.#server ??= this.#listen(this.#port);
  }

  /** The connections that are open now stay open, and nothing is heard or said there any more. */
  fallSilent(): void {
    for (const client of this.#clients) client.isSilent = true;
  }

  async until(holds: () => boolean): Promise<void> {
    await this.#watchers.until(holds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
  }

  #listen(port: number): Bun.Server<{ client?: Client }> {
    return Bun.serve<{ client?: Client }>({
      hostname: "127.0.0.1",
      port,
      fetch: async (request, listening) => {
        if (listening.upgrade(request, { data: {} })) return undefined;
        return await this.media.serve(request);
      },
      websocket: {
        open: (socket) => {
          const client: Client = {
            noise: new NoiseServer(this.authority, {
              send: (bytes) => {
                if (!client.isSilent) socket.sendBinary(bytes);
              },
              onClient: (payload) => this.#enter(client, payload),
              onNode: (node) => this.#take(client, node),
            }),
            close: () => socket.terminate(),
            isSilent: false,
            isIn: false,
            isPairing: false,
          };
          socket.data.client = client;
          this.#clients.add(client);
        },
        message: (socket, bytes) => {
          const { client } = socket.data;
          if (client?.isSilent === false) client.noise.receive(Buffer.from(bytes));
        },
        close: (socket) => {
          if (socket.data.client !== undefined) this.#clients.delete(socket.data.client);
          this.#watchers.wake();
        },
      },
    });
  }

  #enter(client: Client, { devicePairingData }: proto.ClientPayload): void {
    if (devicePairingData) {
      client.isPairing = true;
      const refs = ["R1", "R2", "R3"].map((ref) => ({ tag: "ref", attrs: {}, content: Buffer.from(ref) }));
      client.noise.sendNode({
        tag: "iq",
        attrs: { from: server, type: "set", id: "refs", xmlns: "md" },
        content: [{ tag: "pair-device", attrs: {}, content: refs }],
      });
      return;
    }
    if (!this.#isLinked) {
      client.noise.sendNode({ tag: "failure", attrs: { reason: "401" } });
      return;
    }
    client.isIn = true;
    this.logins += 1;
    client.noise.sendNode({ tag: "success", attrs: { t: now(), lid: this.#botId("hidden") } });
  }

  async #take(client: Client, node: BinaryNode): Promise<void> {
    switch (node.tag) {
      case "iq":
        await this.#answer(client, node);
        break;
      case "message":
        await this.#show(client, node);
        break;
      case "receipt":
        await this.#receipt(client, node);
        break;
      case "ack":
        if (node.attrs["class"] === "message" && node.attrs["error"] === undefined)
          this.post.settle(node.attrs["id"] ?? "");
        break;
      case "chatstate":
        this.typing.push(`${node.attrs["to"]} ${Array.isArray(node.content) ? node.content[0]?.tag : ""}`);
        break;
      default:
    }
    this.#watchers.wake();
  }

  async #answer(client: Client, node: BinaryNode): Promise<void> {
    const [first] = Array.isArray(node.content) ? node.content : [];
    const { type, xmlns, id = "" } = node.attrs;
    const answer = (content?: BinaryNode[]): void =>
      client.noise.sendNode({
        tag: "iq",
        attrs: { from: server, type: "result", id },
        ...(content === undefined ? {} : { content }),
      });
    if (xmlns === "w:p") this.pings += 1;
    if (type === "result") {
      if (getBinaryNodeChild(node, "pair-device-sign") === undefined) return;
      this.#isLinked = true;
      // It is another device: nothing that was agreed with the one before holds.
      this.#keys.forget();
      this.#sessions.clear();
      client.noise.sendNode({ tag: "stream:error", attrs: { code: "515" } });
      return;
    }
    const refused = this.queryRefusals.findIndex((each) => each.xmlns === xmlns);
    const [refusal] = refused === -1 ? [] : this.queryRefusals.splice(refused, 1);
    if (refusal !== undefined) {
      const error = { tag: "error", attrs: { code: String(refusal.code), text: refusal.text } };
      return client.noise.sendNode({
        tag: "iq",
        attrs: { from: server, type: "error", id },
        content: [error],
      });
    }
    if (xmlns === "encrypt" && type === "get" && first?.tag === "count") {
      return answer([{ tag: "count", attrs: { value: String(this.#keys.unused) } }]);
    }
    if (xmlns === "encrypt" && type === "set") {
      this.#keys.publish(node);
      return answer();
    }
    if (xmlns === "encrypt" && first?.tag === "key") {
      const users = getBinaryNodeChildren(first, "user").map(({ attrs }) => attrs["jid"] ?? "");
      const bundles = users.flatMap((jid) => this.#find(jid)?.bundle(jid) ?? []);
      return answer([{ tag: "list", attrs: {}, content: bundles }]);
    }
    if (xmlns === "usync") return answer([this.#sync(node)]);
    if (xmlns === "w:g2") return answer([this.#group(node.attrs["to"] ?? "")]);
    if (xmlns === "w:m") {
      this.places += 1;
      const host = {
        tag: "host",
        attrs: { hostname: "mmg.whatsapp.net", maxContentLengthBytes: "100000000" },
      };
      return answer([{ tag: "media_conn", attrs: { auth: "an auth/=", ttl: "3600" }, content: [host] }]);
    }
    if (first?.tag === "link_code_companion_reg") return this.#link(client, id, first);
    answer();
    if (xmlns === "passive") this.post.giveKept((each) => client.noise.sendNode(each));
  }

  /** A device that is linked by a code: it asks for one, and then shows that it has the one that was typed. */
  #link(client: Client, id: string, node: BinaryNode): void {
    const isHello = node.attrs["stage"] === "companion_hello";
    const refusal = isHello ? (this.codeRefusals.shift() ?? this.#telephone.takeHello(node)) : undefined;
    const error = { tag: "error", attrs: { code: String(refusal), text: "bad-request" } };
    const content = refusal === undefined ? [this.#telephone.refNode] : [error];
    const type = refusal === undefined ? "result" : "error";
    client.noise.sendNode({ tag: "iq", attrs: { from: server, type, id }, content });
    if (isHello) return;
    try {
      client.noise.sendNode(this.#telephone.takeFinish(node));
      this.#onTyped(true);
    } catch {
      this.#onTyped(false);
    }
  }

  #toPairing(node: BinaryNode): void {
    for (const { isPairing, noise } of this.#clients) if (isPairing) noise.sendNode(node);
  }

  #sync(node: BinaryNode): BinaryNode {
    const usync = getBinaryNodeChild(node, "usync");
    const users = getBinaryNodeChildren(getBinaryNodeChild(usync, "list"), "user");
    const content = users.map(({ attrs: { jid = "" } }): BinaryNode => {
      const devices = this.#find(jid) === this.owner ? [0, botDevice] : [0];
      // Said of whoever is asked for by the telephone's number.
      const hidden = jid.endsWith("@lid")
        ? []
        : [{ tag: "lid", attrs: { val: this.#find(jid)?.hiddenId ?? "" } }];
      const list = devices.map((id) => ({ tag: "device", attrs: { id: String(id) } }));
      return {
        tag: "user",
        attrs: { jid },
        content: [
          { tag: "devices", attrs: {}, content: [{ tag: "device-list", attrs: {}, content: list }] },
          ...hidden,
        ],
      };
    });
    const result = { tag: "result", attrs: {}, content: [{ tag: "devices", attrs: {} }] };
    return {
      tag: "usync",
      attrs: usync?.attrs ?? {},
      content: [result, { tag: "list", attrs: {}, content }],
    };
  }

  #group(id: string): BinaryNode {
    const group = this.groups.get(id);
    const members = [...(group?.members ?? []), "owner"].map((name) => this.contact(name).hiddenId);
    return {
      tag: "group",
      attrs: {
        id: id.replace("@g.us", ""),
        subject: group?.subject ?? "",
        creation: now(),
        s_t: now(),
        addressing_mode: "lid",
      },
      content: members.map((jid) => ({ tag: "participant", attrs: { jid } })),
    };
  }

  async #write({
    from = "c1",
    group,
    id,
    text,
    message,
    to,
    hidesNumber = true,
    at,
  }: Written): Promise<BinaryNode> {
    const telephone = this.contact(from);
    const body = message ?? { conversation: text ?? "" };
    const isOwn = telephone === this.owner;
    const recipient = isOwn && group === undefined ? this.contact(to ?? "owner") : undefined;
    const sent =
      recipient === undefined
        ? body
        : { deviceSentMessage: { destinationJid: recipient.hiddenId, message: body } };
    await this.#prepare(telephone);
    const content: Encrypted[] = [];
    if (group === undefined) content.push(await telephone.encrypt(this.#botId("hidden"), sent));
    else {
      const { sealed, key } = await telephone.encryptForGroup(group, body);
      const keyMessage = {
        senderKeyDistributionMessage: { groupId: group, axolotlSenderKeyDistributionMessage: key },
      };
      content.push(await telephone.encrypt(this.#botId("hidden"), keyMessage), sealed);
    }
    const author = hidesNumber ? telephone.hiddenId : telephone.phoneId;
    return {
      tag: "message",
      attrs: {
        id: id ?? `3EB0${randomBytes(9).toString("hex").toUpperCase()}`,
        from: group ?? author,
        ...(group === undefined
          ? {}
          : { participant: author, participant_pn: telephone.phoneId, addressing_mode: "lid" }),
        ...(group === undefined && !isOwn && hidesNumber ? { sender_pn: telephone.phoneId } : {}),
        ...(recipient === undefined ? {} : { recipient: recipient.hiddenId }),
        t: at === undefined ? now() : String(at),
        type: "text",
        notify: from,
      },
      content: content.map(({ type, ciphertext }) => ({
        tag: "enc",
        attrs: { v: "2", type },
        content: ciphertext,
      })),
    };
  }

  async #prepare(telephone: Telephone): Promise<void> {
    await this.until(() => this.#keys.areThere);
    if (this.#sessions.has(telephone.phone)) return;
    this.#sessions.add(telephone.phone);
    await telephone.startSession(this.#botId("hidden"), this.#keys.take());
  }

  async #show(client: Client, node: BinaryNode): Promise<void> {
    const { id = "", to = "" } = node.attrs;
    const fault = this.faults.shift() ?? this.decide();
    if (fault?.type === "drop") return client.close();
    if (fault?.type === "error") {
      return client.noise.sendNode({
        tag: "ack",
        attrs: { class: "message", id, from: to, error: String(fault.code) },
      });
    }
    const message = await this.#read(node, to);
    // What a device asks its own telephone for is seen by nobody.
    const isSeen = node.attrs["category"] !== "peer";
    if (message !== undefined && isSeen) this.#place({ chat: this.#toChat(to), id, message });
    this.#watchers.wake();
    if (fault?.type === "lose") return client.close();
    client.noise.sendNode({ tag: "ack", attrs: { class: "message", id, from: to, t: now() } });
  }

  /** By the telephone of whoever it is for, with its own keys. */
  async #read(node: BinaryNode, to: string): Promise<proto.IMessage | undefined> {
    const isGroup = to.endsWith("@g.us");
    const reader = isGroup ? this.contact("c1") : this.#find(to);
    const targets = getBinaryNodeChildren(getBinaryNodeChild(node, "participants"), "to");
    let message: proto.IMessage | undefined;
    for (const target of targets) {
      if (reader === undefined || this.#find(target.attrs["jid"] ?? "") !== reader) continue;
      for (const { attrs, content } of getBinaryNodeChildren(target, "enc")) {
        if (!(content instanceof Uint8Array)) continue;
        message = await reader.decrypt(this.#botId("hidden"), attrs["type"] ?? "", content);
        const { senderKeyDistributionMessage: key } = message;
        if (isGroup && key) await reader.takeGroupKey(this.#botId("hidden"), key);
      }
    }
    if (!isGroup) return message?.deviceSentMessage?.message ?? message;
    const [sealed] = getBinaryNodeChildren(node, "enc");
    if (reader === undefined || !(sealed?.content instanceof Uint8Array)) return undefined;
    return await reader.decryptFromGroup(to, this.#botId("hidden"), sealed.content);
  }

  /** A telephone shows what has an id once. */
  #place({
    chat,
    id,
    message,
  }: {
    readonly chat: string;
    readonly id: string;
    readonly message: proto.IMessage;
  }): void {
    const { reactionMessage, protocolMessage } = message;
    const target = this.shown.find((each) => each.id === protocolMessage?.key?.id);
    if (target !== undefined) {
      target.text = textOf(protocolMessage?.editedMessage ?? {});
      return;
    }
    if (this.shown.some((each) => each.id === id && each.chat === chat)) return;
    const full = proto.Message.fromObject(message);
    const signs = reactionMessage ? [`${reactionMessage.key?.id} ${reactionMessage.text}`] : [];
    this.shown.push({ chat, id, message: full, text: textOf(message), signs });
  }

  async #receipt({ noise }: Client, node: BinaryNode): Promise<void> {
    const { id = "", type } = node.attrs;
    noise.sendNode({ tag: "ack", attrs: { class: "receipt", id, from: node.attrs["to"] ?? "" } });
    if (type !== "retry") return this.post.settle(id);
    this.retries += 1;
    // After a second try the device sends keys for a new session along.
    const session = extractE2ESessionFromRetryReceipt(node);
    const writer = this.#find(node.attrs["participant"] ?? node.attrs["to"] ?? "");
    if (session?.preKey !== undefined) {
      const { preKey } = session;
      await writer?.renewSession(this.#botId("hidden"), { ...session, preKey });
    }
    const anew = await this.post.findAnew(id);
    if (anew !== undefined) noise.sendNode(anew);
  }

  #find(jid: string): Telephone | undefined {
    const user = jid.replace(/[:@].*$/, "");
    return [this.owner, ...this.contacts.values()].find(
      ({ phone, hidden }) => phone === user || hidden === user,
    );
  }

  #toChat(to: string): string {
    const telephone = this.#find(to);
    if (telephone === undefined) return to;
    if (telephone === this.owner) return "owner";
    return [...this.contacts].find(([, each]) => each === telephone)?.[0] ?? to;
  }

  #botId(kind: "phone" | "hidden"): string {
    return kind === "phone"
      ? `${this.owner.phone}:${botDevice}@${server}`
      : `${this.owner.hidden}:${botDevice}@lid`;
  }
}
