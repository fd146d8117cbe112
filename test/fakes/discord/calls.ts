/** A call of the HTTP API as it came over the wire. */
export interface RestCall {
  /** `send`, `edit`, `history`, … */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By the machine's clock. */
  readonly at: number;
  readonly body: Readonly<Record<string, unknown>> | readonly unknown[];
  /** Of an upload. */
  readonly file?: { readonly name: string; readonly type: string; readonly bytes: Uint8Array };
}

const names: readonly (readonly [method: string, path: RegExp, name: string])[] = [
  ["GET", /^\/users\/@me$/, "me"],
  ["GET", /^\/applications\/@me$/, "application"],
  ["GET", /^\/oauth2\/applications\/@me$/, "application"],
  ["POST", /^\/users\/@me\/channels$/, "open"],
  ["GET", /^\/gateway\/bot$/, "gateway"],
  ["PUT", /^\/applications\/\d+\/commands$/, "commands"],
  ["GET", /^\/channels\/\d+$/, "channel"],
  ["GET", /^\/guilds\/\d+$/, "server"],
  ["GET", /^\/channels\/\d+\/messages$/, "history"],
  ["GET", /^\/channels\/\d+\/messages\/\d+$/, "message"],
  ["POST", /^\/channels\/\d+\/messages$/, "send"],
  ["PATCH", /^\/channels\/\d+\/messages\/\d+$/, "edit"],
  ["PUT", /^\/channels\/\d+\/messages\/\d+\/reactions\/[^/]+\/@me$/, "react"],
  ["DELETE", /^\/channels\/\d+\/messages\/\d+\/reactions\/[^/]+\/@me$/, "unreact"],
  ["POST", /^\/channels\/\d+\/typing$/, "typing"],
  ["POST", /^\/interactions\/\d+\/[\w-]+\/callback$/, "callback"],
];

export async function parseCall(request: Request): Promise<RestCall> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/(?:api\/)?v10/, "");
  const { method } = request;
  const name = names.find(([of, pattern]) => of === method && pattern.test(path))?.[2] ?? "unknown";
  const common = { name, method, path, query: url.searchParams, at: performance.now() };
  if (request.headers.get("content-type")?.startsWith("multipart/form-data") === true) {
    const form = await request.formData();
    const payload = form.get("payload_json");
    const body: unknown = JSON.parse(typeof payload === "string" ? payload : "{}");
    const file = form.get("files[0]");
    if (!(file instanceof Blob)) return { ...common, body: toBody(body) };
    const bytes = new Uint8Array(await file.arrayBuffer());
    return {
      ...common,
      body: toBody(body),
      file: { name: "name" in file ? file.name : "", type: file.type, bytes },
    };
  }
  const text = await request.text();
  return { ...common, body: toBody(text === "" ? {} : JSON.parse(text)) };
}

function toBody(value: unknown): RestCall["body"] {
  if (Array.isArray(value)) return value;
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** What Discord would not take of a message. */
export function findMessageProblem({ body, file }: RestCall): string | undefined {
  const { content, nonce, components, allowed_mentions: mentions } = toBody(body) as Record<string, unknown>;
  if (content !== undefined && (typeof content !== "string" || content.length > 2000)) {
    return "Must be 2000 or fewer in length.";
  }
  if ((content === undefined || content === "") && file === undefined) return "Cannot send an empty message";
  if (nonce !== undefined && (typeof nonce !== "string" || nonce.length > 25))
    return "nonce: Must be 25 or fewer in length.";
  if (mentions === undefined) return "the test wants mentions to be kept quiet";
  const rows = Array.isArray(components) ? (components as { components: Button[] }[]) : [];
  if (rows.length > 5 || rows.some((row) => row.components.length > 5 || row.components.length === 0)) {
    return "components: Must be between 1 and 5 in length.";
  }
  const buttons = rows.flatMap((row) => row.components);
  const bad = buttons.find(
    ({ label, custom_id: id }) => label.length > 80 || label === "" || id.length > 100,
  );
  return bad === undefined ? undefined : "components: a label or an id is too long";
}

export interface Button {
  readonly label: string;
  readonly custom_id: string;
}
