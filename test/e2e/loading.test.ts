import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { FakeMailServer } from "../fakes/mail/fake-mail-server.ts";

const root = join(import.meta.dir, "../..");
const bun = [process.execPath, "--no-env-file", "--config=/dev/null"];

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loading-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the program from source and lists what it loaded, from the project's folder. What serves is told to end after `whenReady`. */
async function listLoaded(
  argv: readonly string[],
  config?: object,
  whenReady?: (pid: number) => Promise<void>,
): Promise<readonly string[]> {
  const lines = await readReport("loaded", argv, config, whenReady);
  return lines.map(toOwnPath).filter((path) => !path.startsWith("test/"));
}

/** From the project's folder; packages may lie elsewhere, behind a link. */
function toOwnPath(path: string): string {
  return relative(root, path).replace(/^.*?(?=node_modules\/)/, "");
}

/** Runs the program from source with `test/fakes/report-NAME.ts` before it; the lines of the report. */
async function readReport(
  name: "loaded" | "calendars",
  argv: readonly string[],
  config?: object,
  whenReady?: (pid: number) => Promise<void>,
): Promise<readonly string[]> {
  const { child, report } = start(name, await makeHome(config), argv);
  await using _ = child;
  let out = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    out += piece;
    if (whenReady === undefined || !out.includes("\n")) continue;
    await whenReady(child.pid);
    child.kill("SIGTERM");
  }
  expect([await child.exited, out === ""]).toEqual([0, false]);
  return await readLines(report);
}

async function makeHome(config?: object): Promise<string> {
  const home = await mkdtemp(join(folder, "home-"));
  await mkdir(join(home, ".nanoclaw"), { mode: 0o700 });
  if (config !== undefined) await Bun.write(join(home, ".nanoclaw/config.json"), JSON.stringify(config));
  return home;
}

function start(
  name: "loaded" | "calendars",
  home: string,
  argv: readonly string[],
): { readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">; readonly report: string } {
  const report = join(home, `${name}-${argv[0]}`);
  const preload = ["--preload", join(root, `test/fakes/report-${name}.ts`)];
  const child = Bun.spawn([...bun, ...preload, join(root, "src/main.ts"), ...argv], {
    cwd: home,
    env: { HOME: home, PATH: "/usr/bin:/bin", [`REPORT_${name.toUpperCase()}`]: report },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return { child, report };
}

async function readLines(path: string): Promise<readonly string[]> {
  return (await Bun.file(path).text()).split("\n").filter((line) => line !== "");
}

/** What a gateway with these channels has loaded at its end, and which processes it had when it was ready. */
async function listOfGateway(
  channels: object,
  until?: Promise<void>,
): Promise<{ readonly loaded: readonly string[]; readonly children: readonly string[] }> {
  let children: readonly string[] = [];
  const config = { gateway: { port: 0, token: "the-token-of-the-test" }, channels };
  const loaded = await listLoaded(["gateway", "--json"], config, async (pid) => {
    await until;
    const listed = await Bun.file(`/proc/${pid}/task/${pid}/children`).text();
    children = listed.split(" ").filter((each) => each !== "");
  });
  expect(loaded).toContain("src/gateway/gateway.ts");
  return { loaded, children };
}

const mail =
  /^(?:src\/(?:mail|tools\/mail|channels\/email)\/|node_modules\/(?:imapflow|nodemailer|postal-mime))/;

const argumentsOnly =
  /^(?:package\.json|src\/(?:main|trace|errors|libc|nearest-word)\.ts|src\/words\/(?:quote|define-words|hide-secrets|english\/(?:usage|system))\.ts|src\/commands\/(?:table\/[^/]+|table|program|cli|arguments|find-command|process-io|read-all|version)\.ts)$/;

const heavy =
  /^(?:node_modules|src\/(?:prompt|snapshots(?!\/guard-tools)|channels|web|egress|sandbox\/bubblewrap)\/)/;

describe("a command loads what it uses and nothing else", () => {
  test("the version is said by what reads the arguments", async () => {
    const loaded = await listLoaded(["--version"]);
    expect(loaded).toContain("src/commands/version.ts");
    expect(loaded.filter((path) => !argumentsOnly.test(path))).toEqual([]);
  });

  test("a one-shot answer without a configuration loads no package and nothing that draws, mounts or keeps files", async () => {
    const loaded = await listLoaded(["agent", "-m", "hi"]);
    expect(loaded).toContain("src/agent/loop.ts");
    expect(loaded.filter((path) => heavy.test(path))).toEqual([]);
  });

  test("no tool is loaded before it is called, and no command but the one that was given", async () => {
    const loaded = await listLoaded(["agent", "-m", "hi"]);
    expect(loaded).toContain("src/tools/shell/shell.ts");
    const carriers = /^src\/(?:tools\/(?:.*\/)?run-|memory\/group-memory|commands\/table\.ts)/;
    expect(loaded.filter((path) => carriers.test(path))).toEqual([]);
  });

  test("a mailbox that nobody granted loads nothing of mail", async () => {
    const loaded = await listLoaded(["agent", "-m", "hi"]);
    expect(loaded.filter((path) => mail.test(path))).toEqual([]);
    const tools = { mailbox: { groups: ["main"] } };
    const granted = await listLoaded(["agent", "-m", "hi"], { tools });
    expect(granted.filter((path) => mail.test(path))).toEqual(["src/tools/mail/mail-tool.ts"]);
  });

  test("a gateway whose mailbox is off loads nothing of mail, and one that waits for mail nothing to read or send it", async () => {
    await using server = new FakeMailServer();
    const email = { ...server.config, imapPassword: server.password };
    const list = async (isOn: boolean, until?: Promise<void>): Promise<readonly string[]> => {
      const { loaded } = await listOfGateway({ email: { ...email, enabled: isOn } }, until);
      return loaded.filter((path) => mail.test(path));
    };
    expect(await list(false)).toEqual([]);
    const waits = server.until(() => server.commands.includes("IDLE"));
    const loaded = (await list(true, waits)).join("\n");
    expect(loaded).toContain("src/channels/email/watch.ts");
    expect(loaded).toContain("node_modules/imapflow");
    expect(loaded).not.toMatch(/node_modules\/(?:nodemailer|postal-mime)/);
  }, 20_000);

  test("a one-shot answer asks the engine for no local time and no calendar", async () => {
    expect(await readReport("calendars", ["agent", "-m", "hi"])).toEqual([]);
  });

  test("a gateway that waits has loaded nothing of a turn", async () => {
    const turns =
      /^src\/(?:agent\/loop|tools\/(?!visible)|reach|turns\/group|commands\/(?:table\.|model|open-conv)|outgoing\/scan-file)/;
    const { loaded } = await listOfGateway({});
    expect(loaded.filter((path) => turns.test(path))).toEqual([]);
  });

  test("who asks through a gateway loads nothing of a turn either", async () => {
    const home = await makeHome({ gateway: { port: 0 } });
    await using gateway = start("loaded", home, ["gateway", "--json"]).child;
    await gateway.stdout.getReader().read();
    const asking = start("loaded", home, ["agent", "-m", "hi"]);
    await using child = asking.child;
    expect(await child.exited).toBe(0);
    const turns = /\/src\/(?:store|agent\/loop|turns\/group|commands\/open-conv)/;
    const loaded = await readLines(asking.report);
    expect(loaded).toContain(join(root, "src/control/remote-conversation.ts"));
    expect(loaded.filter((path) => turns.test(path))).toEqual([]);
  });

  test("of the chat apps none is loaded but the one that is asked for, whatever is configured", async () => {
    const on = { enabled: true, botToken: "xoxb-1111-22222", appToken: "xapp-1-33333" };
    const apps = /^src\/channels\/(?!markdown|rich-text|terminal|http)[^/]+\/|^node_modules\/@slack/;
    const listed = await listLoaded(["channels", "list"], { channels: { slack: on } });
    expect(listed.filter((path) => apps.test(path))).toEqual([]);
  });

  test("a gateway loads of the chat apps those that are switched on, and nothing of the others", async () => {
    const parts =
      /^src\/(?:channels\/(?:discord|email|slack|telegram|whatsapp)|mail)\/|node_modules\/(?!valibot\/)/;
    const load = async (channels: object): Promise<readonly string[]> => {
      const { loaded } = await listOfGateway(channels);
      const found = loaded.filter((path) => parts.test(path));
      return [...new Set(found.map((path) => path.split("/").slice(0, -1).join("/")))].toSorted();
    };
    const slack = {
      botToken: "xoxb-1111-22222",
      appToken: "xapp-1-33333",
      apiBase: "http://127.0.0.1:1/api",
    };
    const discord = { token: "NDcxMTAwMDAwMDAwMDAw.fake00.token-of-none", apiBase: "http://127.0.0.1:1" };
    const of = async (isOn: boolean): Promise<readonly string[]> =>
      await load({ slack: { ...slack, enabled: isOn }, discord: { ...discord, enabled: false } });
    expect(await Promise.all([of(false), of(true)])).toEqual([[], ["src/channels/slack"]]);
  });

  test("a gateway without WhatsApp loads nothing of it and starts no process; one with it loads no protocol before it is linked", async () => {
    const whatsapp = /^src\/channels\/whatsapp\/|^node_modules\/(?:baileys|libsignal|protobufjs)\//;
    const off = await listOfGateway({});
    expect(off.loaded.filter((path) => whatsapp.test(path))).toEqual([]);
    expect(off.children).toEqual([]);
    const on = await listOfGateway({ whatsapp: { enabled: true, token: "a key that is as long as one" } });
    const files = on.loaded.filter((path) => whatsapp.test(path));
    expect(files).toContain("src/channels/whatsapp/channel.ts");
    expect(files.filter((path) => /node_modules|\/library\//.test(path))).toEqual([]);
    expect(on.children).toEqual([]);
  });

  test("a configuration costs one package", async () => {
    const loaded = await listLoaded(["agent", "-m", "hi"], { limits: { steps: 7 } });
    const packages = loaded.filter((path) => heavy.test(path)).map((path) => path.split("/")[1]);
    expect([...new Set(packages)]).toEqual(["valibot"]);
  });
});

describe("where the time of a start goes", () => {
  test("is a table on standard error when it is asked for, and the answer stays alone on standard output", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    await using child = Bun.spawn([...bun, join(root, "src/main.ts"), "agent", "-m", "hi"], {
      cwd: home,
      env: { HOME: home, PATH: "/usr/bin:/bin", NANOCLAW_TRACE: "1" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(out).not.toContain(" ms");
    const phases = [...err.matchAll(/^(.+?) +[\d.]+ +[\d.]+ ms/gm)].map(([, phase]) => phase);
    expect(phases).toEqual([
      "program loaded",
      "services loaded",
      "arguments",
      "input",
      "home",
      "config",
      "store",
      "group",
      "model",
      "folders",
      "conversation",
      "turn begun",
      "tools opened",
      "answer read",
      "turn ended",
      "closed",
    ]);
  });
});
