import { writeFileSync } from "node:fs";

/** Preloaded before the program: at its end writes what it loaded, a path a line, to the file in `REPORT_LOADED`. */
process.on("exit", () => {
  writeFileSync(process.env["REPORT_LOADED"] ?? "", Object.keys(require.cache).join("\n"));
});
