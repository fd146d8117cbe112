import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults, readTranscript, userTexts } from "../../fakes/llm-transcript.ts";
import { program, ProgramBench, shell } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const look = {
  calls: [
    shell("cat extra/*/notes.txt; echo new > $(echo extra/*)/made && echo made"),
    { name: "read_file", arguments: { path: "extra/folder/notes.txt" } },
    { name: "write_file", arguments: { path: "extra/folder/mine.txt", content: "mine" } },
  ],
};

async function openBench(): Promise<ProgramBench> {
  const bench = await ProgramBench.open({
    script: (request) => (newResults(request).length > 0 ? { text: "ok" } : look),
  });
  await writeFile(join(bench.folder, "notes.txt"), "noted\n", { mode: 0o644 });
  await chmod(bench.folder, 0o777);
  return bench;
}

/** What the model was told of its calls, and of the folders in the message before. */
function seen(bench: ProgramBench): { readonly context: string; readonly results: readonly string[] } {
  const request = lastRequest(bench);
  const context = userTexts(request).at(-1) ?? "";
  return { context, results: newResults(request).map(({ text }) => text) };
}

function lastRequest({ requests }: ProgramBench): ProgramBench["requests"][number] {
  const request = requests.at(-1);
  if (request === undefined) throw new Error("Nothing was sent.");
  return request;
}

describe("--folder", () => {
  test("shares a folder to read, and what lies there is untrusted and private", async () => {
    await using bench = await openBench();
    expect(await bench.ask("Look", "--folder", ".")).toMatchObject({ out: "ok\n", code: 0 });
    const { context, results } = seen(bench);
    expect(context).toContain("Shared folder: /workspace/extra/folder (read only)");
    expect(results[0]).toContain("noted");
    expect(results[0]).toContain("Read-only file system");
    expect(results[1]).toContain("noted");
    expect(results[2]).toStartWith("Error:");
    expect(await Bun.file(join(bench.folder, "made")).exists()).toBe(false);
    expect(bench.query("SELECT taint FROM groups")).toEqual([{ taint: 3 }]);
  });

  test("with :rw shares it to write", async () => {
    await using bench = await openBench();
    await bench.ask("Work", "--folder", `${bench.folder}:rw`);
    expect(seen(bench).context).toContain("(read and write)");
    expect(seen(bench).results[0]).toBe("noted\nmade");
    expect(newResults(lastRequest(bench))[0]?.sent).toMatch(
      /^<output-(\w{12})>\nnoted\nmade\n<\/output-\1>$/,
    );
    expect(await Bun.file(join(bench.folder, "made")).text()).toBe("new\n");
    expect(await Bun.file(join(bench.folder, "mine.txt")).text()).toBe("mine");
  });

  test("takes a folder of any name", async () => {
    await using bench = await openBench();
    const names = ["документы", ".notes", "_drafts", "-v", 'a b"c', "日本語".repeat(20), "…"];
    const folders: string[] = [];
    for (const name of names) {
      const folder = join(bench.folder, name);
      await mkdir(folder);
      await writeFile(join(folder, "notes.txt"), `in ${name}\n`);
      folders.push("--folder", folder);
    }
    await bench.ask("Look", ...folders);
    for (const name of names) expect(seen(bench).results[0]).toContain(`in ${name}\n`);
    expect(seen(bench).context).toContain("Shared folder: /workspace/extra/документы (read only)");
  });

  test("is for that conversation only", async () => {
    await using bench = await openBench();
    await bench.ask("Look", "--folder", ".");
    await bench.ask("Look again");
    expect(seen(bench).context).not.toContain("Shared folder");
    expect(seen(bench).results.join("\n")).not.toContain("noted");
  });

  test("never shares what holds everything, the program's own files or known secrets", async () => {
    await using bench = await openBench();
    await mkdir(join(bench.home, ".ssh"), { mode: 0o700 });
    await symlink(bench.state, join(bench.folder, "innocent"));
    const refused = [
      "/",
      bench.root,
      bench.home,
      join(bench.home, ".ssh"),
      bench.state,
      join(bench.state, "groups"),
      join(bench.folder, "innocent"),
      "/etc",
      "/proc",
    ];
    const answers = await Promise.all(
      refused.map(async (folder) => await bench.ask("Look", "--folder", folder)),
    );
    for (const [index, { out, err, code }] of answers.entries()) {
      expect([refused[index], out, code]).toEqual([refused[index], "", 1]);
      expect(err).toStartWith("nanoclaw: ");
      expect(err).not.toContain("bug");
    }
    expect((await bench.ask("Look", "--folder", join(bench.folder, "absent"))).code).toBe(1);
    expect(bench.requests).toEqual([]);
  });

  test("hides the secrets in a folder that it shares", async () => {
    await using bench = await ProgramBench.open({
      script: [
        { calls: [shell("cat extra/folder/.env extra/folder/visible; ls -A extra/folder")] },
        { text: "ok" },
      ],
    });
    await writeFile(join(bench.folder, ".env"), "TOKEN=hidden-canary\n", { mode: 0o644 });
    await writeFile(join(bench.folder, "visible"), "seen\n", { mode: 0o644 });
    await bench.ask("Look", "--folder", ".");
    expect(seen(bench).results[0]).toContain("seen");
    expect(seen(bench).results[0]).not.toContain("hidden-canary");
  });
});

describe("the folder where the person stands", () => {
  async function answer(bench: ProgramBench, key: string): Promise<void> {
    await using terminal = new PseudoTerminal([...program], {
      cwd: bench.folder,
      env: bench.env,
      patienceMs: 20_000,
    });
    await terminal.waitFor("[n]o");
    terminal.type(key);
    await terminal.waitForPrompt();
    terminal.type("\u0004");
    await terminal.process.exited;
  }

  test("is not shared where nobody can be asked", async () => {
    await using bench = await openBench();
    await bench.ask("Look");
    expect(seen(bench).context).not.toContain("Shared folder");
    expect(bench.query("SELECT * FROM shared_folders")).toEqual([]);
  });

  test("answered with no stays away, and nobody is asked again", async () => {
    await using bench = await openBench();
    await answer(bench, "n");
    await bench.ask("Look");
    expect(seen(bench).context).not.toContain("Shared folder");
    expect(seen(bench).results.join("\n")).not.toContain("noted");
    await using terminal = new PseudoTerminal([...program], {
      cwd: bench.folder,
      env: bench.env,
      patienceMs: 20_000,
    });
    await terminal.waitForPrompt();
    expect(terminal.output).not.toContain("[n]o");
  });

  test("answered with read is shared from then on, for that group alone", async () => {
    await using bench = await openBench();
    await answer(bench, "r");
    await bench.ask("Look");
    expect(seen(bench).context).toContain("(read only)");
    expect(seen(bench).results[0]).toContain("noted");
    await bench.run(["groups", "add", "family"]);
    await bench.ask("Look", "-g", "family");
    expect(seen(bench).context).not.toContain("Shared folder");
  });

  test("that became a link to somewhere else is not followed there", async () => {
    await using bench = await openBench();
    await answer(bench, "w");
    await rename(bench.folder, `${bench.folder}-old`);
    await symlink(bench.home, bench.folder);
    const ran = await bench.ask("Look");
    const said = bench.requests.flatMap((request) =>
      readTranscript(request).map((item) => JSON.stringify(item)),
    );
    expect(said.join("\n")).not.toContain("Shared folder: ");
    expect(ran.code).toBe(0);
  });
});
