import { writeSync } from "node:fs";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/store.ts";

/**
 * Writes without end until it is killed, and prints each number only when its transaction has resolved. Each number
 * stands in two rows of one transaction, every seventh transaction fails, and several wait together. With `boast` it
 * prints before, which is the mistake that the test must be able to see.
 */
const [, , folder = "", firstNumber = "1", manner = "honest"] = process.argv;
const store = await openStore({ folder, clock: systemClock }, new AbortController().signal);

async function write(number: number): Promise<void> {
  if (manner === "boast" && number % 7 !== 0) writeSync(1, `${number}\n`);
  await store.database.transaction(async (tx) => {
    for (const half of ["left", "right"]) {
      await tx.run(
        "INSERT INTO shared_folders (group_id, path, access, decided_at) VALUES (1, ?, 'read', ?)",
        `${half}/${number}/${"x".repeat((number * 37) % 3000)}`,
        number,
      );
    }
    if (number % 7 === 0) throw new Error("planned");
  });
  if (manner === "honest") writeSync(1, `${number}\n`);
}

for (let number = Number(firstNumber); ; number += 5) {
  await Promise.allSettled([0, 1, 2, 3, 4].map((offset) => write(number + offset)));
}
