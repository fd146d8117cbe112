import { writeFileSync } from "node:fs";

/** Preloaded before the program: at its end writes what it asked the engine's calendars for, a name a line, to the file in `REPORT_CALENDARS`. */
const asked: string[] = [];

for (const name of [
  "getDate",
  "getDay",
  "getFullYear",
  "getHours",
  "getTimezoneOffset",
  "setHours",
] as const) {
  const own: (this: Date, ...values: never[]) => number = Date.prototype[name];
  // oxlint-disable-next-line no-extend-native -- nothing is added: whoever asks for what is there is counted
  Object.defineProperty(Date.prototype, name, {
    value(this: Date, ...values: never[]): number {
      asked.push(name);
      return own.apply(this, values);
    },
  });
}
for (const name of ["Collator", "DateTimeFormat", "NumberFormat", "Segmenter"] as const) {
  Object.defineProperty(Intl, name, {
    value: new Proxy(Intl[name], {
      construct(target, values: unknown[]) {
        asked.push(name);
        return Reflect.construct(target, values) as object;
      },
    }),
  });
}
process.on("exit", () => {
  writeFileSync(process.env["REPORT_CALENDARS"] ?? "", asked.join("\n"));
});
