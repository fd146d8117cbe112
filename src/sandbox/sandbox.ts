import type { Wire } from "../wire.ts";
import type { Words } from "../words/define-words.ts";
import type { SandboxLimits } from "./limits.ts";

/** The port to one isolation technique. A runtime that cannot hold its promise says so in `probe`; it never opens a weaker sandbox. */
export interface SandboxRuntime {
  readonly name: string;
  /** Runs a real sandbox, with a deadline. Never throws but for `signal`. */
  probe(signal: AbortSignal): Promise<SandboxProbe>;
  /** Checks and prepares; starts no process. Throws `AppError("sandbox-unavailable")` with the remedy. */
  open(spec: SandboxSpec): Promise<Sandbox>;
}

export type SandboxProbe =
  | {
      readonly isAvailable: true;
      readonly facts: readonly string[];
      /** By what each limit is held here. */
      readonly limits: readonly LimitInForce[];
    }
  | {
      readonly isAvailable: false;
      readonly reason: string;
      readonly remedy: string;
      /** Which sentence of the catalogue these two are. */
      readonly words?: Words;
    };

export interface LimitInForce {
  readonly limit: keyof SandboxLimits;
  readonly by: string;
  /** What a stronger way would hold besides, and why it is not to be had. */
  readonly lacks?: string;
}

export interface SandboxSpec {
  /** The group's own uid and gid on the host, used when we are root; otherwise the sandbox runs as us. */
  readonly uid: number;
  /** Host folders that only this group's sandbox writes. The host never opens a path below them. */
  readonly workspace: string;
  readonly home: string;
  /** `/tmp` of the session, on disk. */
  readonly temporary: string;
  /** What the owner shares besides, below `/workspace/extra/<name>` where the runtime has its own mount namespace. */
  readonly mounts: readonly SandboxMount[];
  /** `defaultLimits` without it. */
  readonly limits?: SandboxLimits;
  /** Names, as patterns, that are hidden in every mount besides those that are known to hold secrets. Asked before each spawn; never rejects. */
  readonly readHiddenNames?: () => Promise<readonly string[]>;
  /** Without it nothing inside has a network. */
  readonly network?: SandboxNetwork;
}

/** The only way out: a proxy on the other side of `proxyAddress`. */
export interface SandboxNetwork {
  /** Asked at every spawn; when not, that call has no network at all. */
  isOpen(): Promise<boolean>;
  /** Added to the environment of a call that has the way out. */
  environment?(): Promise<Readonly<Record<string, string>>>;
  /** What something inside has connected to `proxyAddress`. It is nobody else's: no other sandbox can reach this one's. */
  accept(connection: Wire): void;
}

export interface SandboxMount {
  readonly name: string;
  readonly source: string;
  readonly canWrite: boolean;
  /** What the owner allows now, asked before each spawn; it never widens what was opened. Without it that stays. Never rejects. */
  readonly readRight?: () => Promise<MountRight>;
}

export type MountRight = "write" | "read" | "none";

/** What tools get: a way to run things inside, and what the folders are called there. */
export interface ToolSandbox {
  readonly paths: SandboxPaths;
  /**
   * Starts `argv` inside. All processes of the call are gone within a second of its end, of `signal`, of
   * `timeoutMs`, or of our own death. Throws `AppError("sandbox-failed")` when it cannot start, `AppError("conflict")`
   * when too many run already, `AppError("io")` when the disk is too full for one to start.
   */
  spawn(argv: readonly string[], options: SpawnOptions): Promise<SandboxProcess>;
}

export interface Sandbox extends ToolSandbox, AsyncDisposable {
  /** Ends all that runs in it now; it can be used on. */
  stop?(): void;
}

export interface SandboxPaths {
  readonly workspace: string;
  readonly home: string;
  readonly temporary: string;
  /** Inside names of the mounts, in the order of the spec. */
  readonly mounts: readonly { readonly path: string; readonly canWrite: boolean }[];
}

export interface SpawnOptions {
  readonly signal: AbortSignal;
  /** A path inside; the workspace by default. */
  readonly cwd?: string;
  /** Added to the small fixed environment of the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whole input, or `"pipe"` to write while it runs; nothing by default. */
  readonly stdin?: string | Uint8Array | "pipe";
  readonly timeoutMs?: number;
  /** It connects to nothing: no way out is made for it, also where the sandbox has one. */
  readonly isOffline?: boolean;
}

export interface SandboxProcess {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** Only with `stdin: "pipe"`. */
  readonly stdin?: SandboxInput;
  /** Settles when every process of the call is gone. Never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** Ends every process of the call; harmless when it is over. */
  kill(): void;
}

export interface SandboxInput {
  write(data: string | Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export type SandboxExit = (
  | { readonly type: "exited"; readonly code: number }
  | { readonly type: "signalled"; readonly signal: string }
  | { readonly type: "timed-out" | "cancelled" }
  /** It printed more than a command may. */
  | { readonly type: "flooded" }
) & {
  readonly durationMs: number;
  /** Limits that its sandbox met meanwhile; absent when there were none. */
  readonly hits?: readonly LimitHit[];
};

export type LimitHit = "memory" | "processes";
