import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, chown, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newResults } from "../fakes/llm-transcript.ts";
import { program } from "../fakes/program-bench.ts";
import { MountBench } from "../fakes/mount-bench.ts";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

setDefaultTimeout(30_000);

const readable = { allowedRoots: [{ path: "ROOT", allowReadWrite: false }] };
const writable = { allowedRoots: [{ path: "ROOT", allowReadWrite: true }] };
const isRoot = process.getuid?.() === 0;

describe("groups mount", () => {
  test("a folder that the list allows is there in each conversation of the group, and in no other group's", async () => {
    await using bench = await MountBench.open();
    await bench.allow(readable);
    await bench.run(["groups", "add", "family"]);
    const { out } = await bench.mount("add", "family", "site");
    expect(out).toContain("as /workspace/extra/site");
    const inside = "cat extra/site/page; echo x > extra/site/new";
    expect((await bench.command(inside, "-g", "family")).seen).toMatch(/^a page\n.*Read-only file system/s);
    expect((await bench.command(inside)).seen).not.toContain("a page");
    await bench.mount("remove", "family", "site");
    expect((await bench.command(inside, "-g", "family")).seen).not.toContain("a page");
  });

  test("with :rw it can be written, what steers the owner's programs stays, secrets are hidden", async () => {
    await using bench = await MountBench.open();
    await bench.allow({ ...writable, blockedPatterns: ["Diary*"] });
    const site = join(bench.folder, "site");
    await mkdir(join(site, ".git/hooks"), { recursive: true });
    for (const path of [".env", ".bashrc", ".mcp.json", "diary.txt"])
      await writeFile(join(site, path), "canary");
    await bench.mount("add", "main", "site:rw", "--name", "web");
    const line = [
      "cd extra/web; echo new > made && echo done",
      "cat .env diary.txt",
      "for f in .bashrc .mcp.json .git/hooks/pre-commit; do echo evil >> $f && echo wrote $f; done",
      "mv .git git && echo moved; true",
    ].join("; ");
    const { seen } = await bench.command(line);
    expect(seen).toStartWith("done\n");
    expect(seen).not.toMatch(/canary|wrote|moved/);
    expect(await readFile(join(site, "made"), "utf8")).toBe("new\n");
  });

  test.skipIf(!isRoot)(
    "root mounts a user's closed folder for writing; what is made there is the user's",
    async () => {
      await using bench = await MountBench.open();
      await bench.allow(writable);
      const site = join(bench.folder, "site");
      for (const path of [site, join(site, "page")]) await chown(path, 4321, 4321);
      await chmod(site, 0o700);
      await chmod(join(site, "page"), 0o600);
      expect((await bench.mount("check", "site:rw")).out).toContain("can be read and written");
      await bench.mount("add", "main", "site:rw");
      const { seen } = await bench.command(
        "cat extra/site/page; echo more >> extra/site/page; echo > extra/site/new",
      );
      expect(seen).toBe("a page");
      expect(await readFile(join(site, "page"), "utf8")).toBe("a page\nmore\n");
      expect(await stat(join(site, "new"))).toMatchObject({ uid: 4321, gid: 4321 });
    },
  );

  test.skipIf(!isRoot)(
    "where a file system cannot lend a folder as its owner's, the modes decide, and why is said",
    async () => {
      await using bench = await MountBench.open();
      await bench.allow(writable);
      const site = join(bench.folder, "site");
      // One that has no such mounts, for this program alone.
      const script = 'mount -t ramfs ramfs "$1" && chmod "$2" "$1" && shift 2 && exec "$@"';
      const under = (mode: string) => ["unshare", "--mount", "sh", "-c", script, "sh", site, mode];
      const check = async (mode: string) =>
        await bench.program.run(["groups", "mount", "check", "site:rw"], { under: under(mode) });
      expect((await check("755")).err).toMatch(
        /cannot be written by the uid.*no idmapped mounts.*Share it for reading/,
      );
      expect((await check("700")).err).toMatch(/cannot be read by the uid.*chmod o\+rx/);
      expect((await check("777")).out).toContain("can be read and written");
    },
  );

  test("list and check tell in JSON what is allowed now and by which entry", async () => {
    await using bench = await MountBench.open();
    await bench.allow({ allowedRoots: [{ path: "ROOT/site", allowReadWrite: true, description: "mine" }] });
    await bench.mount("add", "main", "site:rw");
    const path = join(bench.folder, "site");
    const row = { group: "main", name: "site", path, wanted: "write" };
    expect(JSON.parse((await bench.mount("list", "--json")).out)).toEqual([{ ...row, now: "write" }]);
    expect(JSON.parse((await bench.mount("check", "site:rw", "--json")).out)).toEqual({
      group: "main",
      path,
      access: "write",
      allowedBy: { path, allowReadWrite: true },
      list: bench.listFile,
    });
    await bench.allow(readable);
    const [narrowed] = JSON.parse((await bench.mount("list", "--json")).out);
    expect(narrowed).toMatchObject({
      ...row,
      now: "read",
      reason: expect.stringContaining("allows no writing"),
    });
    const refused = await bench.mount("check", "site:rw", "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({
      access: "read",
      fix: expect.stringContaining("allowReadWrite"),
    });
  });

  test("at a terminal the missing entry is offered; only a yes writes it, and all else in the list stays", async () => {
    await using bench = await MountBench.open();
    const list = '// mine\n{\n  "allowedRoots": [\n    {"path": "/srv"} // served\n  ]\n}\n';
    await bench.allow(list);
    async function add(key: string): Promise<number | null> {
      await using terminal = new PseudoTerminal([...program, "groups", "mount", "add", "main", "site:rw"], {
        cwd: bench.folder,
        env: bench.program.env,
        patienceMs: 20_000,
      });
      await terminal.waitFor("[y/N]");
      expect(terminal.screen.replaceAll("\n", "")).toContain('"allowReadWrite":true}');
      terminal.type(key);
      return await terminal.process.exited;
    }
    expect(await add("n")).toBe(1);
    expect(await readFile(bench.listFile, "utf8")).toBe(list);
    expect(await add("y")).toBe(0);
    const entry = JSON.stringify({ path: join(bench.folder, "site"), allowReadWrite: true });
    expect(await readFile(bench.listFile, "utf8")).toBe(
      list.replace('{"path": "/srv"}', `{"path": "/srv"},\n    ${entry}`),
    );
    expect(JSON.parse((await bench.mount("list", "--json")).out)).toMatchObject([{ now: "write" }]);
  });

  test("each change is on record before it counts, and what was refused changes nothing", async () => {
    await using bench = await MountBench.open();
    expect((await bench.mount("add", "main", "site")).code).toBe(1);
    expect(bench.program.query("SELECT * FROM group_mounts")).toEqual([]);
    await bench.allow(readable);
    await bench.mount("add", "main", "site");
    await bench.mount("remove", "main", "site");
    const rows = bench.program.query("SELECT object, verdict FROM audit WHERE action = 'mounts.change'");
    expect(rows.map(({ object }) => object)).toEqual([
      `mount site read ${join(bench.folder, "site")}`,
      "unmount site",
    ]);
  });
});

describe("the owner's list", () => {
  test.each([
    ["is gone", (bench: MountBench) => rm(bench.listFile), "does not exist"],
    ["is broken", (bench: MountBench) => bench.allow('{"allowedRoots": ['), "is not valid"],
    [
      "can be written by others",
      (bench: MountBench) => chmod(bench.listFile, 0o666),
      "written by other users",
    ],
    [
      "no longer names the folder",
      (bench: MountBench) => bench.allow({ allowedRoots: [] }),
      "lies in no folder",
    ],
    ["blocks it", (bench: MountBench) => bench.allow({ ...readable, blockedPatterns: ["SITE"] }), "blocks"],
  ])("when it %s, nothing is mounted and the reason is said", async (_, spoil, reason) => {
    await using bench = await MountBench.open();
    await bench.allow(readable);
    await bench.mount("add", "main", "site");
    expect((await bench.command("cat extra/site/page")).seen).toBe("a page");
    await spoil(bench);
    const { seen, err } = await bench.command("cat extra/site/page");
    expect(seen).toContain("No such file");
    expect(err).toContain(reason);
  });

  test("a change of it counts from the next command of a conversation that is open", async () => {
    await using bench = await MountBench.open();
    await bench.allow({ allowedRoots: [{ path: "ROOT/site", allowReadWrite: true }] });
    await bench.mount("add", "main", "site:rw");
    await using terminal = new PseudoTerminal([...program], {
      cwd: bench.program.home,
      env: bench.program.env,
      patienceMs: 20_000,
    });
    async function say(line: string, answer: string): Promise<void> {
      await terminal.waitForPrompt();
      terminal.type(`!${line}\r`);
      await terminal.waitFor(answer);
    }
    const look = "cat extra/site/page; echo x > extra/site/n && echo writ''ten";
    await say(look, "written");
    await bench.allow({ allowedRoots: [{ path: "ROOT/site", allowReadWrite: false }] });
    await say(look, "Read-only file system");
    await bench.allow({ allowedRoots: [{ path: "ROOT/other", allowReadWrite: true }] });
    await say(look, "No such file");
    // A turn that writes goes on, though what it would keep of that folder cannot be had.
    await terminal.waitForPrompt();
    terminal.type("please ! echo still > made; cat made extra/site/page\r");
    await terminal.waitFor("ok");
    await terminal.waitForPrompt();
    const last = bench.program.requests.at(-1);
    expect(
      last === undefined
        ? ""
        : newResults(last)
            .map(({ text }) => text)
            .join(),
    ).toMatch(/^still\n.*No such file/s);
    await bench.allow({ allowedRoots: [{ path: "ROOT", allowReadWrite: false }] });
    await say("cat extra/site/page | tr a-z A-Z", "A PAGE");
    await terminal.waitForPrompt();
    terminal.type("\u0004");
    await terminal.process.exited;
  });

  test("its folder is never shared, and neither is the program's own", async () => {
    await using bench = await MountBench.open();
    await bench.allow({ allowedRoots: [{ path: "ROOT" }] });
    expect((await bench.mount("check", join(bench.listFile, ".."))).err).toContain("NanoClaw's own files");
    const [compiled = "", source] = program;
    const own = source === undefined ? dirname(compiled) : join(import.meta.dir, "../../node_modules");
    expect((await bench.mount("check", own)).err).toContain("NanoClaw's own files");
  });

  test("when it is a link, what it leads to is never shared either", async () => {
    await using bench = await MountBench.open();
    await bench.allow(writable);
    const kept = join(bench.folder, "site/list.json");
    await rename(bench.listFile, kept);
    await symlink(kept, bench.listFile);
    for (const each of ["site:rw", "site", "."]) {
      expect((await bench.mount("check", each)).err).toContain("NanoClaw's own files");
    }
    expect((await bench.command("true", "--folder", "site:rw")).err).toContain("NanoClaw's own files");
  });

  test("a broken one stops what is shared at the terminal as well, and a missing one does not", async () => {
    await using bench = await MountBench.open();
    const shared = await bench.command("cat extra/site/page", "--folder", "site");
    expect(shared.seen).toBe("a page");
    await bench.allow("{");
    const { err, code } = await bench.command("cat extra/site/page", "--folder", "site");
    expect(err).toContain("is not valid");
    expect(code).toBe(1);
  });
});

describe("a mount", () => {
  test("that became a link after it was added is left out", async () => {
    await using bench = await MountBench.open();
    await bench.allow(readable);
    await bench.mount("add", "main", "site");
    const site = join(bench.folder, "site");
    await rename(site, `${site}-old`);
    await mkdir(join(bench.folder, "other"));
    await writeFile(join(bench.folder, "other/page"), "another page");
    await symlink(join(bench.folder, "other"), site);
    const { seen, err } = await bench.command("cat extra/site/page");
    expect(seen).not.toContain("another page");
    expect(err).toContain("is a link now");
  });

  test("is lent for writing to one group at a time: another reads meanwhile, and writes after", async () => {
    await using bench = await MountBench.open();
    await bench.allow(writable);
    await chmod(join(bench.folder, "site"), 0o777);
    await bench.run(["groups", "add", "family"]);
    await bench.mount("add", "main", "site:rw");
    await using held = await bench.hold("family", "site:rw");
    const line = "echo x > extra/site/new && echo written; cat extra/site/page";
    const meanwhile = await bench.command(line);
    expect(meanwhile.err).toContain("is lent to the group family");
    expect(meanwhile.seen).toContain("a page");
    expect(meanwhile.seen).not.toContain("written");
    await held.end();
    expect((await bench.command(line)).seen).toBe("written\na page");
    expect(bench.program.query("SELECT * FROM lent_folders")).toEqual([]);
  });

  test("that a killed conversation had for writing is free again", async () => {
    await using bench = await MountBench.open();
    await bench.allow(writable);
    await chmod(join(bench.folder, "site"), 0o777);
    await bench.run(["groups", "add", "family"]);
    await bench.mount("add", "main", "site:rw");
    const held = await bench.hold("family", "site:rw");
    await held[Symbol.asyncDispose]();
    expect((await bench.command("echo x > extra/site/new && echo written")).seen).toBe("written");
  });
});
