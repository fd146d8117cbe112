import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** What a command says where these have written: `[channel, account, id, is an owner]`. */
function say(
  argv: readonly string[],
  people: readonly (readonly [string, string, string, boolean])[] = [],
): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await bench.run(["people", "list"]);
    using database = new Database(join(bench.state, "nanoclaw.db"));
    for (const [channel, account, sender, isOwner] of people) {
      database.run(
        "INSERT INTO people (channel, account, sender, is_owner, display_name, created_at) VALUES (?, ?, ?, ?, 'Ben', 0)",
        [channel, account, sender, isOwner ? 1 : 0],
      );
    }
    return (await bench.run(argv)).err;
  };
}

const owner = ["telegram", "default", "1", true] as const;
const stranger = ["telegram", "default", "555", false] as const;

testProvocations("people", {
  unknownPerson: {
    names: ['nobody "Ben"', "nanoclaw people list"],
    provoke: say(["people", "show", "Ben"], [stranger]),
  },
  severalPeople: {
    names: ['"telegram:555" is somebody on several accounts: 1, 2', "nanoclaw people show 1"],
    provoke: say(["people", "remove", "telegram:555"], [stranger, ["telegram", "work", "555", false]]),
  },
  lastOwner: {
    names: ["Ben (telegram, person 1) is the last owner", "nanoclaw people remove 1 --yes"],
    provoke: say(["people", "remove", "1"], [owner, stranger]),
  },
  ownerAlready: {
    names: ["Ben (telegram, person 1) is an owner", "nanoclaw people remove"],
    provoke: say(["people", "allow", "1"], [owner]),
  },
  tokenOwner: {
    names: ["whoever holds the gateway's token", "nanoclaw config set gateway.token"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({ script: [{ text: "hello" }] });
      await gateway.start();
      await gateway.ask("hi");
      return (await gateway.bench.run(["people", "remove", "http:owner"])).err;
    },
  },
  mainIsYours: {
    names: ["The group main is the owner's alone", "nanoclaw people pair"],
    provoke: say(["people", "allow", "1", "--group", "main"], [stranger]),
  },
  noPrivateChat: {
    names: ["Ben (telegram, person 1) has not written in private", "nanoclaw people allow 1 --group NAME"],
    provoke: say(["people", "allow", "1"], [stranger]),
  },
  memberNeedsGroup: {
    names: ["not said in which group", "nanoclaw people pair --for member --group NAME"],
    provoke: say(["people", "pair", "--for", "member"]),
  },
  ownerNeedsNoGroup: {
    names: ["cannot be for family alone", "nanoclaw people pair --for member --group family"],
    provoke: say(["people", "pair", "--group", "family"]),
  },
  unknownRole: {
    names: ['--for does not know "admin"', "owner or member"],
    provoke: say(["people", "pair", "--for", "admin"]),
  },
} satisfies Record<keyof Failures["people"], Provocation>);
