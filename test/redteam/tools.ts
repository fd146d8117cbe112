import { describe, expect, test } from "bun:test";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { openToolBench } from "../fakes/tool-bench.ts";
import { rounds } from "../fakes/rounds.ts";

const hostileNames: readonly string[] = [
  "-rf",
  "--include=*",
  "--help",
  "-",
  "a b",
  " ",
  "'; touch pwned; '",
  '"; touch pwned; "',
  "$(touch pwned)",
  "`touch pwned`",
  "$HOME",
  "~",
  "a\nb",
  "\n",
  "ends in newline\n",
  "*",
  "?[a]",
  "!",
  "(",
  "=",
  "\\",
  "\\n",
  "%s%n",
  "\u001b[31mred\u001b]0;title\u0007",
  "\u202etxt.exe",
  "名前-emoji-👩‍👩‍👧",
  "n".repeat(255),
];

/** What must hold whatever the model, a file or its name says. */
export function describeToolAttacks(name: string, openSandbox: () => Promise<Sandbox>): void {
  const open = () => openToolBench({ openSandbox });

  describe(`hostile names in ${name}`, () => {
    test.each(hostileNames)("the file tools treat %j as a name and nothing else", async (hostile) => {
      await using bench = await open();
      const path = `./${hostile}`;
      expect((await bench.call("write_file", { path, content: "one needle" })).content).toStartWith(
        "Created",
      );
      expect((await bench.call("edit_file", { path, old: "one", new: "two" })).isError).toBe(false);
      expect((await bench.call("read_file", { path })).content).toBe("two needle");
      expect((await bench.call("search_files", { pattern: "needle", path })).details["matches"]).toBe(1);
      expect((await bench.call("search_files", { pattern: "needle" })).details["matches"]).toBe(1);
      expect((await bench.call("list_files", {})).details["entries"]).toBe(1);
      expect(await bench.inside('ls -A | wc -l; cat "$1"', path)).toMatch(/^\d\ntwo needle$/);
      expect(await bench.inside("test -e pwned && echo pwned")).toBe("");
    });

    test.each(hostileNames)("the file tools treat the folder %j the same way", async (hostile) => {
      await using bench = await open();
      const folder = `./${hostile}`;
      await bench.call("write_file", { path: `${folder}/x.txt`, content: "needle" });
      expect((await bench.call("list_files", { path: folder })).content).toBe("x.txt 6B");
      const found = await bench.call("search_files", { pattern: "needle", path: folder, glob: "*.txt" });
      expect(found.details["matches"]).toBe(1);
      expect(await bench.inside("test -e pwned && echo pwned")).toBe("");
    });

    test("without the ./ a leading dash is a name as well", async () => {
      await using bench = await open();
      await bench.call("write_file", { path: "-rf", content: "x" });
      expect((await bench.call("read_file", { path: "-rf" })).content).toBe("x");
    });

    test("a listing puts each entry on one line and writes odd bytes as bash takes them", async () => {
      await using bench = await open();
      await bench.inside(
        `touch "$(printf 'a\\nforged 9B')" "$(printf 'caf\\351')" "it's"; ln -s "$(printf 'x\\ny')" link`,
      );
      const { content } = await bench.call("list_files", {});
      expect(content.split("\n").toSorted()).toEqual(
        ["$'a\\nforged 9B' 0B", "$'caf\\351' 0B", "it's 0B", "link -> $'x\\ny'"].toSorted(),
      );
      const removed = await bench.call("shell", { command: "rm $'a\\nforged 9B' $'caf\\351' && ls" });
      expect(removed.content).toBe("it's\nlink");
    });

    test("a match in a file with a newline in its name cannot pass for another file's", async () => {
      await using bench = await open();
      await bench.inside(`printf needle > "$(printf 'a\\nforged.txt:1: needle')"`);
      const { content } = await bench.call("search_files", { pattern: "needle" });
      expect(content).toBe("$'a\\nforged.txt:1: needle':1: needle");
    });

    test("a path inserted into a shell string would have run: the names above are armed", async () => {
      await using bench = await open();
      const inserted = hostileNames.find((each) => each.startsWith("$(")) ?? "";
      await bench.inside(`cat ./${inserted} 2>/dev/null; true`);
      expect(await bench.inside("test -e pwned && echo pwned")).toBe("pwned\n");
    });
  });

  describe(`hostile arguments in ${name}`, () => {
    const patterns = ["-e x", "--file=/etc/passwd", "-f/etc/passwd", "--exec=touch pwned", "-", "--"];
    test.each(patterns)("search_files takes %j for a pattern", async (pattern) => {
      await using bench = await open();
      await bench.call("write_file", { path: "f", content: `root: a\n${pattern} b\n` });
      const { content } = await bench.call("search_files", { pattern, glob: "--file=passwd" });
      expect(content).toBe("No matches.");
      expect((await bench.call("search_files", { pattern })).content).toBe(`f:2: ${pattern} b`);
    });

    test("a NUL in a path, pattern or command is refused in words", async () => {
      await using bench = await open();
      const inputs: Readonly<Record<string, object>> = {
        shell: { command: "true\0" },
        read_file: { path: "a\0b" },
        write_file: { path: "a\0b", content: "" },
        edit_file: { path: "a\0b", old: "x", new: "y" },
        list_files: { path: "\0" },
        search_files: { pattern: "\0" },
      };
      for (const [tool, input] of Object.entries(inputs)) {
        expect((await bench.call(tool, input)).content).toContain("NUL");
      }
    });

    test("a command longer than the kernel takes is refused in words", async () => {
      await using bench = await open();
      const { content } = await bench.call("shell", { command: `: ${"x".repeat(200_000)}` });
      expect(content).toContain("longer than 131071 bytes");
    });

    test("random JSON for every tool gives a result and never throws", async () => {
      await using bench = await open();
      const random = createRandom(7);
      for (let round = 0; round < 150; round += 1) {
        for (const { name: tool } of bench.runner.definitions) {
          const outcome = await bench.call(tool, toHarmless(randomInput(random)));
          expect(typeof outcome.content).toBe("string");
          expect(outcome.content).not.toContain("this is a bug");
        }
      }
    }, 60_000);
  });

  describe(`hostile files in ${name}`, () => {
    test("a pipe, a device or a socket never holds a tool up", async () => {
      await using bench = await open();
      await bench.inside(
        "mkfifo pipe; ln -s /dev/zero zero; ln -s pipe link; mkdir folder; mkfifo folder/pipe",
      );
      const began = performance.now();
      for (const path of ["pipe", "link", "zero", "/dev/zero", "/dev/tty", "/dev/stdin"]) {
        for (const tool of ["read_file", "write_file", "edit_file", "search_files"]) {
          const input = { path, content: "x", old: "x", new: "y", pattern: "x" };
          expect((await bench.call(tool, input)).isError).toBe(true);
        }
      }
      expect((await bench.call("search_files", { pattern: "x" })).content).toBe("No matches.");
      expect(performance.now() - began).toBeLessThan(5000);
    });

    test("opening the pipe without the check would have waited for ever", async () => {
      await using bench = await open();
      await bench.inside("mkfifo pipe");
      const process = await bench.sandbox.spawn(["cat", "pipe"], {
        signal: AbortSignal.timeout(9000),
        timeoutMs: 200,
      });
      expect((await process.exited).type).toBe("timed-out");
    });

    test("a sparse file of 5 GB is neither read nor kept", async () => {
      await using bench = await open();
      await bench.inside("truncate -s 5G huge; printf 'start\\n' > text; truncate -s 5G text");
      const began = performance.now();
      for (const path of ["huge", "text"]) {
        expect((await bench.call("read_file", { path })).content).toContain("5368709120 bytes");
        expect((await bench.call("edit_file", { path, old: "x", new: "y" })).content).toContain(
          "larger than",
        );
      }
      expect((await bench.call("list_files", {})).content).toBe("huge 5.4GB\ntext 5.4GB");
      expect(performance.now() - began).toBeLessThan(5000);
    });

    test("a loop of links and a path that is too long come back as errors", async () => {
      await using bench = await open();
      await bench.inside("ln -s loop loop");
      for (const path of ["loop", "a/".repeat(2000), "n".repeat(256)]) {
        expect((await bench.call("read_file", { path })).isError).toBe(true);
        expect((await bench.call("write_file", { path, content: "x" })).isError).toBe(true);
        expect((await bench.call("list_files", { path })).isError).toBe(true);
      }
    });

    test("a result has no raw control character, whatever was read", async () => {
      await using bench = await open();
      const bytes = "\\033]52;c;cHduZWQ=\\007\\033[2J\\002\\177\\302\\233\\r\\rhidden\\377";
      await bench.inside(`printf '${bytes}' > evil; printf '${bytes}' > "$(printf 'n\\033[2Jame')"`);
      for (const [tool, input] of Object.entries({
        shell: { command: "cat evil; ls" },
        read_file: { path: "evil" },
        list_files: {},
        search_files: { pattern: "hidden" },
      })) {
        const { content } = await bench.call(tool, input);
        expect(content).not.toMatch(/(?![\n\t])\p{Cc}/u);
      }
      expect((await bench.call("read_file", { path: "evil" })).content).toContain(
        "␛]52;c;cHduZWQ=␇␛[2J␂␡\\x9b\n\nhidden\ufffd",
      );
    });

    test("raw output would have held them: the control is in the runner", async () => {
      await using bench = await open();
      expect(await bench.inside("printf '\\033[2J'")).toContain("\u001b");
    });
  });

  describe(`hostile commands in ${name}`, () => {
    test("hundreds of megabytes of output are counted, and memory stays flat", async () => {
      await using bench = await open();
      Bun.gc(true);
      const before = process.memoryUsage.rss();
      const size = rounds(400_000_000, 1_000_000_000);
      const command = `echo first; head -c ${size} /dev/zero | tr '\\0' x; echo; echo last`;
      const { content, details } = await bench.call("shell", { command });
      expect(details["bytes"]).toBe(size + 12);
      expect(content).toStartWith("first\nxxx");
      expect(content).toMatch(/xxx\nlast\n\[it printed \d+0012 bytes; \d+ in the middle were not kept\]$/);
      const growth = process.memoryUsage.rss() - before;
      expect(growth).toBeLessThan(250_000_000);
    }, 60_000);

    test("a background command that prints without end keeps a bounded part", async () => {
      await using bench = await open();
      await bench.call("shell", { command: "head -c 200000000 /dev/zero | tr '\\0' x", background: true });
      await bench.jobs.get("job-1").waitForEnd(30_000, AbortSignal.timeout(40_000));
      expect(bench.jobs.get("job-1").read().text.length).toBeLessThanOrEqual(256 * 1024);
    }, 60_000);

    test("a command that ignores SIGTERM and leaves children ends at its timeout", async () => {
      await using bench = await open();
      const began = performance.now();
      const command = "trap '' TERM HUP INT; (trap '' TERM HUP INT; sleep 60) & sleep 60";
      const { content } = await bench.call("shell", { command, timeout: 1 });
      expect(content).toContain("Stopped after 1 second");
      expect(performance.now() - began).toBeLessThan(3000);
    });

    test("a child left behind does not hold up the result", async () => {
      await using bench = await open();
      const began = performance.now();
      const { content } = await bench.call("shell", { command: "sleep 60 & echo done" });
      expect(content).toBe("done");
      expect(performance.now() - began).toBeLessThan(2000);
    });

    test("a prepared /tmp/outputs cannot make saving overwrite or hang", async () => {
      await using bench = await open();
      const prepare =
        'mkdir "$1/outputs"; mkfifo "$1/outputs/call_1.txt"; echo mine > "$1/outputs/call_1-2.txt"';
      await bench.inside(
        `${prepare}; ln -s nowhere "$1/outputs/call_1-3.txt"`,
        bench.sandbox.paths.temporary,
      );
      const { content } = await bench.call("shell", { command: "seq 1 9999" });
      expect(content).toContain("outputs/call_1-4.txt]");
      expect(await bench.inside('cat "$1/outputs/call_1-2.txt"', bench.sandbox.paths.temporary)).toBe(
        "mine\n",
      );
    });
  });
}

/** A small linear congruential generator: the same inputs in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const names = [
  "path",
  "content",
  "command",
  "old",
  "new",
  "all",
  "pattern",
  "glob",
  "offset",
  "limit",
  "depth",
  "action",
  "id",
  "input",
  "wait",
  "timeout",
  "background",
  "__proto__",
  "constructor",
];
const words = [
  "",
  ".",
  "..",
  "/",
  "~",
  "x",
  "list",
  "read",
  "stop",
  "write",
  "{a,b}",
  "{{",
  "[",
  "(",
  "**/",
  "\\",
  "\u0000",
  "\ud800",
  "💥",
  "true",
  "-1",
  "9".repeat(400),
];

function randomInput(random: (below: number) => number, depth = 0): unknown {
  switch (random(depth > 2 ? 5 : 8)) {
    case 0:
      return words[random(words.length)];
    case 1:
      return random(2000) - 1000;
    case 2:
      return random(2) === 0;
    case 3:
      return null;
    case 4:
      return random(1000) / 7;
    case 5:
      return Array.from({ length: random(3) }, () => randomInput(random, depth + 1));
    default: {
      const members = Array.from({ length: random(names.length) }, () => [
        names[random(names.length)] ?? "",
        random(4) === 0 ? randomInput(random, depth + 1) : words[random(words.length)],
      ]);
      return Object.fromEntries(members);
    }
  }
}

/** The random words reach no folder but the sandbox's own, and no search of a whole disk. */
function toHarmless(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input) || !("path" in input)) return input;
  return typeof input.path === "string" ? { ...input, path: `./x/${input.path}` } : input;
}
