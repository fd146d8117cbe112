import { Watchers } from "../watchers.ts";
import { createDecipheriv, createHmac, randomBytes } from "node:crypto";
import {
  Curve,
  generateSignalPubKey,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  getMediaKeys,
  proto,
  type BinaryNode,
} from "baileys";
import { FakeAuthority, NoiseServer } from "./noise-server.ts";
import { now } from "./now.ts";
import { textOf } from "./text-of.ts";
import { Telephone, type Encrypted, type KeyBundle } from "./telephone.ts";

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
}

interface Kept {
  readonly id: string;
  readonly node: BinaryNode;
  readonly again: () => Promise<BinaryNode>;
  readonly done: () => void;
}

/** What happens to the next message of the device. `lose`: it arrives and nobody is told. `drop`: the connection breaks before. */
export type Fault = { readonly type: "lose" | "drop" } | { readonly type: "error"; readonly code: number };

interface Client {
  readonly noise: NoiseServer;
  readonly close: () => void;
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
  readonly typing: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  /** So many times the device asked for a message that it could not read. */
  retries = 0;
  logins = 0;
  decide: () => Fault | undefined = () => undefined;
  readonly authority: FakeAuthority;
  readonly #account = Curve.generateKeyPair();
  readonly #kept: Kept[] = [];
  readonly #clients = new Set<Client>();
  readonly #sessions = new Set<string>();
  readonly #port: number;
  #server: Bun.Server<{ client?: Client }> | undefined;
  #device: Omit<KeyBundle, "once"> | undefined;
  #prekeys: KeyBundle["once"][] = [];
  #isLinked = false;
  #hearing = true;
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

  get mediaUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get unreceived(): number {
    return this.#kept.length;
  }

  contact(name: string): Telephone {
    const found = name === "owner" ? this.owner : this.contacts.get(name);
    if (found === undefined) throw new Error(`there is no telephone of ${name}`);
    return found;
  }

  /** The owner's telephone scans what is on the screen. */
  scan(picture: string): void {
    const [, , identity = "", secret = ""] = picture.replace(/^.*#/, "").split(",");
    const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1 }).finish();
    const signed = Buffer.concat([Buffer.from([6, 0]), details, Buffer.from(identity, "base64")]);
    const identityBytes = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: this.#account.public,
      accountSignature: Curve.sign(this.#account.private, signed),
    }).finish();
    const hmac = createHmac("sha256", Buffer.from(secret, "base64")).update(identityBytes).digest();
    const content = proto.ADVSignedDeviceIdentityHMAC.encode({ details: identityBytes, hmac }).finish();
    for (const client of this.#clients) {
      if (!client.isPairing) continue;
      client.noise.sendNode({
        tag: "iq",
        attrs: { from: server, type: "set", id: "pair", xmlns: "md", t: now() },
        content: [
          {
            tag: "pair-success",
            attrs: {},
            content: [
              { tag: "device-identity", attrs: {}, content },
              { tag: "device", attrs: { jid: this.#botId("phone"), lid: this.#botId("hidden") } },
              { tag: "platform", attrs: { name: "android" } },
            ],
          },
        ],
      });
    }
  }

  /** Resolves when the device has given a receipt for it. */
  async say(written: Written): Promise<void> {
    const node = await this.#write(written);
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = node.attrs["id"] ?? "";
    this.#kept.push({ id, node, again: () => this.#write({ ...written, id }), done: resolve });
    for (const { isIn, noise } of this.#clients) if (isIn) noise.sendNode(node);
    await promise;
  }

  textsOf(chat: string): readonly string[] {
    return this.shown.filter((each) => each.chat === chat).map(({ text }) => text);
  }

  /** What a person can save of a chat, decrypted with what the message says of it. */
  async filesOf(
    chat: string,
  ): Promise<readonly { readonly name: string; readonly bytes: Uint8Array; readonly text: string }[]> {
    const found = this.shown.filter((each) => each.chat === chat && each.message.documentMessage);
    return await Promise.all(
      found.map(async ({ message: { documentMessage: file }, text }) => {
        const sealed = this.files.get(file?.directPath ?? "") ?? new Uint8Array();
        const chunks: Uint8Array[] = [];
        const keys = getMediaKeys(file?.mediaKey ?? new Uint8Array(), "document");
        const decipher = createDecipheriv("aes-256-cbc", (await keys).cipherKey, (await keys).iv);
        chunks.push(decipher.update(sealed.subarray(0, -10)), decipher.final());
        return { name: file?.fileName ?? "", bytes: Buffer.concat(chunks), text };
      }),
    );
  }

  /** What is shown and what is to come, as if nothing had been. The link and its sessions stay. */
  forget(): void {
    this.shown.length = 0;
    this.faults.length = 0;
    this.#kept.length = 0;
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

  /** Connections stay open and nothing is heard or said any more. */
  set isSilent(isSilent: boolean) {
    this.#hearing = !isSilent;
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
        return await this.#media(request);
      },
      websocket: {
        open: (socket) => {
          const client: Client = {
            noise: new NoiseServer(this.authority, {
              send: (bytes) => {
                if (this.#hearing) socket.sendBinary(bytes);
              },
              onClient: (payload) => this.#enter(client, payload),
              onNode: (node) => this.#take(client, node),
            }),
            close: () => socket.terminate(),
            isIn: false,
            isPairing: false,
          };
          socket.data.client = client;
          this.#clients.add(client);
        },
        message: (socket, bytes) => {
          if (this.#hearing) socket.data.client?.noise.receive(Buffer.from(bytes));
        },
        close: (socket) => {
          if (socket.data.client !== undefined) this.#clients.delete(socket.data.client);
          this.#watchers.wake();
        },
      },
    });
  }

  async #media(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      this.files.set(pathname, new Uint8Array(await request.arrayBuffer()));
      return Response.json({ direct_path: pathname, url: `https://mmg.whatsapp.net${pathname}` });
    }
    const file = this.files.get(pathname);
    return file === undefined ? new Response("", { status: 404 }) : new Response(Uint8Array.from(file));
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
          this.#settle(node.attrs["id"] ?? "");
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
    if (type === "result") {
      if (getBinaryNodeChild(node, "pair-device-sign") === undefined) return;
      this.#isLinked = true;
      // It is another device: nothing that was agreed with the one before holds.
      this.#device = undefined;
      this.#prekeys = [];
      this.#sessions.clear();
      client.noise.sendNode({ tag: "stream:error", attrs: { code: "515" } });
      return;
    }
    if (xmlns === "encrypt" && type === "get" && first?.tag === "count") {
      return answer([{ tag: "count", attrs: { value: String(this.#prekeys.length) } }]);
    }
    if (xmlns === "encrypt" && type === "set") {
      this.#publish(node);
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
      const host = {
        tag: "host",
        attrs: { hostname: "mmg.whatsapp.net", maxContentLengthBytes: "100000000" },
      };
      return answer([{ tag: "media_conn", attrs: { auth: "an auth/=", ttl: "3600" }, content: [host] }]);
    }
    answer();
    if (xmlns === "passive") await this.#giveKept(client);
  }

  async #giveKept(client: Client): Promise<void> {
    for (const { node } of this.#kept) {
      client.noise.sendNode({ ...node, attrs: { ...node.attrs, offline: "1" } });
    }
    const offline = { tag: "offline", attrs: { count: String(this.#kept.length) } };
    client.noise.sendNode({ tag: "ib", attrs: { from: server }, content: [offline] });
  }

  #publish(node: BinaryNode): void {
    const bytes = (from: BinaryNode | undefined, tag: string): Buffer => {
      const content = getBinaryNodeChild(from, tag)?.content;
      return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(4);
    };
    const keys = getBinaryNodeChildren(getBinaryNodeChild(node, "list"), "key");
    this.#prekeys.push(
      ...keys.map((key) => ({
        keyId: bytes(key, "id").readUIntBE(0, 3),
        publicKey: generateSignalPubKey(bytes(key, "value")),
      })),
    );
    const signed = getBinaryNodeChild(node, "skey");
    if (signed === undefined) return;
    this.#device = {
      registration: bytes(node, "registration").readUInt32BE(0),
      identity: generateSignalPubKey(bytes(node, "identity")),
      signed: {
        keyId: bytes(signed, "id").readUIntBE(0, 3),
        publicKey: generateSignalPubKey(bytes(signed, "value")),
        signature: bytes(signed, "signature"),
      },
    };
  }

  #sync(node: BinaryNode): BinaryNode {
    const usync = getBinaryNodeChild(node, "usync");
    const users = getBinaryNodeChildren(getBinaryNodeChild(usync, "list"), "user");
    const content = users.map(({ attrs: { jid = "" } }): BinaryNode => {
      const devices = this.#find(jid) === this.owner ? [0, botDevice] : [0];
      const list = devices.map((id) => ({ tag: "device", attrs: { id: String(id) } }));
      return {
        tag: "user",
        attrs: { jid },
        content: [{ tag: "devices", attrs: {}, content: [{ tag: "device-list", attrs: {}, content: list }] }],
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
        t: now(),
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
    await this.until(() => this.#device !== undefined && this.#prekeys.length > 0);
    if (this.#sessions.has(telephone.phone)) return;
    this.#sessions.add(telephone.phone);
    const once = this.#prekeys.pop();
    if (this.#device === undefined || once === undefined) throw new Error("the device has published no keys");
    await telephone.startSession(this.#botId("hidden"), { ...this.#device, once });
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
    if (type !== "retry") return this.#settle(id);
    this.retries += 1;
    const kept = this.#kept.find((each) => each.id === id);
    if (kept !== undefined) noise.sendNode(await kept.again());
  }

  #settle(id: string): void {
    const at = this.#kept.findIndex((each) => each.id === id);
    if (at === -1) return;
    const [kept] = this.#kept.splice(at, 1);
    kept?.done();
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
