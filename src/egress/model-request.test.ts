import { describe, expect, test } from "bun:test";
import { checkModelRequest } from "./model-request.ts";

const messages = [{ role: "user", content: "hi" }];
const tool = { name: "read", description: "reads", input_schema: { type: "object" } };

async function check(wire: "anthropic" | "openai", body: unknown): Promise<unknown> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request("http://grant/x", { method: "POST", body: text });
  return JSON.parse(await checkModelRequest({ type: "model", wire, models: ["good"] }, request));
}

describe("a question to a model passes", () => {
  test.each([
    [
      "anthropic",
      { model: "good", max_tokens: 10, messages, tools: [tool], system: "be good", stream: true },
    ],
    [
      "anthropic",
      {
        model: "good",
        messages: [{ role: "user", content: [{ type: "image", source: { type: "base64", data: "AA" } }] }],
      },
    ],
    [
      "anthropic",
      {
        model: "good",
        messages: [
          {
            role: "assistant",
            content: [
              { type: "tool_use", id: "1", name: "read", input: { file_id: "mine", url: "http://x" } },
            ],
          },
        ],
      },
    ],
    ["openai", { model: "good", messages, tools: [{ type: "function", function: { name: "read" } }] }],
    [
      "openai",
      {
        model: "good",
        messages: [
          { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }] },
        ],
      },
    ],
  ] as const)("over %s: %j", async (wire, body) => {
    expect(await check(wire, body)).toEqual(body);
  });
});

describe("what is more than that is refused", () => {
  test.each([
    ["anthropic", { model: "other", messages }],
    ["anthropic", { messages }],
    ["anthropic", { model: "good" }],
    ["anthropic", { model: "good", messages, mcp_servers: [{ url: "https://evil.example" }] }],
    ["anthropic", { model: "good", messages, container: "c" }],
    ["anthropic", { model: "good", messages, tools: [{ type: "web_search_20250305", name: "web_search" }] }],
    [
      "anthropic",
      { model: "good", messages, tools: [{ type: "code_execution_20250825", name: "code_execution" }] },
    ],
    [
      "anthropic",
      {
        model: "good",
        messages: [
          {
            role: "user",
            content: [{ type: "image", source: { type: "url", url: "https://evil.example/?d" } }],
          },
        ],
      },
    ],
    [
      "anthropic",
      {
        model: "good",
        messages: [{ role: "user", content: [{ type: "document", source: { type: "file", file_id: "f" } }] }],
      },
    ],
    ["openai", { model: "good", messages, tools: [{ type: "web_search" }] }],
    ["openai", { model: "good", messages, web_search_options: {} }],
    ["openai", { model: "good", messages, store: true }],
    [
      "openai",
      {
        model: "good",
        messages: [
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://evil.example/?d" } }] },
        ],
      },
    ],
    [
      "openai",
      { model: "good", messages: [{ role: "user", content: [{ type: "file", file: { file_id: "f" } }] }] },
    ],
    [
      "openai",
      { model: "good", messages: [{ role: "user", content: [{ image_url: "https://evil.example/" }] }] },
    ],
    [
      "openai",
      { model: "good", messages: [{ role: "user", content: [{ video_url: { URL: "https://e.example" } }] }] },
    ],
    [
      "openai",
      { model: "good", messages: [{ role: "user", content: [{ file_data: "https://evil.example/" }] }] },
    ],
    ["openai", { Model: "other", model: "good", messages }],
    ...["document_url", "image_url", "fileUri", "File_ID"].map(
      (name) =>
        [
          "openai",
          { model: "good", messages: [{ role: "user", content: [{ [name]: "gs://evil/x" }] }] },
        ] as const,
    ),
    ["openai", "[]"],
    ["openai", "no json"],
    ["openai", ""],
  ] as const)("over %s: %j", async (wire, body) => {
    await expect(check(wire, body)).rejects.toThrow();
  });
});
