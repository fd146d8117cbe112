import { describe, expect, test } from "bun:test";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { openToolBench } from "../fakes/tool-bench.ts";

/** What the five file tools do in any sandbox, seen through the runner as the model sees it. */
export function describeFileTools(name: string, openSandbox: () => Promise<Sandbox>): void {
  const open = () => openToolBench({ openSandbox });

  describe(`read_file in ${name}`, () => {
    test("gives a small file as it is", async () => {
      await using bench = await open();
      await bench.call("write_file", { path: "notes.txt", content: "one\n\ttwo\n" });
      const { content, isError } = await bench.call("read_file", { path: "notes.txt" });
      expect(content).toBe("one\n\ttwo");
      expect(isError).toBe(false);
    });

    test("pages through a long file, each page saying how to go on, until every line was seen once", async () => {
      await using bench = await open();
      await bench.inside('seq -f "line %g" 1 3000 > long.txt');
      const seen: string[] = [];
      for (let offset: number | undefined = 1; offset !== undefined;) {
        const { content } = await bench.call("read_file", { path: "long.txt", offset });
        const [body = "", note = ""] = content.split("\n[");
        seen.push(...body.split("\n"));
        expect(note).toContain("of 3000");
        const next = /continue with offset (\d+)/.exec(note)?.[1];
        offset = next === undefined ? undefined : Number(next);
      }
      expect(seen).toEqual(Array.from({ length: 3000 }, (_, index) => `line ${index + 1}`));
    });

    test("reads a window of a file that is too large to be taken out whole", async () => {
      await using bench = await open();
      await bench.inside("seq 1 200000 > big.txt");
      const { content } = await bench.call("read_file", { path: "big.txt", offset: 199_998, limit: 2 });
      expect(content).toBe("199998\n199999\n[lines 199998-199999 of 200000; continue with offset 200000]");
    });

    test("says so when the offset is behind the end", async () => {
      await using bench = await open();
      await bench.inside("printf 'a\\nb' > short.txt; seq 1 200000 > big.txt; : > empty.txt");
      const short = await bench.call("read_file", { path: "short.txt", offset: 9 });
      expect(short.content).toBe("There is no line 9. The file has 2 lines.");
      const big = await bench.call("read_file", { path: "big.txt", offset: 900_000 });
      expect(big.content).toBe("There is no line 900000. The file has 200000 lines.");
      expect((await bench.call("read_file", { path: "empty.txt" })).content).toBe("The file is empty.");
    });

    test("shows a picture, small or large, and says when it is too large", async () => {
      await using bench = await open();
      await bench.inside(
        "printf '\\211PNG\\r\\n\\032\\n\\0\\0\\0' > small.png; head -c 3000000 /dev/zero >> zeros",
      );
      await bench.inside("cat small.png zeros > large.png; cat small.png zeros zeros > huge.png");
      const small = await bench.call("read_file", { path: "small.png" });
      expect(small).toMatchObject({ content: "PNG image, 11 bytes.", isError: false });
      expect(small.images).toEqual([{ type: "image", mediaType: "image/png", data: "iVBORw0KGgoAAAA=" }]);
      const large = await bench.call("read_file", { path: "large.png" });
      expect(Buffer.from(large.images?.[0]?.data ?? "", "base64")).toHaveLength(3_000_011);
      const huge = await bench.call("read_file", { path: "huge.png" });
      expect(huge.images).toBeUndefined();
      expect(huge.content).toContain("too large to be looked at");
    });

    test("says what a binary file is and shows none of its bytes", async () => {
      await using bench = await open();
      await bench.inside("printf '%%PDF-1.4\\0\\0' > paper.pdf; head -c 400000 /dev/zero > zeros");
      const paper = await bench.call("read_file", { path: "paper.pdf" });
      expect(paper.content).toStartWith("A binary file: PDF document, 10 bytes.");
      const zeros = await bench.call("read_file", { path: "zeros" });
      expect(zeros.content).toStartWith("A binary file: unknown type, 400000 bytes.");
    });

    test("cuts long lines and says so", async () => {
      await using bench = await open();
      await bench.inside("head -c 5000 /dev/zero | tr '\\0' x > wide.txt; printf '\\nend\\n' >> wide.txt");
      const { content } = await bench.call("read_file", { path: "wide.txt" });
      expect(content).toStartWith(`${"x".repeat(2000)}…\nend\n[`);
      expect(content).toContain("lines longer than 2000 characters are cut");
    });

    test("shows text that is not UTF-8 as far as it can and says so", async () => {
      await using bench = await open();
      await bench.inside("printf 'caf\\351\\n' > latin.txt");
      const { content } = await bench.call("read_file", { path: "latin.txt" });
      expect(content).toStartWith("caf\ufffd\n");
      expect(content).toContain("not all of it is UTF-8");
    });

    test("finds ~ in the home and other names in the workspace", async () => {
      await using bench = await open();
      await bench.inside('printf home > "$HOME/a.txt"; mkdir sub; printf work > sub/a.txt');
      expect((await bench.call("read_file", { path: "~/a.txt" })).content).toBe("home");
      expect((await bench.call("read_file", { path: "./sub/../sub/a.txt" })).content).toBe("work");
      const absolute = `${bench.sandbox.paths.workspace}/sub/a.txt`;
      expect((await bench.call("read_file", { path: absolute })).content).toBe("work");
    });

    test("says when permission is refused", async () => {
      await using bench = await open();
      await bench.inside("printf x > f; chmod 0 f; mkdir closed; chmod 0 closed");
      expect((await bench.call("read_file", { path: "f" })).content).toContain("f cannot be read");
      expect((await bench.call("list_files", { path: "closed" })).content).toContain(
        "closed cannot be opened",
      );
      await bench.inside("chmod 444 f");
      expect((await bench.call("write_file", { path: "f", content: "y" })).content).toContain(
        "f cannot be written",
      );
      const edit = await bench.call("edit_file", { path: "f", old: "x", new: "y" });
      expect(edit.content).toContain("f cannot be written");
      expect((await bench.call("write_file", { path: "/usr/x", content: "y" })).isError).toBe(true);
    });

    test("names what is wrong with a path that is no file", async () => {
      await using bench = await open();
      await bench.inside("mkdir folder; ln -s nowhere dangling");
      const cases = {
        absent: "There is no file absent",
        folder: "is a folder",
        dangling: "is a link to something",
      };
      for (const [path, words] of Object.entries(cases)) {
        const { content, isError } = await bench.call("read_file", { path });
        expect(content).toContain(words);
        expect(isError).toBe(true);
      }
    });
  });

  describe(`write_file in ${name}`, () => {
    test("makes the folders on the way and says what it wrote", async () => {
      await using bench = await open();
      const created = await bench.call("write_file", { path: "a/b/c.txt", content: "grüße\n" });
      expect(created.content).toBe("Created a/b/c.txt (1 line, 8 bytes).");
      const replaced = await bench.call("write_file", { path: "a/b/c.txt", content: "" });
      expect(replaced.content).toBe("Replaced a/b/c.txt (0 lines, 0 bytes; it had 8 bytes).");
      expect(await bench.inside("cat a/b/c.txt")).toBe("");
    });

    test("keeps the mode of a file that it replaces and leaves nothing beside it", async () => {
      await using bench = await open();
      await bench.inside("printf old > run.sh; chmod 751 run.sh");
      await bench.call("write_file", { path: "run.sh", content: "new" });
      expect(await bench.inside("stat -c %a run.sh; cat run.sh; ls -A | wc -l")).toBe("751\nnew1\n");
    });

    test("gives a new file the mode that the umask says", async () => {
      await using bench = await open();
      await bench.call("write_file", { path: "new.txt", content: "x" });
      expect(await bench.inside("stat -c %a new.txt; : > other; stat -c %a other")).toMatch(/^(\d+)\n\1\n$/);
    });

    test("writes through a link to the file that it names", async () => {
      await using bench = await open();
      await bench.inside("mkdir real; printf old > real/file; ln -s real/file link");
      await bench.call("write_file", { path: "link", content: "new" });
      expect(await bench.inside("cat real/file; test -L link && echo link")).toBe("newlink\n");
    });

    test("a reader sees the old content or the new, never a part", async () => {
      await using bench = await open();
      const content = "x".repeat(1_000_000);
      await bench.call("write_file", { path: "big", content });
      const watcher = bench.inside("n=0; while [ $n -lt 150 ]; do wc -c < big; n=$((n+1)); done | sort -u");
      for (let round = 0; round < 5; round += 1) await bench.call("write_file", { path: "big", content });
      expect((await watcher).trim()).toBe("1000000");
    });

    test("refuses a folder and a pipe", async () => {
      await using bench = await open();
      await bench.inside("mkdir folder; mkfifo pipe");
      for (const path of ["folder", "folder/", "pipe", "."]) {
        expect((await bench.call("write_file", { path, content: "x" })).isError).toBe(true);
      }
      expect(await bench.inside("test -p pipe && ls -A folder")).toBe("");
    });

    test("says why when a parent is a file", async () => {
      await using bench = await open();
      await bench.inside(": > file");
      const { content } = await bench.call("write_file", { path: "file/below", content: "x" });
      expect(content).toMatch(/Not a directory|File exists/);
    });
  });

  describe(`edit_file in ${name}`, () => {
    test("replaces the one match and leaves every other byte", async () => {
      await using bench = await open();
      await bench.inside("printf 'a\\377b\\ntwo\\nthree' > f; chmod 640 f");
      const { content } = await bench.call("edit_file", { path: "f", old: "two\n", new: "2\n2\n" });
      expect(content).toBe("Edited f at line 2.");
      expect(await bench.inside("od -An -c f; stat -c %a f")).toMatch(
        /a 377\s+b\s+\\n\s+2\s+\\n\s+2\s+\\n\s+t\s+h\s+r\s+e\s+e\n640/,
      );
    });

    test("keeps CRLF line ends, which the model never sees", async () => {
      await using bench = await open();
      await bench.inside("printf 'one\\r\\ntwo\\r\\nthree\\r\\n' > f");
      await bench.call("edit_file", { path: "f", old: "one\ntwo", new: "1\n2\n2b" });
      expect(await bench.inside("od -An -c f | tr -d ' \\n'")).toBe("1\\r\\n2\\r\\n2b\\r\\nthree\\r\\n");
    });

    test("refuses an unclear match and names its lines, and replaces all when told so", async () => {
      await using bench = await open();
      await bench.inside("printf 'x\\ny\\nx\\nx x\\n' > f");
      const unclear = await bench.call("edit_file", { path: "f", old: "x", new: "z" });
      expect(unclear.content).toContain("4 times in f, at lines 1, 3, 4, 4");
      const all = await bench.call("edit_file", { path: "f", old: "x", new: "z", all: true });
      expect(all.details).toEqual({ replacements: 4, bytes: 10 });
      expect(await bench.inside("cat f")).toBe("z\ny\nz\nz z\n");
    });

    test("shows the nearest lines when nothing matches", async () => {
      await using bench = await open();
      await bench.inside("printf 'function area(width) {\\n  return width;\\n}\\n' > f");
      const { content } = await bench.call("edit_file", { path: "f", old: "    return  width;", new: "" });
      expect(content).toBe("Error: old was not found in f. The nearest lines are:\n2:   return width;");
    });

    test("refuses to overwrite what changed between its read and its write", async () => {
      await using sandbox = await openSandbox();
      let spawns = 0;
      const meddled: Sandbox = {
        ...sandbox,
        async spawn(argv, options) {
          spawns += 1;
          if (spawns === 2) await (await sandbox.spawn(["sh", "-c", "echo theirs >> f"], options)).exited;
          return await sandbox.spawn(argv, options);
        },
        [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
      };
      await using bench = await openToolBench({ openSandbox: async () => meddled });
      await (
        await sandbox.spawn(["sh", "-c", "echo mine > f"], { signal: AbortSignal.timeout(9000) })
      ).exited;
      const { content } = await bench.call("edit_file", { path: "f", old: "mine", new: "ours" });
      expect(content).toContain("was changed by something else");
      expect(await bench.inside("cat f; ls -A")).toBe("mine\ntheirs\nf\n");
    });

    test("edits of one file that are asked for at once are all made", async () => {
      await using bench = await open();
      await bench.call("write_file", { path: "f", content: "a b c d e f" });
      const edits = Array.from("abcdef", (letter, index) =>
        bench.call("edit_file", {
          path: index % 2 === 0 ? "f" : ".//./f",
          old: letter,
          new: letter.toUpperCase(),
        }),
      );
      for (const { content } of await Promise.all(edits)) expect(content).toEndWith("f at line 1.");
      expect(await bench.inside("cat f")).toBe("A B C D E F");
    });

    test("explains an empty old and an edit that changes nothing", async () => {
      await using bench = await open();
      expect((await bench.call("edit_file", { path: "f", old: "", new: "a" })).content).toContain(
        "old is empty",
      );
      expect((await bench.call("edit_file", { path: "f", old: "a", new: "a" })).content).toContain(
        "the same",
      );
    });
  });

  describe(`list_files in ${name}`, () => {
    test("sorts, marks folders, sizes files, shows hidden ones and where links point", async () => {
      await using bench = await open();
      await bench.inside(
        "mkdir b .c; printf 12345 > a.txt; : > .hidden; head -c 2048 /dev/zero > b/z; ln -s b d; mkfifo e",
      );
      const { content } = await bench.call("list_files", { depth: 2 });
      expect(content).toBe(".c/\n.hidden 0B\na.txt 5B\nb/\nb/z 2.0kB\nd -> b\ne (pipe)");
      expect((await bench.call("list_files", { path: "d" })).content).toBe("z 2.0kB");
    });

    test("does not enter .git and node_modules unless asked for", async () => {
      await using bench = await open();
      await bench.inside("mkdir -p .git/x node_modules/y; : > node_modules/y/index.js");
      expect((await bench.call("list_files", { depth: 5 })).content).toBe(".git/\nnode_modules/");
      const inner = await bench.call("list_files", { path: "node_modules", depth: 5 });
      expect(inner.content).toBe("y/\ny/index.js 0B");
    });

    test("says how many entries of a huge folder it leaves out", async () => {
      await using bench = await open();
      await bench.inside("seq -f 'file-%05g' 1 3000 | xargs touch");
      const { content } = await bench.call("list_files", {});
      expect(content.length).toBeLessThan(10_000);
      expect(content).toStartWith("file-00001 0B\nfile-00002 0B\n");
      const shown = content.split("\n").length - 1;
      expect(content).toContain(`[${3000 - shown} further entries are not shown`);
    });

    test("tells an empty folder, a missing one and a file apart", async () => {
      await using bench = await open();
      expect((await bench.call("list_files", {})).content).toBe("The folder is empty.");
      expect((await bench.call("list_files", { path: "no" })).content).toBe("Error: There is no folder no.");
      await bench.inside(": > f");
      expect((await bench.call("list_files", { path: "f" })).content).toBe(
        "Error: f is not a folder. Use read_file.",
      );
    });
  });

  describe(`search_files in ${name}`, () => {
    const prepare = `mkdir -p src/deep .git node_modules/m
      printf 'alpha 1\\nbeta\\nalpha 22\\n' > src/a.ts; printf 'alpha 3\\n' > src/deep/b.js
      printf 'alpha 4\\n' > notes.md; printf 'alpha\\n' > .git/x; printf 'alpha\\n' > node_modules/m/x
      printf 'alpha\\0\\n' > binary`;

    test("gives path, line and text, sorted, without binaries, .git and node_modules", async () => {
      await using bench = await open();
      await bench.inside(prepare);
      const { content } = await bench.call("search_files", { pattern: "^alpha \\d+$" });
      expect(content).toBe(
        "notes.md:1: alpha 4\nsrc/a.ts:1: alpha 1\nsrc/a.ts:3: alpha 22\nsrc/deep/b.js:1: alpha 3",
      );
    });

    test("takes a folder, a file and globs with folders and alternatives", async () => {
      await using bench = await open();
      await bench.inside(prepare);
      const search = async (input: object) =>
        (await bench.call("search_files", { pattern: "alpha", ...input })).content;
      expect(await search({ path: "src/deep" })).toBe("src/deep/b.js:1: alpha 3");
      expect(await search({ path: "notes.md" })).toBe("notes.md:1: alpha 4");
      expect(await search({ glob: "*.js" })).toBe("src/deep/b.js:1: alpha 3");
      expect(await search({ glob: "**/*.md" })).toBe("notes.md:1: alpha 4");
      expect(await search({ glob: "src/**/*.{ts,js}" })).toContain("src/a.ts:3: alpha 22\nsrc/deep/b.js:1");
      expect(await search({ glob: "src/*/b.js" })).toContain("has wildcards in its folder");
      expect(await search({ pattern: "gamma" })).toBe("No matches.");
    });

    test("gives grep's own words for a pattern that is wrong", async () => {
      await using bench = await open();
      const { content, isError } = await bench.call("search_files", { pattern: "a(b" });
      expect(content).toMatch(/parenthes|Unmatched/);
      expect(isError).toBe(true);
    });

    test("stops at a page of matches and says how many more it saw", async () => {
      await using bench = await open();
      await bench.inside("seq -f 'match %g' 1 100000 > many");
      const { content } = await bench.call("search_files", { pattern: "match" });
      expect(content.length).toBeLessThan(10_000);
      expect(content).toMatch(/\[more than \d+ further matches are not shown/);
    });
  });
}
