import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(import.meta.dir, "../..");

export interface SetupResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SetupMachine extends AsyncDisposable {
  /** A copy of the project's own scripts and manifests, nothing installed. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the fake programs were called with, in order. */
  calls(): Promise<readonly string[]>;
  /** Puts a program on the machine, or takes it off with no text. */
  program(name: string, text?: string): Promise<void>;
  run(script: string, ...options: readonly string[]): Promise<SetupResult>;
}

/** What `setup.sh` needs of any machine. */
const tools =
  "sh bash cat chmod cmp cp env grep head ln mkdir mktemp mv readlink rm rmdir sed sleep sort tail touch tr true uname dirname".split(
    " ",
  );

/** Prints its version; `ci` installs two Bun packages, of which the second runs, unless FAKE_NPM says otherwise. */
const npm = `#!/bin/sh
echo "npm $*" >>"$CALLS"
case $1 in --version) echo "\${FAKE_NPM_VERSION:-11.2.0}"; exit 0 ;; esac
rm -rf node_modules
mkdir -p node_modules/.bin node_modules/bun/bin node_modules/@oven/bun-a-musl/bin node_modules/@oven/bun-b/bin
echo "added 3 packages"
case \${FAKE_NPM:-} in
offline) echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 1 ;;
broken) echo "npm error code EINTEGRITY" >&2; exit 1 ;;
hang) touch "$CALLS.hanging"; exec sleep 600 ;;
slow) sleep 0.3 ;;
esac
printf '#!/bin/sh\\nexit 1\\n' >node_modules/bun/bin/bun.exe
printf '#!/bin/sh\\nexit 127\\n' >node_modules/@oven/bun-a-musl/bin/bun
chmod +x node_modules/bun/bin/bun.exe node_modules/@oven/bun-a-musl/bin/bun
ln -s "$REAL_BUN" node_modules/@oven/bun-b/bin/bun
ln -s ../bun/bin/bun.exe node_modules/.bin/bun
`;

const node = `#!/bin/sh
echo "node $*" >>"$CALLS"
echo "\${FAKE_NODE_VERSION:-v22.12.0}"
`;

/** A machine made of fake programs: its PATH holds nothing but them and the plain tools of every system. */
export async function createSetupMachine(): Promise<SetupMachine> {
  const root = await mkdtemp(join(tmpdir(), "nanoclaw-machine-"));
  const folder = join(root, "nanoclaw");
  const bin = join(root, "bin");
  await mkdir(join(folder, "scripts"), { recursive: true });
  await mkdir(bin);
  await mkdir(join(root, "home"));
  await chmod(root, 0o755);
  const env = {
    PATH: bin,
    HOME: join(root, "home"),
    TMPDIR: root,
    CALLS: join(root, "calls"),
    REAL_BUN: process.execPath,
    BIN: bin,
  };
  async function program(name: string, text?: string): Promise<void> {
    await rm(join(bin, name), { force: true });
    if (text === undefined) return;
    await Bun.write(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  for (const tool of tools) await symlink(Bun.which(tool) ?? `/bin/${tool}`, join(bin, tool));
  for (const name of ["bwrap", "unshare", "setpriv", "mount"]) await program(name, "#!/bin/sh\n");
  await program("id", '#!/bin/sh\necho "${FAKE_UID:-0}"\n');
  await program("npm", npm);
  await program("node", node);
  for (const file of ["package.json", "package-lock.json"])
    await copyFile(join(project, file), join(folder, file));
  for (const name of ["setup", "bun", "start", "test", "isolate", "in-memory"]) {
    await copyFile(join(project, `scripts/${name}.sh`), join(folder, `scripts/${name}.sh`));
  }
  return {
    folder,
    env,
    program,
    async calls() {
      const text = await readFile(env.CALLS, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "" && !line.endsWith("--version"));
    },
    async run(script, ...options) {
      const child = Bun.spawn(["sh", join(folder, "scripts", script), ...options], {
        cwd: root,
        env,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { code: await child.exited, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
