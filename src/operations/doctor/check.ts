import type { Clock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { HomePaths } from "../../home.ts";
import type { ResolvedModel } from "../../providers/resolve.ts";
import type { Store } from "../../store/store.ts";
import type { Saying } from "../../words/define-words.ts";
import type { DoctorCheck } from "../../words/english/doctor-phrases.ts";
import type { Phrases } from "../../words/english/phrases.ts";
import type { ServicePlace } from "../service/service-manager.ts";

export type { DoctorCheck } from "../../words/english/doctor-phrases.ts";

/** What a look at one thing found. */
export type Finding =
  | { readonly state: "ok"; readonly text: string }
  /** A `warning` can wait; a `problem` is for the person to solve. */
  | {
      readonly state: "warning" | "problem";
      readonly said: Saying;
      /** Only what takes nothing away that somebody may miss. */
      readonly repair?: () => Promise<void>;
    };

/** Looks and changes nothing. What it throws is what it found. */
export type Check = (place: DoctorPlace, signal: AbortSignal) => Promise<readonly Finding[]>;

export type Checks = Readonly<Record<DoctorCheck, Check>>;

export interface DoctorPlace {
  readonly home: HomePaths;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly phrases: Phrases["doctor"];
  readonly service: ServicePlace;
  readonly findModel: (config: Config, signal: AbortSignal) => Promise<ResolvedModel>;
  /** The database, once it could be opened. */
  readonly openStore: () => Promise<Store | undefined>;
}

export function fine(text: string): readonly Finding[] {
  return [{ state: "ok", text }];
}

export function warning(said: Saying, repair?: () => Promise<void>): Finding {
  return { state: "warning", said, ...(repair === undefined ? {} : { repair }) };
}

export function problem(said: Saying, repair?: () => Promise<void>): Finding {
  return { state: "problem", said, ...(repair === undefined ? {} : { repair }) };
}
