import { grantKinds, type TaskGrant } from "../store/task-grants.ts";

/** A grant as the owner is shown it: what a word meant when he was asked is what his yes is for. */
export interface ShownGrant extends TaskGrant {
  /** `chat 7 of the group family`. */
  readonly shown: string;
}

/** The bytes that a request keeps, and its hash covers. */
export function freezeGrants(grants: readonly ShownGrant[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(grants));
}

/** Nothing: they are not grants. */
export function parseGrants(bytes: Uint8Array | undefined): readonly ShownGrant[] | undefined {
  if (bytes === undefined) return undefined;
  try {
    const stored: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(stored) && stored.every(isShownGrant) ? stored : undefined;
  } catch {
    return undefined;
  }
}

function isShownGrant(value: unknown): value is ShownGrant {
  if (typeof value !== "object" || value === null) return false;
  if (!("kind" in value && "value" in value && "shown" in value)) return false;
  const isKnown = grantKinds.some((each) => each === value.kind);
  return isKnown && typeof value.value === "string" && typeof value.shown === "string";
}
