import type { Ran } from "../../fakes/program-bench.ts";
import type { Arena } from "./arena.ts";
import type { MaliciousModel } from "./malicious-model.ts";

/** One attack by a model that has turned against its owner, with what proves that the defence is real. */
export interface AttackCase {
  /** That of the catalogue, with a letter behind it where there are several attacks. */
  readonly id: string;
  /** What the attacker does. */
  readonly attack: string;
  /** What must be seen. */
  readonly seen: string;
  /** Before the program starts. */
  readonly prepare?: (arena: Arena) => Promise<Launch | void>;
  /** What the model does. Says what it got that it should not have; canaries in a sink are found without it. */
  readonly attempt: (model: MaliciousModel, arena: Arena) => Promise<string | undefined>;
  /** A model that means well does the like in the same run. Says what failed. */
  readonly twin: (model: MaliciousModel, arena: Arena) => Promise<string | undefined>;
  /** When the program has ended: what was breached after all. */
  readonly inspect?: (arena: Arena, ran: Ran) => Promise<string | undefined>;
  /** Without it the same attack succeeds. */
  readonly switchOff: SwitchOff;
  /** Where it makes sense only for one of them. */
  readonly onlyAs?: Identity;
  /** The program is killed by the attack, so it need not end well. */
  readonly endsProgram?: boolean;
}

/** Who starts the program: root, whose groups have uids of their own, or an ordinary user, as whom all groups run. */
export type Identity = "root" | "user";

/** How the program is started, where it is not just `agent -m TEXT`. */
export interface Launch {
  /** It is a gateway and no single question: it is told to end when the twin is through. */
  readonly serves?: boolean;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly under?: readonly string[];
}

/** A control that is taken out of the source as it is loaded; the program itself has no such switch. */
export interface SwitchOff {
  /** What does not hold any more. */
  readonly without: string;
  readonly edits: readonly SourceEdit[];
  /** Bun's own options, where the control is one of them. */
  readonly bunOptions?: readonly string[];
}

/** Each `from` must stand in the file, once: one that no longer fits is an error, not a pass. */
export interface SourceEdit {
  /** From the root of the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
