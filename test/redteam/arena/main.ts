import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { cases } from "../cases/all.ts";
import { judge } from "./judge.ts";
import { raiseNetwork, useResolver } from "./network.ts";
import { Service } from "./service.ts";
import { Sinkhole } from "./sinkhole.ts";
import { createWorld } from "./world.ts";

/**
 * Runs inside namespaces of its own, which `enter.ts` makes: its network is the sinkhole's, its processes end with it, and its files lie in
 * memory. Takes who starts the program and the ids of cases; prints one JSON line for each as it is judged.
 */
async function main(identity: string, ids: readonly string[]): Promise<void> {
  const { TMPDIR: base = "/srv" } = process.env;
  const folder = await mkdtemp(join(base, "arena-"));
  raiseNetwork();
  await useResolver(folder);
  await using world = await createWorld(folder, identity === "user" ? "user" : "root");
  await using sinkhole = await Sinkhole.open({ metadata: world.canaries.metadata.text });
  using service = new Service();
  for (const attackCase of cases.filter(({ id }) => ids.includes(id))) {
    console.log(JSON.stringify(await judge(attackCase, world, sinkhole, service)));
  }
}

const [identity = "root", ...ids] = process.argv.slice(2);
await main(identity, ids);
process.exit(0);
