import type { Complaint } from "./failure.ts";
import { complainsOfImages } from "./image-complaint.ts";

/** Changes a request so that a server that refused it may take it. Returns the same object where it changes nothing. */
export type Repair<Body> = (body: Body) => Body;

/**
 * What a server was found to refuse, per model. Servers differ in small optional things (`temperature`, the name of the
 * token limit), and their models change faster than any table of ours: so a refused request is repaired and sent again.
 */
export interface Repairs<Body> {
  /** `body` as the model is known to want it. */
  apply(model: string, body: Body): Body;
  /** The refused `body`, changed; `undefined` when the complaint is about nothing that can be repaired. */
  learn(model: string, body: Body, complaint: Complaint): Body | undefined;
}

export function createRepairs<Body>(find: (complaint: Complaint) => Repair<Body> | undefined): Repairs<Body> {
  const known = new Map<string, readonly Repair<Body>[]>();
  return {
    apply: (model, body) => (known.get(model) ?? []).reduce((changed, repair) => repair(changed), body),
    learn(model, body, complaint) {
      if (!isAboutTheRequest(complaint)) return undefined;
      const repair = find(complaint);
      const repaired = repair?.(body);
      // A repair that changes nothing has been tried already, so this ends.
      if (repair === undefined || repaired === undefined || repaired === body) return undefined;
      known.set(model, [...(known.get(model) ?? []), repair]);
      return repaired;
    },
  };
}

/** OpenRouter says with 404 that no server of a model takes pictures. */
function isAboutTheRequest({ status, message }: Complaint): boolean {
  return status === 400 || status === 422 || (status === 404 && complainsOfImages(message));
}
