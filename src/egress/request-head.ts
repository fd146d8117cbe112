/** The first lines of a request, read as one thing only: what two servers could read differently is refused. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: "1.0" | "1.1";
  /** In order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The value of the one Host header. */
  readonly host: string | undefined;
  readonly body: BodyFraming;
}

export type BodyFraming = number | "chunked";

/** A request that is not served, and the status that says so. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/** Of the connection and not of the request: never handed on. */
const hopByHop = [
  ...["connection", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["content-length", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
];
const maxHeaders = 100;
const requestLine = /^([A-Z]{1,20}) (\S{1,8192}) HTTP\/(1\.[01])$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}):[ \t]*(.*?)[ \t]*$/;

/** `text` is the head without its last empty line, a character for a byte. Throws `Refusal`. */
export function parseRequestHead(text: string): RequestHead {
  const lines = text.split("\r\n");
  // A line ends in CR LF and in nothing else; a fold would hide a header in another's value.
  if (lines.some((line) => /[^\t\x20-\x7e\x80-\xff]/.test(line))) throw bad("a control character");
  const [, method, target, version] = requestLine.exec(lines[0] ?? "") ?? [];
  if (method === undefined || target === undefined) throw bad("no request line");
  if (version !== "1.0" && version !== "1.1") throw bad("an unknown version");
  if (lines.length > maxHeaders + 1) throw new Refusal(431, "Too many headers.");
  const headers = lines.slice(1).map((line) => {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) throw bad("a malformed header");
    return [name.toLowerCase(), value] as const;
  });
  return {
    method,
    target,
    version,
    headers,
    host: findOnly(headers, "host"),
    body: toFraming(headers, version),
  };
}

/** What the next server is told: all but what belongs to this connection. */
export function toOnwardHeaders(headers: RequestHead["headers"]): [string, string][] {
  const named = headers.filter(([name]) => name === "connection").flatMap(([, value]) => value.split(","));
  const dropped = [...hopByHop, ...named.map((name) => name.trim().toLowerCase())];
  return headers.filter(([name]) => !dropped.includes(name)).map(([name, value]) => [name, value]);
}

function toFraming(headers: RequestHead["headers"], version: string): BodyFraming {
  const encoding = findOnly(headers, "transfer-encoding");
  const length = findOnly(headers, "content-length");
  if (encoding !== undefined) {
    if (length !== undefined) throw bad("two lengths");
    if (encoding.toLowerCase() !== "chunked" || version === "1.0") throw bad("an unknown transfer encoding");
    return "chunked";
  }
  if (length === undefined) return 0;
  if (!/^\d{1,15}$/.test(length)) throw bad("a length that is no number");
  return Number(length);
}

function findOnly(headers: RequestHead["headers"], wanted: string): string | undefined {
  const values = headers.filter(([name]) => name === wanted);
  if (values.length > 1) throw bad(`more than one ${wanted} header`);
  return values[0]?.[1];
}

function bad(what: string): Refusal {
  return new Refusal(400, `The request has ${what}.`);
}
