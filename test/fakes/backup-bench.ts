import { Database } from "bun:sqlite";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench, shell } from "./program-bench.ts";

/** A NanoClaw that was used, and a backup of it. */
export class BackupBench implements AsyncDisposable {
  readonly program: ProgramBench;
  readonly backup: string;

  static async open(): Promise<BackupBench> {
    const command =
      "mkdir -p deep/er && echo kept > deep/er/note.txt && ln -s /etc/passwd link && chmod 640 deep/er/note.txt";
    const program = await ProgramBench.open({
      script: [{ calls: [shell(command)] }, { text: "Done." }],
    });
    const bench = new BackupBench(program);
    await program.ask("write it down");
    await writeFile(join(program.state, "groups/main/AGENTS.md"), "Speak like a sailor.\n");
    const { err, code } = await program.run(["backup", bench.backup]);
    if (code !== 0) throw new Error(err);
    return bench;
  }

  constructor(program: ProgramBench) {
    this.program = program;
    // Where it lies, the key in it is what it holds and no leak.
    this.backup = join(program.root, "backup.tar");
  }

  /** While a process that is not the program has its database open. */
  async whileInUse<T>(work: () => Promise<T>): Promise<T> {
    const holder = Bun.spawn(["sleep", "60"], { stdin: Bun.file(join(this.program.state, "nanoclaw.db")) });
    try {
      return await work();
    } finally {
      holder.kill("SIGKILL");
      await holder.exited;
    }
  }

  /** One value of the database as it stands on disk. */
  static readValue(file: string, sql: string): unknown {
    using database = new Database(file, { readonly: true });
    return database.query<Readonly<Record<string, unknown>>, []>(sql).get()?.["value"];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}
