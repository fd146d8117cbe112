import { argv, stdout } from "bun";

const response = await fetch(argv[2] ?? "", { method: "POST", body: argv[3] ?? "" });
const body: ReadableStream<Uint8Array> = response.body ?? new ReadableStream();
const output = stdout.writer();
for await (const chunk of body) void output.write(chunk);
await output.flush();
