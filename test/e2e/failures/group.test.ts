import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { createScriptedProvider } from "../../../src/providers/scripted/provider.ts";
import { bindChat } from "../../../src/store/chats.ts";
import { endGroupWithRights } from "../../../src/store/end-group.ts";
import { addGroup } from "../../../src/store/groups.ts";
import { openGatewayBench } from "../../fakes/gateway.ts";
import { openStoreOf, seedChat, seedGroups } from "../../fakes/chat-seeds.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

/** What `nanoclaw groups …` says where there is a group `family` with chat 1, and chats 2 and 3 are nobody's. */
function say(...words: readonly string[]): () => Promise<string> {
  return async () => {
    await using bench = await openBench();
    return (await bench.run(["groups", ...words])).err;
  };
}

async function openBench(): Promise<ProgramBench> {
  const bench = await ProgramBench.open();
  await using store = await openStoreOf(bench.state);
  const family = await store.database.transaction((tx) => addGroup(tx, { name: "family", now: 0 }));
  const kitchen = await seedChat(store, { chat: "a", title: "Kitchen" });
  await seedChat(store, { chat: "b", title: "Garden" });
  await seedChat(store, { chat: "c", title: "garden " });
  await store.database.transaction((tx) => bindChat(tx, kitchen.id, family.id));
  return bench;
}

testProvocations("group", {
  unknownChat: {
    names: ['no chat "Kitchn"', 'Did you mean "Kitchen"', "nanoclaw groups chats --all"],
    provoke: say("bind", "family", "Kitchn"),
  },
  chatNotClear: { names: ['2 chats are called "Garden"', "2, 3"], provoke: say("bind", "family", "Garden") },
  chatTaken: {
    names: ["Chat 1 belongs to the group family", "nanoclaw groups unbind 1"],
    provoke: async () => {
      await using bench = await openBench();
      await seedGroups(bench.state, "work");
      return (await bench.run(["groups", "bind", "work", "1"])).err;
    },
  },
  chatIsFree: { names: ["Chat 2 belongs to no group", "nanoclaw groups bind"], provoke: say("unbind", "2") },
  mainIsPrivate: {
    names: ["Chat 2 cannot be main's", "nanoclaw groups bind NAME 2"],
    provoke: say("bind", "main", "2"),
  },
  mainStays: { names: ["main stays as it is"], provoke: say("remove", "main", "--yes") },
  busy: {
    names: ["The assistant is at work in family (process", "/stop"],
    provoke: async () => {
      await using bench = await ProgramBench.open({
        script: () => ({ fault: { type: "silence" } as const }),
      });
      await seedGroups(bench.state, "family");
      await using asking = bench.start(["agent", "-g", "family", "--json", "-m", "hi"]);
      await asking.waitForOut("turn-start");
      return (await bench.run(["groups", "remove", "family", "--yes"])).err;
    },
  },
  folderInTheWay: {
    names: ["groups/home already", "choose another name"],
    provoke: async () => {
      await using bench = await openBench();
      await mkdir(join(bench.state, "groups/home"), { recursive: true });
      return (await bench.run(["groups", "rename", "family", "home"])).err;
    },
  },
  moved: {
    names: ["The group family was removed", "nanoclaw groups list"],
    provoke: async () => {
      await using bench = await openGatewayBench();
      const { database } = bench.store;
      const group = await database.transaction((tx) => addGroup(tx, { name: "family", now: 0 }));
      const conversation = await bench.converse(createScriptedProvider([]), { group });
      await database.transaction((tx) => endGroupWithRights(tx, group, { reason: "", now: 0 }));
      const end = await conversation.send("hi", () => {}, new AbortController().signal);
      return toSaid(end.error ?? { message: "" });
    },
  },
  removeNeedsYes: {
    names: ["whether family is to be removed", "nanoclaw groups remove family --yes"],
    provoke: say("remove", "family"),
  },
  unknownTemplate: {
    names: ['no template "grup"', "Did you mean group", "templates"],
    provoke: say("add", "work", "--template", "grup"),
  },
  unknownSetting: {
    names: ['no setting "triger=@Bob"', "Did you mean trigger", "Known: trigger"],
    provoke: say("set", "family", "triger=@Bob"),
  },
  nothingToSet: { names: ["not said what is to be set", "trigger=@Bob"], provoke: say("set", "family") },
  badTrigger: { names: ['"@Bob the cat" cannot be'], provoke: say("set", "family", "trigger=@Bob the cat") },
  unknownMode: {
    names: ['no mode "mentoin"', "Did you mean mention", "always"],
    provoke: say("set", "family", "mode=mentoin"),
  },
  settingTooLong: {
    names: ["The style is longer than 2000", "AGENTS.md"],
    provoke: say("set", "family", `style=${"x".repeat(2001)}`),
  },
} satisfies Record<keyof Failures["group"], Provocation>);
