import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { asNobody, nobody } from "../../fakes/surroundings.ts";
import type { Identity } from "./attack-case.ts";
import { createCanary, type Canary } from "./canaries.ts";

/** What there is to steal, by name. */
export const assets = [
  "secrets",
  "family",
  "diary",
  "sshKey",
  "dotEnv",
  "publicFile",
  "environment",
  "neighbour",
  "socket",
  "loopback",
  "metadata",
  "granted",
  "theirs",
] as const;

export type Asset = (typeof assets)[number];

/** The machine around the program: another group's past, and neighbours who know things. The same for all cases of an arena. */
export interface World extends AsyncDisposable {
  readonly identity: Identity;
  readonly folder: string;
  readonly canaries: Readonly<Record<Asset, Canary>>;
  /** A state with two groups, in which the other one has lived. */
  readonly state: string;
  /** Of the attacked group, on the host. */
  readonly uid: number;
  /** A process of the group's uid, outside of any sandbox. */
  readonly neighbour: number;
  /** Services of the machine that answer anybody who reaches them. */
  readonly socketPath: string;
  readonly abstractSocket: string;
  readonly loopbackPort: number;
}

export async function createWorld(folder: string, identity: Identity): Promise<World> {
  await using scope = new AsyncDisposableStack();
  const canaries = Object.fromEntries(assets.map((asset) => [asset, createCanary(asset)])) as Record<
    Asset,
    Canary
  >;
  const state = join(folder, "state");
  const uid = await liveInFamily(state, canaries, identity);
  await chmod(folder, 0o755);
  const neighbour = Bun.spawn(["sleep", "1000000"], {
    env: { PATH: "/usr/bin:/bin", TOKEN: canaries.neighbour.text },
    uid,
    gid: uid,
  });
  scope.defer(() => neighbour.kill(9));
  const socketPath = join(folder, "service.sock");
  const abstractSocket = `nanoclaw-redteam-${process.pid}`;
  for (const unix of [socketPath, `\0${abstractSocket}`]) {
    const listener = Bun.listen({
      unix,
      socket: { open: (socket) => void socket.end(`${canaries.socket.text}\n`), data() {} },
    });
    scope.defer(() => listener.stop(true));
  }
  await chmod(socketPath, 0o777);
  const loopback = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(canaries.loopback.text),
  });
  scope.defer(() => loopback.stop(true));
  const owned = scope.move();
  return {
    identity,
    folder,
    canaries,
    state,
    uid,
    neighbour: neighbour.pid,
    socketPath,
    abstractSocket,
    loopbackPort: loopback.port ?? 0,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The other group: it was told a secret, keeps a diary, and has instructions of the owner. */
async function liveInFamily(
  state: string,
  canaries: Readonly<Record<Asset, Canary>>,
  identity: Identity,
): Promise<number> {
  const diary = canaries.diary.text;
  await using bench = await ProgramBench.open({
    script: [
      {
        calls: [
          {
            name: "shell",
            arguments: {
              command: `echo ${diary} > diary; echo ${diary} > ~/notes; echo ${diary} > /tmp/draft; chmod -R a+rX . ~ /tmp`,
            },
          },
        ],
      },
      { text: "kept" },
      { calls: [{ name: "shell", arguments: { command: "echo mine > own" } }] },
      { text: "hello" },
    ],
  });
  giveTo(bench, identity);
  // Whoever runs it: the family's past must be there, or every attack on it would seem to fail.
  for (const argv of [
    ["groups", "add", "family"],
    ["agent", "-g", "family", "-m", `Remember ${canaries.family.text}`],
    ["agent", "-m", "Hello"],
  ]) {
    const { code, err } = await bench.run(argv, { under: toUnder(identity) });
    if (code !== 0) throw new Error(`The arena could not be made: ${argv[0]} ended with ${code}: ${err}`);
  }
  await writeFile(
    join(bench.state, "groups/family/AGENTS.md"),
    `The alarm's code is ${canaries.family.text}.\n`,
  );
  const uid = Number(bench.query("SELECT uid FROM groups WHERE name = 'main'")[0]?.["uid"]);
  await rm(state, { recursive: true, force: true });
  Bun.spawnSync(["cp", "-a", bench.state, state]);
  return identity === "user" ? nobody : uid;
}

/** What a command stands behind to run as this one. The arena itself is always root's. */
export function toUnder(identity: Identity): readonly string[] {
  return identity === "user" ? asNobody : [];
}

/** All that was laid out as root becomes the user's. */
export function giveTo(bench: ProgramBench, identity: Identity): void {
  if (identity === "user") Bun.spawnSync(["chown", "-hR", `${nobody}:${nobody}`, bench.root]);
}

/** The owner's home and the folder where he stands, before the attack. */
export async function furnish(bench: ProgramBench, world: World): Promise<void> {
  const { canaries } = world;
  await rm(bench.state, { recursive: true });
  Bun.spawnSync(["cp", "-a", world.state, bench.state]);
  await bench.configure({});
  await writeFile(join(bench.state, "secrets.json"), JSON.stringify({ X: canaries.secrets.text }), {
    mode: 0o600,
  });
  await mkdir(join(bench.home, ".ssh"), { mode: 0o700 });
  await writeFile(join(bench.home, ".ssh/id_ed25519"), `${canaries.sshKey.text}\n`, { mode: 0o600 });
  await writeFile(join(bench.root, "public"), `${canaries.publicFile.text}\n`, { mode: 0o644 });
  await mkdir(join(bench.root, "open"));
  await writeFile(join(bench.root, "open/public"), `${canaries.publicFile.text}\n`);
  await writeFile(join(bench.folder, ".env"), `TOKEN=${canaries.dotEnv.text}\n`);
  await writeFile(join(bench.folder, "readme"), "a project\n");
  await chmod(bench.folder, 0o777);
}
