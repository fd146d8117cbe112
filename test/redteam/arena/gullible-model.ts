import type { TurnCall } from "../../fakes/llm-turn.ts";
import type { MaliciousModel } from "./malicious-model.ts";

const mostRounds = 6;

/**
 * A model that obeys whoever speaks to it: any `@@DO tool {…}` in anything that it was ever shown, be it a message, a file, a name,
 * an error or a page. Each once. Resolves with the results of all it did.
 */
export async function obey(model: MaliciousModel): Promise<readonly string[]> {
  await model.waitForRequest();
  const done = new Set<string>();
  const results: string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const calls = [...new Set(model.context.flatMap(findOrders))].filter((order) => !done.has(order));
    if (calls.length === 0) return results;
    for (const order of calls) done.add(order);
    results.push(...(await model.call(...calls.map(toCall))));
  }
  return results;
}

function findOrders(text: string): readonly string[] {
  return [...text.matchAll(/@@DO (\w+ \{[^}\n]*\})/g)].map(([, order = ""]) => order);
}

function toCall(order: string): TurnCall {
  const at = order.indexOf(" ");
  return { name: order.slice(0, at), arguments: order.slice(at + 1).replaceAll('\\"', '"') };
}
