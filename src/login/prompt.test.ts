import { expect, test } from "bun:test";
import { createFakeKeyboard } from "../../test/fakes/keyboard.ts";
import { phrases } from "../words/english/phrases.ts";
import { createPrompt, type Prompt } from "./prompt.ts";

const words = { phrases: phrases.login };

const never = new AbortController().signal;

function promptFor(pieces: readonly (string | Uint8Array)[]): { prompt: Prompt; screen: () => string } {
  let screen = "";
  const prompt = createPrompt({
    keyboard: createFakeKeyboard(pieces),
    write: async (text) => {
      screen += text;
    },
    ...words,
  });
  return { prompt, screen: () => screen };
}

test("a choice is a number, Enter is the first, and anything else is asked again", async () => {
  expect(await promptFor(["2\r"]).prompt.choose("?", ["a", "b"], never)).toBe(1);
  expect(await promptFor(["\r"]).prompt.choose("?", ["a", "b"], never)).toBe(0);
  const { prompt, screen } = promptFor(["9\r", "x\r", "0\r", "1.5\r", "1\r"]);
  expect(await prompt.choose("?", ["a", "b"], never)).toBe(0);
  expect(screen().match(/Type a number from 1 to 2/g)).toHaveLength(4);
});

test("a line can be corrected, and keys without a meaning do nothing", async () => {
  expect(
    await promptFor(["abc\u007F\u007Fd\u001B[D\u001B[200~e\u001B[201~\t\n"]).prompt.line("?", never),
  ).toBe("ade");
  expect(await promptFor(["abc\u0015xyz\r\n"]).prompt.line("?", never)).toBe("xyz");
});

test("letters that arrive in pieces are put together", async () => {
  const [first = 0, ...rest] = new TextEncoder().encode("é😀");
  const { prompt } = promptFor([new Uint8Array([first]), new Uint8Array(rest), "\r"]);
  expect(await prompt.line("?", never)).toBe("é😀");
});

test("what was typed ahead answers the next question", async () => {
  const { prompt } = promptFor(["one\rtwo\r"]);
  expect([await prompt.line("?", never), await prompt.line("?", never)]).toEqual(["one", "two"]);
});

test("a secret is not shown", async () => {
  const { prompt, screen } = promptFor(["hunter2\r"]);
  expect(await prompt.secret("Key: ", never)).toBe("hunter2");
  expect(screen()).toBe("Key: *******\n");
});

test.each([
  ["Ctrl-C", "x\u0003"],
  ["Ctrl-D", "\u0004"],
  ["the end of input", "x"],
])("%s leaves", async (_, keys) => {
  await expect(promptFor([keys]).prompt.line("?", never)).rejects.toThrow("Nothing was changed.");
});

test("a signal ends the waiting with its reason", async () => {
  const controller = new AbortController();
  const prompt = createPrompt({ keyboard: createFakeKeyboard([], true), write: async () => {}, ...words });
  const line = prompt.line("?", controller.signal);
  controller.abort(new Error("stop"));
  await expect(line).rejects.toThrow("stop");
});
