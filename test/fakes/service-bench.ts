import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { explain } from "../../src/errors.ts";
import { findHome } from "../../src/home.ts";
import { createBackground } from "../../src/operations/service/background.ts";
import { createLaunchd } from "../../src/operations/service/launchd.ts";
import { createSystemd } from "../../src/operations/service/systemd.ts";
import type { ServiceManager, ServicePlace } from "../../src/operations/service/service-manager.ts";
import { toSaid } from "./provoke.ts";

/**
 * Stands where `systemctl`, `loginctl` and `launchctl` would: writes down each call, keeps which services are loaded and
 * enabled, and answers as the real ones do.
 */
const fakeManager = `#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$BENCH/calls"
[ ! -s "$BENCH/refusal" ] || { cat "$BENCH/refusal" >&2; exit 1; }
[ "$1" != --user ] || shift
case "$name $1" in
  "systemctl enable") echo enabled > "$BENCH/enabled" ;;
  "systemctl disable") rm -f "$BENCH/enabled" "$BENCH/running" ;;
  "systemctl start" | "systemctl restart") echo 4711 > "$BENCH/running" ;;
  "systemctl stop") rm -f "$BENCH/running" ;;
  "systemctl show")
    if [ -f "$BENCH/running" ]; then echo ActiveState=active; echo MainPID=4711; else echo ActiveState=inactive; echo MainPID=0; fi
    if [ -f "$BENCH/enabled" ]; then echo UnitFileState=enabled; else echo UnitFileState=disabled; fi ;;
  "launchctl bootstrap") echo 4711 > "$BENCH/running" ;;
  "launchctl bootout") rm -f "$BENCH/running" ;;
  "launchctl print")
    [ -f "$BENCH/running" ] || { echo "Could not find service" >&2; exit 113; }
    printf '%s = {\\n\\tstate = running\\n\\tpid = 4711\\n}\\n' "$2" ;;
esac
`;

/** A machine whose service managers are scripts, and that keeps its units in a folder of its own. */
export class ServiceBench implements AsyncDisposable {
  readonly root: string;
  readonly place: ServicePlace;

  static async open(uid = 1000): Promise<ServiceBench> {
    const root = await mkdtemp(join(tmpdir(), "nanoclaw service-"));
    const bench = new ServiceBench(root, uid);
    for (const folder of ["bin", "home", "state"]) await mkdir(join(root, folder), { mode: 0o700 });
    for (const name of ["systemctl", "loginctl", "launchctl"]) {
      const script = fakeManager.replaceAll("$BENCH", root);
      await writeFile(join(root, "bin", name), script, { mode: 0o755 });
    }
    await bench.useGateway("exec sleep 60");
    return bench;
  }

  constructor(root: string, uid: number) {
    this.root = root;
    const environment = {
      PATH: `${join(root, "bin")}:/usr/bin:/bin`,
      HOME: join(root, "home"),
      NANOCLAW_HOME: join(root, "state"),
      ANTHROPIC_API_KEY: "sk-ant-never-in-a-unit",
      LANG: "de_DE.UTF-8",
    };
    const program = [join(root, "nano claw"), "100%"];
    this.place = { home: findHome(environment), program, environment, uid, systemRoot: root };
  }

  get systemd(): ServiceManager {
    return createSystemd(this.place);
  }

  get launchd(): ServiceManager {
    return createLaunchd(this.place);
  }

  get background(): ServiceManager {
    return createBackground(this.place, systemClock);
  }

  /** What a person of uid 1000 gets for a folder that is not the usual one. */
  get unitFile(): string {
    const hash = new Bun.CryptoHasher("sha256").update(this.place.home.root).digest("hex").slice(0, 8);
    const folder = this.place.uid === 0 ? "etc/systemd/system" : "home/.config/systemd/user";
    return join(this.root, folder, `nanoclaw-${hash}.service`);
  }

  /** What stands for the program, as a script of the shell; `$1` is the word `100%`, then `gateway`. */
  async useGateway(script: string): Promise<void> {
    const path = join(this.root, "nano claw");
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await chmod(path, 0o755);
  }

  async calls(): Promise<readonly string[]> {
    const text = await readFile(join(this.root, "calls"), "utf8").catch(() => "");
    return text.split("\n").filter(Boolean);
  }

  /** While each call is refused with these words. */
  async failing<T>(words: string, work: () => Promise<T>): Promise<T> {
    await writeFile(join(this.root, "refusal"), `${words}\n`);
    try {
      return await work();
    } finally {
      await rm(join(this.root, "refusal"));
    }
  }

  /** What a person is told who does this. */
  async trySystemd(verb: "install" | "start"): Promise<string> {
    return await told(() => this.systemd[verb](AbortSignal.timeout(10_000)));
  }

  async tryBackground(script: string): Promise<string> {
    await this.useGateway(script);
    return await told(() => this.background.start(AbortSignal.timeout(10_000)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.background.stop(AbortSignal.timeout(15_000));
    await rm(this.root, { recursive: true, force: true });
  }
}

async function told(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "it worked";
  } catch (error) {
    return toSaid(explain(error));
  }
}
