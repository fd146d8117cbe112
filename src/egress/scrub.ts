/** Shorter ones would be found where nobody put them. */
export const shortestSecret = 8;

/**
 * A net behind the promise: the secret itself, and as servers echo it (in Base64, hexadecimal, a URL, JSON), replaced by as many stars,
 * so that lengths stay true.
 */
export class Scrubber {
  readonly #patterns: readonly Buffer[];

  constructor(secret: string, more: readonly string[] = []) {
    const forms = [secret, ...more].flatMap(toForms).filter((form) => form.length >= shortestSecret);
    // In a header letters above ASCII are one byte each, so a server may repeat them so.
    const narrow = forms.filter((form) => /[\x80-\xff]/.test(form) && !/[^\0-\xff]/.test(form));
    this.#patterns = [
      ...[...new Set(forms)].map((form) => Buffer.from(form)),
      ...[...new Set(narrow)].map((form) => Buffer.from(form, "latin1")),
    ].toSorted((one, other) => other.length - one.length);
  }

  text(text: string): string {
    return this.#replace(Buffer.from(text)).toString();
  }

  /** The end of a line that is not whole is held back, as long as the longest form, until it is known what follows. */
  stream(): TransformStream<Uint8Array, Uint8Array> {
    let held: Buffer = Buffer.alloc(0);
    return new TransformStream({
      transform: (chunk, controller) => {
        const bytes = this.#replace(Buffer.concat([held, chunk]));
        const undecided = this.#countUndecided(bytes);
        held = bytes.subarray(bytes.length - undecided);
        if (bytes.length > undecided) controller.enqueue(bytes.subarray(0, bytes.length - undecided));
      },
      flush: (controller) => {
        if (held.length > 0) controller.enqueue(held);
      },
    });
  }

  #replace(bytes: Buffer): Buffer {
    for (const pattern of this.#patterns) {
      for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + pattern.length)) {
        bytes.fill("*", at, at + pattern.length);
      }
    }
    return bytes;
  }

  /**
   * No form has a control character in it, so none goes on behind one. It must not depend on the secret's letters: whoever writes
   * guesses into an answer would see by what is held back how far they are right, and have the secret letter by letter.
   */
  #countUndecided(bytes: Buffer): number {
    const longest = Math.min(bytes.length, (this.#patterns[0]?.length ?? 1) - 1);
    for (let length = 0; length < longest; length++) {
      if ((bytes[bytes.length - 1 - length] ?? 0) < 0x20) return length;
    }
    return longest;
  }
}

/** The text as it is, and as servers and encoders write it. */
export function toForms(text: string): string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString("hex");
  return [
    text,
    ...toUrlForms(text),
    ...toJsonForms(text),
    text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter),
    hex,
    hex.toUpperCase(),
    ...toBase64Forms(bytes),
  ];
}

const entities: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;" },
  ...{ '"': "&quot;", "'": "&#39;" },
};

/** Some encoders write the digits small, some leave `!'()*` alone. */
function toUrlForms(text: string): string[] {
  const some = encodeURIComponent(text);
  const more = some.replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return [some, more].flatMap((form) => [
    form,
    form.replaceAll(/%[\dA-F]{2}/g, (digits) => digits.toLowerCase()),
  ]);
}

/** PHP escapes slashes, and Go what could be HTML. */
function toJsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const html = plain.replaceAll(/[&<>]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  return [plain, plain.replaceAll("/", "\\/"), html];
}

/** Alone and amid other bytes: what of its Base64 does not depend on its neighbours, at each of the three places. */
function toBase64Forms(bytes: Buffer): string[] {
  const whole = [bytes.toString("base64"), bytes.toString("base64url")];
  const parts = [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const end = padded.length - (padded.length % 3);
    const core = padded.subarray(0, end).toString("base64");
    const known = core.slice(shift === 0 ? 0 : 4);
    return [known, known.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [...whole, ...parts];
}
