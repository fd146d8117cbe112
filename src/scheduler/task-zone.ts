import type { Reader } from "../store/database.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import type { Task } from "../store/tasks.ts";
import { findZone } from "./parse-schedule.ts";
import type { Zone } from "./zone.ts";

/** Whose clock a task goes by: its own, its group's, this machine's. What was asked once is kept. */
export class TaskZones {
  readonly #system: string;
  readonly #known = new Map<string, Zone>();

  /** The name of this machine's zone; without one, what the runtime takes for it. */
  constructor(system: string | undefined) {
    this.#system = system ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** Throws `AppError("usage")` for a zone that this machine does not know. */
  async of({ zone, group }: Pick<Task, "zone" | "group">, reader: Reader): Promise<Zone> {
    return this.get(zone ?? (await readGroupChoice(reader, group, "zone")));
  }

  get(name: string = this.#system): Zone {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const zone = findZone(name);
    this.#known.set(name, zone);
    return zone;
  }
}
