import { expect, test } from "bun:test";
import type { Database, Transaction } from "../../src/store/database.ts";

export interface DatabaseUnderTest extends AsyncDisposable {
  readonly database: Database;
}

/** What every `Database` promises. `open` makes an empty one with a table `notes (text TEXT NOT NULL UNIQUE)`. */
export function testDatabase(open: () => Promise<DatabaseUnderTest>): void {
  test("what a transaction wrote is there when it resolves", async () => {
    await using opened = await open();
    const result = await opened.database.transaction(async (tx) => {
      await addNote(tx, "one");
      return "value";
    });
    expect(result).toBe("value");
    expect(await readNotes(opened.database)).toEqual(["one"]);
  });

  test("a transaction that throws leaves nothing and rejects with what was thrown", async () => {
    await using opened = await open();
    const failure = new Error("no");
    const failed = opened.database.transaction(async (tx) => {
      await addNote(tx, "one");
      throw failure;
    });
    expect(await failed.catch((error: unknown) => error)).toBe(failure);
    expect(await readNotes(opened.database)).toEqual([]);
  });

  test("of neighbours that wait together only the one that throws is rolled back", async () => {
    await using opened = await open();
    const outcomes = await Promise.allSettled(
      ["one", "two", "three"].map((text) =>
        opened.database.transaction(async (tx) => {
          await addNote(tx, text);
          if (text === "two") throw new Error("no");
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await readNotes(opened.database)).toEqual(["one", "three"]);
  });

  test("a neighbour's write does not fall into an awaited transaction that is rolled back", async () => {
    await using opened = await open();
    const { database } = opened;
    let neighbour: Promise<unknown> = Promise.resolve();
    const failed = database.transaction(async (tx) => {
      await addNote(tx, "mine");
      neighbour = database.transaction((other) => addNote(other, "neighbour"));
      await readNotes(tx);
      throw new Error("no");
    });
    await failed.catch(() => {});
    await neighbour;
    expect(await readNotes(database)).toEqual(["neighbour"]);
  });

  test("work that awaits something other than its tx is rolled back, and its neighbours are not", async () => {
    await using opened = await open();
    const { database } = opened;
    const outcomes = await Promise.allSettled([
      database.transaction(async (tx) => {
        await addNote(tx, "one");
        await new Promise((resolve) => setTimeout(resolve, 1));
      }),
      database.transaction((tx) => addNote(tx, "two")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(String(outcomes[0].status === "rejected" && outcomes[0].reason)).toContain("other than its tx");
    expect(await readNotes(database)).toEqual(["two"]);
  });

  test("a transaction within a transaction is refused, not waited for without end", async () => {
    await using opened = await open();
    const { database } = opened;
    let inner: Promise<unknown> = Promise.resolve();
    const outer = database.transaction(async (tx) => {
      await addNote(tx, "outer");
      inner = database.transaction((other) => addNote(other, "inner"));
      await inner;
    });
    expect(String(await outer.catch((error: unknown) => error))).toContain("other than its tx");
    await inner;
    expect(await readNotes(database)).toEqual(["inner"]);
  });

  test("a tx is useless after its transaction, also for work that was cut off", async () => {
    await using opened = await open();
    const { database } = opened;
    const { promise: late, resolve: goOn } = Promise.withResolvers<void>();
    let kept: Transaction | undefined;
    let afterwards: Promise<unknown> = Promise.resolve();
    const cutOff = database.transaction(async (tx) => {
      kept = tx;
      await late;
      afterwards = addNote(tx, "late").catch((error: unknown) => error);
      await afterwards;
    });
    await cutOff.catch(() => {});
    goOn();
    await late;
    expect(String(await afterwards)).toContain("after its transaction had ended");
    expect(String(await kept?.all("SELECT 1").catch((error: unknown) => error))).toContain("had ended");
    expect(await readNotes(database)).toEqual([]);
  });

  test("a reader outside sees only what is committed", async () => {
    await using opened = await open();
    const { database } = opened;
    let outside: Promise<string[]> = Promise.resolve([]);
    const failed = database.transaction(async (tx) => {
      await addNote(tx, "one");
      outside = readNotes(database);
      expect(await readNotes(tx)).toEqual(["one"]);
      throw new Error("no");
    });
    await failed.catch(() => {});
    expect(await outside).toEqual([]);
  });

  test("a refused statement can be caught, and the transaction goes on", async () => {
    await using opened = await open();
    await opened.database.transaction(async (tx) => {
      await addNote(tx, "one");
      await addNote(tx, "one").catch(() => {});
      await addNote(tx, "two");
    });
    expect(await readNotes(opened.database)).toEqual(["one", "two"]);
  });

  test("a writer without end leaves the event loop its turns", async () => {
    await using opened = await open();
    const fired: string[] = [];
    setTimeout(() => fired.push("timer"), 1);
    for (let count = 0; count < 10_000 && fired.length === 0; count++) {
      await opened.database.transaction((tx) => tx.get("SELECT 1"));
    }
    expect(fired).toEqual(["timer"]);
  });

  test("what waits when it is closed is still written, and what comes later is refused", async () => {
    await using opened = await open();
    const { database } = opened;
    const waiting = database.transaction(async (tx) => {
      await addNote(tx, "one");
      return readNotes(tx);
    });
    const closed = database[Symbol.asyncDispose]();
    expect(await waiting).toEqual(["one"]);
    await closed;
    await database[Symbol.asyncDispose]();
    const late = await database.transaction((tx) => addNote(tx, "two")).catch((error: unknown) => error);
    expect(String(late)).toContain("closed");
    expect(String(await readNotes(database).catch((error: unknown) => error))).toContain("closed");
  });
}

async function addNote(tx: Transaction, text: string): Promise<void> {
  await tx.run("INSERT INTO notes (text) VALUES (?)", text);
}

async function readNotes(reader: Pick<Database, "all">): Promise<string[]> {
  return (await reader.all("SELECT text FROM notes ORDER BY rowid")).map((row) => String(row["text"]));
}
