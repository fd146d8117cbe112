import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  hkdf,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
  WA_CERT_DETAILS,
  type BinaryNode,
} from "baileys";

const { Details } = proto.CertChain.NoiseCertificate;

/** Who signs for the server. The library knows one such by heart: a test makes it know this one. */
export class FakeAuthority {
  readonly #root = Curve.generateKeyPair();
  readonly #intermediate = Curve.generateKeyPair();

  /** As the library has it written down. */
  get publicKey(): Uint8Array {
    return this.#root.public;
  }

  certify(key: Uint8Array): Uint8Array {
    const dates = { notBefore: 0, notAfter: 4_000_000_000 };
    const leaf = Details.encode({ serial: 1, issuerSerial: 2, key, ...dates }).finish();
    const between = Details.encode({
      serial: 2,
      issuerSerial: WA_CERT_DETAILS.SERIAL,
      key: this.#intermediate.public,
      ...dates,
    }).finish();
    return proto.CertChain.encode({
      leaf: { details: leaf, signature: Curve.sign(this.#intermediate.private, leaf) },
      intermediate: { details: between, signature: Curve.sign(this.#root.private, between) },
    }).finish();
  }
}

export interface NoiseEnds {
  readonly send: (bytes: Uint8Array) => void;
  readonly onClient: (payload: proto.ClientPayload) => void;
  readonly onNode: (node: BinaryNode) => Promise<void>;
}

/** The server's end of `Noise_XX_25519_AESGCM_SHA256` and of the binary nodes in it, over one connection. */
export class NoiseServer {
  readonly #ends: NoiseEnds;
  readonly #authority: FakeAuthority;
  readonly #ephemeral = Curve.generateKeyPair();
  readonly #static = Curve.generateKeyPair();
  #buffer = Buffer.alloc(0);
  #isPastHeader = false;
  #state: "hello" | "finish" | "open" = "hello";
  #hash: Uint8Array = Buffer.from(NOISE_MODE);
  #salt: Uint8Array = this.#hash;
  #key: Uint8Array = this.#hash;
  #counter = 0;
  #readKey: Uint8Array = this.#hash;
  #writeKey: Uint8Array = this.#hash;
  #reads = 0;
  #writes = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(authority: FakeAuthority, ends: NoiseEnds) {
    this.#authority = authority;
    this.#ends = ends;
    this.#mixHash(NOISE_WA_HEADER);
  }

  receive(bytes: Uint8Array): void {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    if (!this.#isPastHeader) {
      this.#buffer = this.#buffer.subarray(NOISE_WA_HEADER.length);
      this.#isPastHeader = true;
    }
    while (this.#buffer.length >= 3) {
      const length = this.#buffer.readUIntBE(0, 3);
      if (this.#buffer.length < length + 3) return;
      const frame = Buffer.from(this.#buffer.subarray(3, 3 + length));
      this.#buffer = this.#buffer.subarray(3 + length);
      this.#work = this.#work.then(() => this.#frame(frame));
    }
  }

  sendNode(node: BinaryNode): void {
    const nonce = toNonce(this.#writes++);
    this.#sendFrame(aesEncryptGCM(encodeBinaryNode(node), this.#writeKey, nonce, Buffer.alloc(0)));
  }

  async #frame(frame: Buffer): Promise<void> {
    if (this.#state === "hello") return this.#answerHello(frame);
    if (this.#state === "finish") return this.#finish(frame);
    const bytes = aesDecryptGCM(frame, this.#readKey, toNonce(this.#reads++), Buffer.alloc(0));
    await this.#ends.onNode(await decodeBinaryNode(bytes));
  }

  #answerHello(frame: Buffer): void {
    const theirs = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral ?? new Uint8Array();
    this.#mixHash(theirs);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, theirs));
    const own = this.#encrypt(this.#static.public);
    this.#mixKey(Curve.sharedKey(this.#static.private, theirs));
    const payload = this.#encrypt(this.#authority.certify(this.#static.public));
    const serverHello = { ephemeral: this.#ephemeral.public, static: own, payload };
    this.#sendFrame(proto.HandshakeMessage.encode({ serverHello }).finish());
    this.#state = "finish";
  }

  #finish(frame: Buffer): void {
    const { clientFinish } = proto.HandshakeMessage.decode(frame);
    const theirs = this.#decrypt(clientFinish?.static ?? new Uint8Array());
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, theirs));
    const payload = proto.ClientPayload.decode(this.#decrypt(clientFinish?.payload ?? new Uint8Array()));
    const keys = hkdf(Buffer.alloc(0), 64, { salt: Buffer.from(this.#salt), info: "" });
    this.#readKey = keys.subarray(0, 32);
    this.#writeKey = keys.subarray(32);
    this.#state = "open";
    this.#ends.onClient(payload);
  }

  #sendFrame(frame: Uint8Array): void {
    const length = Buffer.alloc(3);
    length.writeUIntBE(frame.length, 0, 3);
    this.#ends.send(Buffer.concat([length, frame]));
  }

  #encrypt(plain: Uint8Array): Uint8Array {
    const sealed = aesEncryptGCM(plain, this.#key, toNonce(this.#counter++), this.#hash);
    this.#mixHash(sealed);
    return sealed;
  }

  #decrypt(sealed: Uint8Array): Uint8Array {
    const plain = aesDecryptGCM(sealed, this.#key, toNonce(this.#counter++), this.#hash);
    this.#mixHash(sealed);
    return plain;
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, data]));
  }

  #mixKey(shared: Uint8Array): void {
    const keys = hkdf(Buffer.from(shared), 64, { salt: Buffer.from(this.#salt), info: "" });
    this.#salt = keys.subarray(0, 32);
    this.#key = keys.subarray(32);
    this.#counter = 0;
  }
}

function toNonce(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(counter, 8);
  return nonce;
}
