import { generateSignalPubKey, getBinaryNodeChild, getBinaryNodeChildren, type BinaryNode } from "baileys";
import type { KeyBundle } from "./telephone.ts";

/** What the device has published so that telephones can write to it. */
export class DeviceKeys {
  #device: Omit<KeyBundle, "once"> | undefined;
  #once: KeyBundle["once"][] = [];

  get unused(): number {
    return this.#once.length;
  }

  get areThere(): boolean {
    return this.#device !== undefined && this.#once.length > 0;
  }

  publish(node: BinaryNode): void {
    const keys = getBinaryNodeChildren(getBinaryNodeChild(node, "list"), "key");
    this.#once.push(
      ...keys.map((key) => ({
        keyId: bytesOf(key, "id").readUIntBE(0, 3),
        publicKey: generateSignalPubKey(bytesOf(key, "value")),
      })),
    );
    const signed = getBinaryNodeChild(node, "skey");
    if (signed === undefined) return;
    this.#device = {
      registration: bytesOf(node, "registration").readUInt32BE(0),
      identity: generateSignalPubKey(bytesOf(node, "identity")),
      signed: {
        keyId: bytesOf(signed, "id").readUIntBE(0, 3),
        publicKey: generateSignalPubKey(bytesOf(signed, "value")),
        signature: bytesOf(signed, "signature"),
      },
    };
  }

  /** With one of those that are good once. */
  take(): KeyBundle {
    const once = this.#once.pop();
    if (this.#device === undefined || once === undefined) throw new Error("the device has published no keys");
    return { ...this.#device, once };
  }

  forget(): void {
    this.#device = undefined;
    this.#once = [];
  }
}

function bytesOf(from: BinaryNode, tag: string): Buffer {
  const content = getBinaryNodeChild(from, tag)?.content;
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(4);
}
