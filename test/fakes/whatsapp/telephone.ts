import {
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  proto,
  unpadRandomMax16,
  writeRandomPadMax16,
  type BinaryNode,
  type SignalKeyStore,
} from "baileys";
import { silentLogger } from "../../../src/channels/whatsapp/library/silent-logger.ts";

/** What a device publishes so that others can write to it. */
export interface KeyBundle {
  readonly registration: number;
  readonly identity: Uint8Array;
  readonly signed: { readonly keyId: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array };
  readonly once: { readonly keyId: number; readonly publicKey: Uint8Array };
}

type Signal = ReturnType<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository>;
type E2ESession = Parameters<Signal["injectE2ESession"]>[0]["session"];

export interface Encrypted {
  readonly type: "pkmsg" | "msg" | "skmsg";
  readonly ciphertext: Uint8Array;
}

const onceId = 1;

/** Somebody's telephone: its keys, and its sessions with the device under test. Everything is really encrypted. */
export class Telephone {
  readonly phone: string;
  readonly hidden: string;
  readonly #creds = initAuthCreds();
  readonly #once = Curve.generateKeyPair();
  readonly #values = new Map<string, unknown>();
  readonly #keys = addTransactionCapability(this.#store(), silentLogger, {
    maxCommitRetries: 1,
    delayBetweenTriesMs: 1,
  });
  readonly #signal = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
    { creds: this.#creds, keys: this.#keys },
    silentLogger,
    async () => [],
  );
  /** The work on one session goes on in order. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(phone: string, hidden: string) {
    this.phone = phone;
    this.hidden = hidden;
  }

  get phoneId(): string {
    return `${this.phone}@s.whatsapp.net`;
  }

  get hiddenId(): string {
    return `${this.hidden}@lid`;
  }

  /** As the server gives it to whoever wants to write here. */
  bundle(jid: string): BinaryNode {
    const { registrationId, signedIdentityKey, signedPreKey } = this.#creds;
    const content = (tag: string, bytes: Uint8Array): BinaryNode => ({ tag, attrs: {}, content: bytes });
    return {
      tag: "user",
      attrs: { jid },
      content: [
        content("registration", toBytes(registrationId, 4)),
        content("type", Buffer.from([5])),
        content("identity", signedIdentityKey.public),
        {
          tag: "skey",
          attrs: {},
          content: [
            content("id", toBytes(signedPreKey.keyId, 3)),
            content("value", signedPreKey.keyPair.public),
            content("signature", Buffer.from(signedPreKey.signature)),
          ],
        },
        {
          tag: "key",
          attrs: {},
          content: [content("id", toBytes(onceId, 3)), content("value", this.#once.public)],
        },
      ],
    };
  }

  async startSession(jid: string, { registration, identity, signed, once }: KeyBundle): Promise<void> {
    await this.#inOrder(() =>
      this.#signal.injectE2ESession({
        jid,
        session: { registrationId: registration, identityKey: identity, signedPreKey: signed, preKey: once },
      }),
    );
  }

  async renewSession(jid: string, session: E2ESession): Promise<void> {
    await this.#inOrder(() => this.#signal.injectE2ESession({ jid, session }));
  }

  async encrypt(jid: string, message: proto.IMessage): Promise<Encrypted> {
    const data = writeRandomPadMax16(proto.Message.encode(message).finish());
    return await this.#inOrder(() => this.#signal.encryptMessage({ jid, data }));
  }

  async decrypt(jid: string, type: string, ciphertext: Uint8Array): Promise<proto.Message> {
    const kind = type === "pkmsg" ? "pkmsg" : "msg";
    const bytes = await this.#inOrder(() => this.#signal.decryptMessage({ jid, type: kind, ciphertext }));
    return proto.Message.decode(unpadRandomMax16(bytes));
  }

  async encryptForGroup(
    group: string,
    message: proto.IMessage,
  ): Promise<{ readonly sealed: Encrypted; readonly key: Uint8Array }> {
    const data = writeRandomPadMax16(proto.Message.encode(message).finish());
    const { ciphertext, senderKeyDistributionMessage: key } = await this.#inOrder(() =>
      this.#signal.encryptGroupMessage({ group, meId: this.hiddenId, data }),
    );
    return { sealed: { type: "skmsg", ciphertext }, key };
  }

  async decryptFromGroup(group: string, author: string, ciphertext: Uint8Array): Promise<proto.Message> {
    const bytes = await this.#inOrder(() =>
      this.#signal.decryptGroupMessage({ group, authorJid: author, msg: ciphertext }),
    );
    return proto.Message.decode(unpadRandomMax16(bytes));
  }

  async takeGroupKey(author: string, item: proto.Message.ISenderKeyDistributionMessage): Promise<void> {
    await this.#inOrder(() => this.#signal.processSenderKeyDistributionMessage({ item, authorJid: author }));
  }

  async #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#work.then(act, act);
    this.#work = next.catch(() => {});
    return await next;
  }

  #store(): SignalKeyStore {
    const values = this.#values;
    const once = this.#once;
    return {
      async get(type, ids) {
        const found = {};
        for (const id of ids) {
          const value = type === "pre-key" ? once : values.get(`${type} ${id}`);
          if (value !== undefined) Object.assign(found, { [id]: value });
        }
        return found;
      },
      async set(data) {
        for (const [type, each] of Object.entries(data)) {
          for (const [id, value] of Object.entries(each)) values.set(`${type} ${id}`, value ?? undefined);
        }
      },
    };
  }
}

export function toBytes(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
