/** Addresses by name; each inner list is one answer, and the last is repeated. */
export type Zone = Map<string, (readonly string[])[]>;

export interface Question {
  readonly name: string;
  readonly type: number;
  /** Where it ends in the datagram. */
  readonly end: number;
}

const typeA = 1;
const typeAaaa = 28;

/** Nothing for what is no question. */
export function readQuestion(data: Uint8Array): Question | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = data[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(Buffer.from(data.subarray(at, at + length)).toString("latin1"));
    at += length;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (at + 4 > data.length) return undefined;
  return { name: labels.join(".").toLowerCase(), type: view.getUint16(at), end: at + 4 };
}

/** With a life of no second, so that nobody may remember it. */
export function answerName(query: Uint8Array, { name, type, end }: Question, zone: Zone): Uint8Array {
  const answers = zone.get(name);
  const next = answers !== undefined && type === typeA && answers.length > 1 ? answers.shift() : answers?.[0];
  const wanted = (next ?? []).filter((address) => (address.includes(":") ? typeAaaa : typeA) === type);
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(answers === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(wanted.length, 6);
  head.writeUInt32BE(0, 8);
  const records = wanted.map((address) => {
    const bytes = toBytes(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(0, 6);
    record.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

/** IPv6 without `::` but at its end or written out; the zones of the arena need no more. */
function toBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split(".").map(Number));
  const [before = "", after = ""] = address.split("::");
  const left = before.split(":").filter(Boolean);
  const right = after.split(":").filter(Boolean);
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}
