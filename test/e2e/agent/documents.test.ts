import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPdf, createZip, docx } from "../../fakes/documents.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";

test("a PDF and an office file that lie in the workspace are read as text; an archive is a file as any other", async () => {
  const read = (path: string) => ({ name: "read_file", arguments: { path } });
  await using bench = await ProgramBench.open({
    script: [
      { text: "Ready." },
      { calls: ["a.pdf", "b.docx", "c.zip", "d.pdf"].map((name) => read(`extra/papers/${name}`)) },
      { text: "Read." },
    ],
  });
  await bench.run(["agent", "-m", "hi"]);
  const papers = join(bench.folder, "papers");
  await mkdir(papers);
  await writeFile(join(papers, "a.pdf"), createPdf("Invoice 4711"));
  await writeFile(join(papers, "b.docx"), docx);
  await writeFile(join(papers, "c.zip"), createZip({ "a.txt": "x" }));
  await writeFile(join(papers, "d.pdf"), "%PDF-1.4 and no more");
  await bench.run(["agent", "--folder", `${papers}:ro`, "-m", "read them"]);
  const request = bench.requests.at(-1);
  const [pdf, word, archive, broken] = (request === undefined ? [] : newResults(request)).map(
    ({ text }) => text,
  );
  expect(pdf).toContain("Invoice 4711");
  expect(word).toContain("## The plan\n\nRome & Vienna\tin May");
  expect(archive).toContain("A binary file: ZIP archive");
  expect(broken).toContain("no PDF that can be read");
});
