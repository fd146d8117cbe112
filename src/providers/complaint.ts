import type { Complaint } from "./failure.ts";
import { toList, toLoose, toText } from "./loose.ts";

/** All the shapes in which servers of both wires put an error. */
interface ErrorBody {
  readonly error:
    | { readonly type: string; readonly code: string | number; readonly message: string }
    | string;
  readonly message: string;
  readonly detail: string;
  readonly type: string;
  readonly code: string | number;
}

/** Reads the error in an HTTP answer that was not a success. */
export function toComplaint(status: number, body: string): Complaint {
  const value = parseJson(body);
  const found = findError(toList(value)[0] ?? value);
  if (found !== undefined) return { status, message: found.message, code: found.code };
  // A page of some proxy: its text would tell a person nothing.
  return { status, message: body.trimStart().startsWith("<") ? "" : body, code: "" };
}

/** Reads an error that came inside a successful answer; `undefined` where there is none. */
export function toStreamComplaint(value: unknown): Complaint | undefined {
  const found = findError(value);
  if (found === undefined) return undefined;
  return { status: found.status ?? statusOf(found.code), message: found.message, code: found.code };
}

interface FoundError {
  readonly message: string;
  readonly code: string;
  readonly status?: number;
}

function findError(value: unknown): FoundError | undefined {
  const body = toLoose<ErrorBody>(value);
  if (body === undefined) return undefined;
  const raw: unknown = body.error;
  if (typeof raw === "string") return { message: raw, code: "" };
  const error = toLoose<ErrorBody>(raw);
  if (error === undefined) {
    const message = toText(body.message) || toText(body.detail);
    return message === "" ? undefined : { message, code: `${toText(body.type)} ${toText(body.code)}` };
  }
  const status = toHttpStatus(error.code);
  return {
    message: toText(error.message) || toText(error.detail),
    code: `${toText(error.type)} ${toText(error.code)}`.trim(),
    ...(status === undefined ? {} : { status }),
  };
}

function toHttpStatus(code: unknown): number | undefined {
  const status = Number(code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

/** Inside a stream there is no status, only a name. What we do not know may pass by itself. */
const statuses: readonly (readonly [RegExp, number])[] = [
  [/overloaded/, 529],
  [/insufficient_quota|enforced_spend_limit|rate_limit|resource_exhausted/i, 429],
  [/billing/, 402],
  [/authentication|invalid_api_key/, 401],
  [/permission/, 403],
  [/not_found/, 404],
  [/request_too_large/, 413],
  [/invalid_request|context_length|content_filter/, 400],
];

function statusOf(code: string): number {
  return statuses.find(([name]) => name.test(code))?.[1] ?? 500;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
