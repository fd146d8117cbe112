import { expect, test } from "bun:test";
import { callsName } from "./called-name.ts";

const zeroWidthSpace = "\u200b";

test.each([
  ["Andy", "@Andy hello"],
  ["Andy", "@andy hello"],
  ["Andy", "@ANDY"],
  ["Andy", "@Andy"],
  ["Andy", "@Andy's thing"],
  ["Andy", "hello @Andy"],
  ["Andy", "what do you think, @Andy?"],
  ["Andy", "(@Andy) look"],
  ["Andy", "@Andy, when?"],
  ["Andy", "@Andy: now"],
  ["Andy", "@Andy..."],
  ["Andy", "@Andy!"],
  ["Andy", "@Andy\nnow"],
  ["Andy", "-@Andy first"],
  ["Andy", `${zeroWidthSpace}@Andy hi`],
  ["Andy", `@${zeroWidthSpace}An${zeroWidthSpace}dy hi`],
  ["Andy", "\ufeff\u2068@Andy\u2069 hi"],
  ["Andy", "@Andyextra and @Andy"],
  ["Andy", "@Andy你好"],
  ["Andy", "你好@Andy"],
  ["Andy", "＠Ａｎｄｙ hi"],
  ["Andy", "@Andy야"],
  ["Claw", "@Claw x"],
  ["C.L.A.U.D.E", "@C.L.A.U.D.E hi"],
  ["C++", "@C++ help"],
  ["C++", "@c++, help"],
  ["C#", "(@C#)"],
  ["José", "@José hola"],
  ["José", "@Jose\u0301 hola"],
  ["Jose\u0301", "@José hola"],
  ["José", "@JOSÉ"],
  ["Андрей", "@Андрей привет"],
  ["Андрей", "@АНДРЕЙ, привет"],
  ["Νίκος", "@ΝΊΚΟΣ"],
  ["Νίκος", "@Νίκοσ"],
  ["小明", "@小明 你好"],
  ["小明", "@小明你好"],
  ["小明", "@小明，你好"],
  ["小明", "告诉@小明一声"],
  ["小明", "@小明hello"],
  ["小明", "@小明2点开会"],
  ["小明", "＠小明你好"],
  ["アンディ", "@アンディさん、おはよう"],
  ["あんでぃ", "@あんでぃは元気?"],
  ["ก้อง", "@ก้องช่วยหน่อย"],
  ["앤디", "@앤디 안녕"],
  ["앤디", "@앤디야 안녕"],
  ["앤디", "@앤디님 안녕"],
  ["أندي", "@أندي مرحبا"],
  ["दीपक", "@दीपक नमस्ते"],
  ["Andy Bot", "@Andy Bot hi"],
  ["@Andy", "@Andy hi"],
])("%s is called by %p", (name, text) => {
  expect(callsName(text, name)).toBe(true);
});

test.each([
  ["Andy", "Andy hello"],
  ["Andy", "@Andyextra"],
  ["Andy", "@Andy_2"],
  ["Andy", "@Andy2"],
  ["Andy", "@Andyé"],
  ["Andy", "@Andye\u0301"],
  ["Andy", "@Andy-bot hi"],
  ["Andy", "@andy.smith hi"],
  ["Andy", "@An dy"],
  ["Andy", "mail anna@andy.example now"],
  ["Andy", "anna@andy"],
  ["Andy", "ana.b+x@andy.example"],
  ["Andy", "müller@andy"],
  ["Andy", "https://medium.example/@andy"],
  ["Andy", "see https://medium.example/@andy/post"],
  ["Andy", "@@"],
  ["Andy", ""],
  ["Claw", "@Andy x"],
  ["C.L.A.U.D.E", "@CXLXAUXDXE"],
  ["C++", "@C+"],
  ["C++", "@C+++"],
  ["C++", "@C++17"],
  ["José", "@Jose"],
  ["Jose", "@José"],
  ["Jose", "@Jose\u0301"],
  ["Андрей", "@Андрейка"],
  ["小明", "@小红 你好"],
  ["小明", "@小明_2"],
  ["アン", "@アンディ"],
  ["アニ", "@アニー"],
  ["앤디", "@앤디슨"],
  ["दीपक", "@दीपका"],
  ["", "@ hello"],
  ["", "hello"],
])("%s is not called by %p", (name, text) => {
  expect(callsName(text, name)).toBe(false);
});

test("a text of a million signs is read in a moment", () => {
  const began = performance.now();
  expect(callsName("@And ".repeat(200_000), "Andy")).toBe(false);
  expect(callsName("@andyx".repeat(150_000), "Andy")).toBe(false);
  expect(performance.now() - began).toBeLessThan(1000);
});
