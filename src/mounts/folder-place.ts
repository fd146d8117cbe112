import type { Clock } from "../clock.ts";
import type { SandboxMount } from "../sandbox/sandbox.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";

export interface SharedFolder {
  readonly path: string;
  readonly canWrite: boolean;
}

/** What the owner said at the terminal, without links. `isNamed`: on the command line, so that a refusal is an error. */
export interface ChosenFolder extends SharedFolder {
  readonly isNamed: boolean;
}

export interface FolderPlace {
  readonly store: Store;
  readonly group: Group;
  readonly clock: Clock;
  readonly uid: number;
  /** A line for the person. */
  readonly tell: (text: string) => Promise<void>;
  /** The owner's home directory. */
  readonly home: string;
  /** `NANOCLAW_HOME`: never shared. */
  readonly dataFolder: string;
  /** What runs here: it may be read, as by anybody who has the source, and never written. */
  readonly programFolder: string;
  /** Where the list of what may be mounted stands follows from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ChosenFolders {
  readonly mounts: readonly SandboxMount[];
  /** Whether the folder where the person stands is among them. */
  readonly isHereShared: boolean;
  /** Hidden in all of them, as the owner's list says now. */
  readonly readHiddenNames: () => Promise<readonly string[]>;
  /** What was lent for writing may be lent to another group again. */
  readonly giveBack: () => Promise<void>;
}

/**
 * Files that steer us and may be links into a folder where the owner keeps his settings. By name: the check of a shared folder follows the link, so that
 * no sandbox can write where one leads.
 */
export function toSteeringFiles({ dataFolder, group }: FolderPlace): readonly string[] {
  const ofGroup = ["AGENTS.md", "SOUL.md", "USER.md", "TOOLS.md"];
  return [
    ...["config.json", "secrets.json", "secrets.key"].map((name) => `${dataFolder}/${name}`),
    ...ofGroup.map((name) => `${dataFolder}/groups/${group.name}/${name}`),
  ];
}
