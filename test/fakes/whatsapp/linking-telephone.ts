import { createHmac, randomBytes } from "node:crypto";
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  Curve,
  derivePairingCodeKey,
  getBinaryNodeChild,
  hkdf,
  proto,
  type BinaryNode,
} from "baileys";
import { now } from "./now.ts";

const server = "s.whatsapp.net";
const ref = Buffer.from("a ref of the code");

/** As WhatsApp takes it when a code is asked for: a browser on a system, both of which it knows. */
const knownDisplay =
  /^(?:Chrome|Edge|Firefox|IE|Opera|Safari) \((?:Android|Chrome OS|iOS|Linux|Mac OS|Ubuntu|Windows)\)$/;

/** The owner's telephone as it takes a device into its list: it scans a picture, or a code is typed on it. */
export class LinkingTelephone {
  readonly #account = Curve.generateKeyPair();
  readonly #ephemeral = Curve.generateKeyPair();
  readonly #ids: { readonly jid: string; readonly lid: string };
  #wrapped: Buffer = Buffer.alloc(0);
  #companion: Uint8Array = new Uint8Array(32);

  constructor(ids: { readonly jid: string; readonly lid: string }) {
    this.#ids = ids;
  }

  /** What the server tells a device whose picture was scanned. */
  scan(picture: string): BinaryNode {
    const [, , identity = "", secret = ""] = picture.replace(/^.*#/, "").split(",");
    return this.#accept(Buffer.from(identity, "base64"), Buffer.from(secret, "base64"));
  }

  /** A device asks for a code. The number of an error where WhatsApp takes it not. */
  takeHello(node: BinaryNode): number | undefined {
    const display = bytesOf(node, "companion_platform_display").toString();
    if (!knownDisplay.test(display)) return 400;
    this.#wrapped = bytesOf(node, "link_code_pairing_wrapped_companion_ephemeral_pub");
    return undefined;
  }

  get refNode(): BinaryNode {
    return { tag: "link_code_pairing_ref", attrs: {}, content: ref };
  }

  /** The code is typed here: what the device is told of it. With another than its own it can do nothing with that. */
  async type(code: string): Promise<BinaryNode> {
    const salt = randomBytes(32);
    const iv = randomBytes(16);
    const sealed = aesEncryptCTR(this.#ephemeral.public, await derivePairingCodeKey(code, salt), iv);
    const wrapped = this.#wrapped;
    const theirs = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
    this.#companion = aesDecryptCTR(wrapped.subarray(48, 80), theirs, wrapped.subarray(32, 48));
    return {
      tag: "notification",
      attrs: { from: server, type: "link_code_companion_reg", id: "code", t: now() },
      content: [
        {
          tag: "link_code_companion_reg",
          attrs: { stage: "primary_hello" },
          content: [
            this.refNode,
            { tag: "primary_identity_pub", attrs: {}, content: this.#account.public },
            {
              tag: "link_code_pairing_wrapped_primary_ephemeral_pub",
              attrs: {},
              content: Buffer.concat([salt, iv, sealed]),
            },
          ],
        },
      ],
    };
  }
  /** The device has drawn the same key from the code: what it is told then. Throws where it has not. */
  takeFinish(node: BinaryNode): BinaryNode {
    const shared = Curve.sharedKey(this.#ephemeral.private, this.#companion);
    const bundle = bytesOf(node, "link_code_pairing_wrapped_key_bundle");
    const key = hkdf(shared, 32, {
      salt: bundle.subarray(0, 32),
      info: "link_code_pairing_key_bundle_encryption_key",
    });
    const opened = aesDecryptGCM(bundle.subarray(44), key, bundle.subarray(32, 44), Buffer.alloc(0));
    const identity = bytesOf(node, "companion_identity_public");
    if (!opened.subarray(0, 32).equals(identity)) throw new Error("the device shows another key than it has");
    const own = Curve.sharedKey(this.#account.private, identity);
    const secret = hkdf(Buffer.concat([shared, own, opened.subarray(64)]), 32, { info: "adv_secret" });
    return this.#accept(identity, secret);
  }

  #accept(identity: Buffer, secret: Uint8Array): BinaryNode {
    const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1 }).finish();
    const signed = Buffer.concat([Buffer.from([6, 0]), details, identity]);
    const identityBytes = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: this.#account.public,
      accountSignature: Curve.sign(this.#account.private, signed),
    }).finish();
    const hmac = createHmac("sha256", secret).update(identityBytes).digest();
    const content = proto.ADVSignedDeviceIdentityHMAC.encode({ details: identityBytes, hmac }).finish();
    return {
      tag: "iq",
      attrs: { from: server, type: "set", id: "pair", xmlns: "md", t: now() },
      content: [
        {
          tag: "pair-success",
          attrs: {},
          content: [
            { tag: "device-identity", attrs: {}, content },
            { tag: "device", attrs: this.#ids },
            { tag: "platform", attrs: { name: "android" } },
          ],
        },
      ],
    };
  }
}

function bytesOf(node: BinaryNode, tag: string): Buffer {
  const content = getBinaryNodeChild(node, tag)?.content;
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(0);
}
