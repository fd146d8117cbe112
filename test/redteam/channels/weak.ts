import { channelAttacks } from "./all.ts";

/** In a process that has lost a control: tries the attack of that place in the list, and says whether it succeeds. */
const [at = ""] = process.argv.slice(2);
const isStolen = await channelAttacks[Number(at)]?.attempt();
await Bun.write(Bun.stdout, String(isStolen));
process.exit(0);
