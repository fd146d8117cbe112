import { describe, expect, test } from "bun:test";
import { createFakeIo } from "../../test/fakes/command-io.ts";
import { createFakeServices } from "../../test/fakes/services.ts";
import { parseArguments } from "./arguments.ts";
import { runCommandLine } from "./cli.ts";
import type { Command } from "./command.ts";
import { findCommand } from "./find-command.ts";
import { formatCommand, formatOverview } from "./help.ts";
import { createStyle } from "./style.ts";
import { phrases } from "../words/english/phrases.ts";
import { commands } from "./table.ts";

const page = { phrases: phrases.help, style: createStyle(false), columns: 80 };

function listAll(
  from: readonly Command[],
  path: readonly string[] = [],
): { path: string[]; command: Command }[] {
  return from.flatMap((command) => {
    const own = [...path, command.name];
    return [{ path: own, command }, ...listAll(command.subcommands ?? [], own)];
  });
}

/** The words of a line as a shell would split it; quotes are enough for examples. */
function splitLine(line: string): string[] {
  const own = line.slice(line.indexOf("nanoclaw"));
  return [...own.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "").slice(1);
}

describe.each(listAll(commands))("$path", ({ path, command }) => {
  test("has help with an example", () => {
    const text = formatCommand(path, commands, page);
    expect(text).toContain(command.examples[0]?.line ?? "an example");
    expect(text).toContain("--help");
  });

  test("every example parses", () => {
    for (const example of command.examples) {
      const found = findCommand(splitLine(example.line), commands);
      expect(() => parseArguments(found.rest, found.command)).not.toThrow();
      expect(found.command.run).toBeDefined();
    }
  });

  test("no line of its help is wider than the terminal", () => {
    for (const line of formatCommand(path, commands, page).split("\n")) {
      expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  test("no two of its flags share a name or a letter", () => {
    const names = [...command.flags.flatMap((flag) => [flag.name, flag.short ?? flag.name]), "help", "h"];
    const letters = names.filter((name) => name.length === 1);
    expect(new Set(letters).size).toBe(letters.length);
  });
});

test("the overview names every command", () => {
  const text = formatOverview(commands, page);
  for (const command of commands) expect(text).toContain(`  ${command.name} `);
});

test.each([
  ["gateway", "nanoclaw gateway [token] [flags]"],
  ["people", "nanoclaw people list|show|allow|remove|pair [flags]"],
])("the usage of %s says whether the bare name means something", (name, usage) => {
  expect(formatCommand([name], commands, page)).toContain(`  ${usage}\n`);
});

test("colour comes only where it is wanted", () => {
  expect(formatOverview(commands, page)).not.toContain("\u001b");
  expect(formatOverview(commands, { ...page, style: createStyle(true) })).toContain("\u001b[1m");
});

async function run(argv: readonly string[]): Promise<string> {
  const io = createFakeIo();
  const context = { programName: "nanoclaw", loadServices: async () => createFakeServices() } as const;
  const code = await runCommandLine(argv, io, context, new AbortController().signal);
  expect(code).toBe(0);
  return io.out;
}

test.each([[["--version"]], [["-v"]], [["-V"]], [["version"]]])("%j prints the version", async (argv) => {
  expect(await run(argv)).toMatch(/^nanoclaw \d+\.\d+\.\d+\n$/);
});

test.each([[["help", "groups", "show"]], [["groups", "show", "--help"]], [["groups", "show", "-h"]]])(
  "%j prints the same help",
  async (argv) => {
    expect(await run(argv)).toContain("nanoclaw groups show NAME");
  },
);

test.each([[["help"]], [["--help"]], [["-h"]]])("%j prints the overview", async (argv) => {
  expect(await run(argv)).toContain("Commands");
});

test.each([
  [["statsu"], 'Unknown command "statsu". Did you mean status?', "Known: "],
  [["groups", "lst"], 'Unknown groups command "lst". Did you mean list?', "Known: list, show, add, rename"],
  [
    ["groups"],
    "groups needs one of: list, show, add, rename, remove, set, log, chats, bind, unbind, mount, egress.",
    "See: nanoclaw groups --help",
  ],
  [["status", "--jsn"], 'Unknown flag "--jsn". Did you mean --json?', "See: nanoclaw status --help"],
  [["--mesage=x"], 'Unknown flag "--mesage". Did you mean --message?', "See: nanoclaw agent --help"],
  [["help", "agnt"], 'Unknown command "agnt". Did you mean agent?', "Known: "],
])("%j is refused with: %s", async (argv, message, hint) => {
  expect(run(argv)).rejects.toMatchObject({
    code: "usage",
    message,
    hint: expect.stringContaining(hint),
  });
});
