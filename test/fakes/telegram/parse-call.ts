/** A call as it came over the wire. */
export interface BotCall {
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of an upload: the file's name, and its bytes. */
  readonly file?: {
    readonly field: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: Uint8Array;
  };
  /** By the machine's clock. */
  readonly at: number;
}

export async function parseCall(method: string, request: Request): Promise<BotCall> {
  const at = performance.now();
  if (request.headers.get("content-type")?.startsWith("multipart/form-data") !== true) {
    const text = await request.text();
    const parameters = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { method, parameters, at };
  }
  const parameters: Record<string, unknown> = {};
  let file: BotCall["file"];
  for (const [field, value] of (await request.formData()).entries()) {
    if (typeof value === "string") {
      parameters[field] = /^[[{\d-]/.test(value) ? parseLoose(value) : value;
    } else {
      const bytes = new Uint8Array(await value.arrayBuffer());
      file = { field, name: value.name, type: value.type, bytes };
    }
  }
  return { method, parameters, at, ...(file === undefined ? {} : { file }) };
}

function parseLoose(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
