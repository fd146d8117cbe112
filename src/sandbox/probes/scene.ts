import { closeSync, constants } from "node:fs";
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { openLibc } from "../../libc.ts";
import type { SandboxSpec } from "../sandbox.ts";
import { createTool } from "./tool.ts";

/** What there is to attack: things of a host, made for it, and a sandbox's folders beside them. */
export interface Scene extends AsyncDisposable {
  readonly spec: SandboxSpec;
  /** Told to both sides. */
  readonly facts: Readonly<Record<string, string>>;
  /** How our own executable evaluates an expression, outside and inside. */
  readonly tool: { readonly outside: readonly string[]; readonly inside: readonly string[] };
  /** A folder that may be written, outside and inside. */
  readonly spare: { readonly outside: string; readonly inside: string };
}

export interface SceneOptions {
  /** What must not be seen inside; nobody else knows it. */
  readonly canary: string;
  /** `NANOCLAW_HOME`. */
  readonly state: string;
}

/** The one below the groups' own. */
const probeUid = 200_000;
const isRoot = process.getuid?.() === 0;
/** What makes our executable a plain Bun, which obeys no file of the folder where it stands. */
export const asBun = { BUN_BE_BUN: "1" } as const;
const bunFlags = ["--no-env-file", "--config=/dev/null"];

export async function openScene({ canary, state }: SceneOptions): Promise<Scene> {
  await using scope = new AsyncDisposableStack();
  const root = await mkdtemp("/tmp/nanoclaw-probe-");
  scope.defer(() => rm(root, { recursive: true, force: true }));
  await chmod(root, 0o755);
  const sshKey = join(root, "home/.ssh/id_ed25519");
  const otherFile = join(root, "other/workspace/secret");
  const shared = `/dev/shm/${root.split("/").at(-1)}`;
  for (const path of [sshKey, otherFile]) await mkdir(join(path, ".."), { recursive: true });
  // Where everybody may write, nothing that stands there already is followed.
  for (const path of [sshKey, otherFile, shared]) await writeFile(path, `${canary}\n`, { flag: "wx" });
  scope.defer(() => rm(shared, { force: true }));
  const spare = join(root, "spare");
  await mkdir(spare, { mode: 0o700 });
  const { spec, tool } = await prepareGroup(root);

  const name = `nanoclaw-probe-${crypto.randomUUID()}`;
  const path = join(root, "socket");
  const port = listen(scope, { hostname: "127.0.0.1", port: 0 }, canary);
  listen(scope, { unix: path }, canary);
  listen(scope, { unix: `\0${name}` }, canary);
  await chmod(path, 0o777);
  leaveOpen(scope, sshKey);
  const key = 1 + Math.floor(Math.random() * 0x3fffffff);
  const victim = await startVictim(scope, [...tool.outside], key, canary);
  const facts = {
    SSH_KEY: sshKey,
    OTHER_FILE: otherFile,
    HOST_SHM: shared,
    STATE: state,
    VICTIM: String(victim),
    PORT: String(port),
    SOCKET: path,
    ABSTRACT: name,
    SHM_KEY: String(key),
    HOST_NAME: hostname(),
    AS_ROOT: isRoot ? "" : "--user --map-root-user",
    ENTER: "",
  };
  const opened = scope.move();
  return {
    spec,
    facts,
    tool,
    spare: { outside: spare, inside: "/workspace/spare" },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** No sandbox has written here yet, so its folders may be filled by name. */
async function prepareGroup(root: string): Promise<Pick<Scene, "spec" | "tool">> {
  const folder = join(root, "private");
  const workspace = join(folder, "workspace");
  await mkdir(join(workspace, "spare"), { recursive: true });
  await chmod(folder, 0o700);
  await copyFile(process.execPath, join(workspace, "tool"), constants.COPYFILE_FICLONE);
  await chmod(join(workspace, "tool"), 0o755);
  const source = createTool();
  await writeFile(join(workspace, "tool.mjs"), source);
  const outside = join(root, "tool.mjs");
  await writeFile(outside, source);
  if (isRoot) for (const path of [workspace, join(workspace, "spare")]) await chown(path, probeUid, probeUid);
  return {
    spec: {
      uid: probeUid,
      workspace,
      home: join(folder, "home"),
      temporary: join(folder, "tmp"),
      mounts: [],
    },
    tool: {
      outside: [process.execPath, ...bunFlags, outside],
      inside: ["/workspace/tool", ...bunFlags, "/workspace/tool.mjs"],
    },
  };
}

function listen(
  scope: AsyncDisposableStack,
  where: { readonly unix: string } | { readonly hostname: string; readonly port: number },
  canary: string,
): number {
  const socket = {
    data(asking: { end: (answer: string) => unknown }) {
      asking.end(canary);
    },
  };
  if ("unix" in where) {
    const server = Bun.listen({ ...where, socket });
    scope.defer(() => server.stop(true));
    return 0;
  }
  const server = Bun.listen({ ...where, socket });
  scope.defer(() => server.stop(true));
  return server.port;
}

/** As a library would that forgets to say that no child shall have it. */
function leaveOpen(scope: AsyncDisposableStack, path: string): void {
  const libc = openLibc({ open: { args: ["ptr", "i32"], returns: "i32" } });
  const number = libc?.open(Buffer.from(`${path}\0`), constants.O_RDONLY) ?? -1;
  if (number >= 0) scope.defer(() => closeSync(number));
}

/** A program of the host, with a secret in its environment and memory that it shares with whoever knows the key. */
async function startVictim(
  scope: AsyncDisposableStack,
  tool: readonly string[],
  key: number,
  canary: string,
): Promise<number> {
  const start = `sys("shmget", ${key}, 4096, 0o1666) >= 0 && (console.log("up"), Bun.sleep(600_000))`;
  const env = { ...asBun, HOST_SECRET: canary };
  const victim = Bun.spawn([...tool, start], { env, cwd: "/", stdin: "ignore", stdout: "pipe" });
  scope.defer(async () => {
    victim.kill("SIGKILL");
    await victim.exited;
    const remove = `sys("shmctl", sys("shmget", ${key}, 0, 0), 0, 0)`;
    await Bun.spawn([...tool, remove], { env: asBun, cwd: "/", stdin: "ignore", stdout: "ignore" }).exited;
  });
  const first = await victim.stdout.getReader().read();
  if (first.done) throw new AppError("sandbox-failed", "The program that is to be attacked did not start.");
  return victim.pid;
}
