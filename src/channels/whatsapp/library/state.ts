import type { AuthenticationCreds, SignalDataSet, SignalDataTypeMap, SignalKeyStore } from "baileys";
import type { Library } from "./load.ts";

const credsName = "creds";

/** What the library remembers, in memory whole; what changed waits until it is handed over. */
export class LibraryState {
  readonly creds: AuthenticationCreds;
  readonly #library: Library;
  readonly #values: Map<string, string>;
  readonly #changed = new Set<string>();

  constructor(library: Library, state: Readonly<Record<string, string>>) {
    this.#library = library;
    this.#values = new Map(Object.entries(state));
    const stored = this.#values.get(credsName);
    this.creds = stored === undefined ? library.initAuthCreds() : this.#readCreds(stored);
    // A link that was begun is finished by the process that comes next, with the same keys.
    if (stored === undefined) this.#changed.add(credsName);
  }

  keys(): SignalKeyStore {
    return {
      get: async (type, ids) => this.#get(type, ids),
      set: async (data) => this.#set(data),
    };
  }

  changeCreds(changes: Partial<AuthenticationCreds>): void {
    Object.assign(this.creds, changes);
    this.#changed.add(credsName);
  }

  read(name: string): string | undefined {
    return this.#values.get(name);
  }

  write(name: string, value: string | undefined): void {
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
    this.#changed.add(name);
  }

  names(head: string): readonly string[] {
    return [...this.#values.keys()].filter((name) => name.startsWith(head));
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  takeChanges(): Readonly<Record<string, string | null>> {
    const names = [...this.#changed];
    this.#changed.clear();
    // The library changes parts of it in place: it is read when it leaves.
    if (names.includes(credsName)) this.#values.set(credsName, this.#write(this.creds));
    return Object.fromEntries(names.map((name) => [name, this.#values.get(name) ?? null]));
  }

  #get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Record<string, SignalDataTypeMap[T]> {
    const found: Record<string, unknown> = {};
    for (const id of ids) {
      const stored = this.#values.get(`${type} ${id}`);
      if (stored === undefined) continue;
      const value = this.#read(stored);
      found[id] = type === "app-state-sync-key" ? this.#toSyncKey(value) : value;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the library gave it, and sealed where it is kept
    return found as Record<string, SignalDataTypeMap[T]>;
  }

  #set(data: SignalDataSet): void {
    for (const [type, values] of Object.entries(data)) {
      for (const [id, value] of Object.entries(values)) {
        this.write(`${type} ${id}`, value === null || value === undefined ? undefined : this.#write(value));
      }
    }
  }

  /** The library wants one of its own class there. */
  #toSyncKey(value: unknown): object {
    const fields: object = typeof value === "object" && value !== null ? value : {};
    return this.#library.proto.Message.AppStateSyncKeyData.fromObject(fields);
  }

  #readCreds(stored: string): AuthenticationCreds {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the library gave it, and sealed where it is kept
    return this.#read(stored) as AuthenticationCreds;
  }

  #write(value: unknown): string {
    return JSON.stringify(value, this.#library.BufferJSON.replacer);
  }

  #read(text: string): unknown {
    return JSON.parse(text, this.#library.BufferJSON.reviver);
  }
}
