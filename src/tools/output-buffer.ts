const smallest = 4096;

/** Keeps the beginning and the end of a stream of bytes in bounded memory and counts what lies between. */
export class OutputBuffer {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head: Uint8Array = new Uint8Array(0);
  #headLength = 0;
  #ring: Uint8Array | undefined;
  #pastHead = 0;

  constructor(headLimit: number, tailLimit: number) {
    this.#headLimit = headLimit;
    this.#tailLimit = tailLimit;
  }

  get total(): number {
    return this.#headLength + this.#pastHead;
  }

  /** How many bytes are in neither the head nor the tail. */
  get dropped(): number {
    return Math.max(0, this.#pastHead - this.#tailLimit);
  }

  add(chunk: Uint8Array): void {
    const forHead = chunk.subarray(0, this.#headLimit - this.#headLength);
    if (forHead.length > 0) this.#addToHead(forHead);
    if (forHead.length < chunk.length) this.#addToTail(chunk.subarray(forHead.length));
  }

  head(): Uint8Array {
    return this.#head.subarray(0, this.#headLength);
  }

  tail(): Uint8Array {
    if (this.#ring === undefined) return new Uint8Array(0);
    if (this.#pastHead <= this.#tailLimit) return this.#ring.subarray(0, this.#pastHead);
    const start = this.#pastHead % this.#tailLimit;
    return Buffer.concat([this.#ring.subarray(start), this.#ring.subarray(0, start)]);
  }

  /** A sentence stands where bytes are missing. Bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    const decoder = new TextDecoder();
    if (this.dropped === 0) return decoder.decode(Buffer.concat([this.head(), this.tail()]));
    const gap = `\n[${this.dropped} bytes of output dropped here]\n`;
    return decoder.decode(this.head()) + gap + decoder.decode(this.tail());
  }

  #addToHead(part: Uint8Array): void {
    const length = this.#headLength + part.length;
    if (length > this.#head.length) {
      const grown = new Uint8Array(
        Math.min(this.#headLimit, Math.max(length, this.#head.length * 2, smallest)),
      );
      grown.set(this.head());
      this.#head = grown;
    }
    this.#head.set(part, this.#headLength);
    this.#headLength = length;
  }

  #addToTail(part: Uint8Array): void {
    const end = this.#pastHead + part.length;
    const kept = part.subarray(Math.max(0, part.length - this.#tailLimit));
    if (kept.length > 0) {
      this.#ring ??= new Uint8Array(this.#tailLimit);
      const start = (end - kept.length) % this.#tailLimit;
      const beforeWrap = kept.subarray(0, this.#tailLimit - start);
      this.#ring.set(beforeWrap, start);
      this.#ring.set(kept.subarray(beforeWrap.length), 0);
    }
    this.#pastHead = end;
  }
}
