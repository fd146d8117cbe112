import { expect, test } from "bun:test";
import { parseMessage } from "./parse-message.ts";

function parse(body: unknown, headers: Record<string, string> = {}): ReturnType<typeof parseMessage> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return parseMessage(new Request("http://localhost/", { method: "POST", body: text, headers }));
}

test.each([
  [null, "the body must be a JSON object"],
  [[1], "text is missing"],
  [{}, "text is missing"],
  [{ text: "" }, "text is empty"],
  [{ text: 7 }, "text must be a text"],
  [{ text: "x", chat: "c".repeat(201) }, "chat is longer than 200 characters"],
  [{ text: "x", colour: "red" }, "colour is not known here"],
  [{ text: "x", from: "bob" }, 'from must be a JSON object: {"id": "17", "name": "Ben"}'],
  [{ text: "x", from: {} }, "from.id is missing"],
  [{ text: "x", wait: "10" }, "wait must be a number"],
  [{ text: "x", wait: 301 }, "wait must be a number of seconds from 0 to 300"],
  [{ text: "x", isPrivate: 1 }, "isPrivate must be a boolean"],
  ["{", "the body is not JSON"],
])("%j: %s", async (body, problem) => {
  expect(await parse(body)).toEqual({ isValid: false, status: 400, problem });
});

test("an empty Idempotency-Key is none: two messages are not taken for one", async () => {
  const ids = await Promise.all(
    ["", "", "k"].map(async (key) => {
      const parsed = await parse({ text: "x" }, { "idempotency-key": key });
      return parsed.isValid ? parsed.message.id : parsed.problem;
    }),
  );
  expect(ids[0]).not.toBe(ids[1]);
  expect(ids[2]).toBe("k");
  expect(await parse({ text: "x" }, { "idempotency-key": "k".repeat(201) })).toMatchObject({ status: 400 });
});
