import { toCanonicalJson } from "./canonical-json.ts";

/** All that a yes is for. What is not in here may change between the question and the answer. */
export interface RequestFacts {
  readonly kind: "call" | "host" | "connection";
  readonly group: string;
  readonly action: string;
  readonly objectGroup: string;
  readonly tool: string;
  /** The checked ones of a call; the place of the others. */
  readonly arguments: unknown;
  /** What the tool says that the call is, where a word of it could mean something else later. */
  readonly bound?: unknown;
  /** The folders that the group sees, and as which folders of the disk. */
  readonly mounts: readonly MountFacts[];
  /** What the sandbox may reach, and with which grants. */
  readonly environment: readonly string[];
  /** Of instructions: what it takes away and adds, from what stood there when it was asked. */
  readonly diff?: string | undefined;
  /** Frozen when it was asked. */
  readonly outgoing?: Uint8Array | undefined;
}

export interface MountFacts {
  readonly source: string;
  readonly canWrite: boolean;
  readonly device: number;
  readonly inode: number;
}

/** The same for the same request, and for no other. */
export function hashRequest({ outgoing, diff, ...facts }: RequestFacts): string {
  const bytes = outgoing === undefined ? null : hashBytes(outgoing);
  const shown = diff === undefined ? {} : { diff };
  return hashBytes(toCanonicalJson({ ...facts, ...shown, outgoing: bytes }));
}

export function hashBytes(bytes: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}
