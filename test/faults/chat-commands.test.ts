import { expect, test } from "bun:test";
import { ChatBench } from "../fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../fakes/loop.ts";
import { MemoryPlatform } from "../fakes/memory-platform.ts";
import { MortalLife } from "../fakes/mortal-store.ts";
import { settleAll, VirtualClock } from "../fakes/virtual-clock.ts";

const commands = ["/new", "/whoami"];

interface Told {
  readonly wasMortal: boolean;
  readonly texts: readonly string[];
  readonly sessions: number;
}

/** Two commands to a program that ends at one moment and is started again. `forget` is done between its lives. */
async function tell(lastMoment: number, forget?: string): Promise<Told> {
  const platform = new MemoryPlatform({ authenticatesSenders: true, isIdempotent: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider([saying("the model was asked")]);
  await using bench = await ChatBench.open({ provider, platform, clock, parent: "/dev/shm" });
  const life = new MortalLife(lastMoment);
  const over = (async () => {
    await bench.start(life);
    for (const text of commands) await platform.deliver({ id: text, text });
    await platform.waitForReplies(commands.length);
    await settleAll();
  })();
  await Promise.race([over, life.death]);
  life.spare();
  if (life.isDead) {
    await settleAll();
    await bench.bury();
    if (forget !== undefined) await bench.store.database.transaction((tx) => tx.run(forget));
    await clock.advance(1);
    await bench.start();
    for (const text of commands) await platform.deliver({ id: text, text });
    await platform.waitForReplies(commands.length);
    for (let second = 0; second < 5; second++) await clock.advance(1000);
  }
  const [row] = await bench.store.database.all("SELECT count(*) AS sessions FROM sessions");
  expect(provider.requests).toEqual([]);
  return { wasMortal: life.isDead, texts: platform.textsOf("c1"), sessions: Number(row?.["sessions"]) };
}

test("at whatever moment the program ends, each command is answered once and done once", async () => {
  let moment = 1;
  for (; ; moment++) {
    const { wasMortal, texts, sessions } = await tell(moment);
    expect([moment, sessions, texts.length]).toEqual([moment, 1, commands.length]);
    expect(texts.filter((text) => text === "A new conversation.")).toHaveLength(1);
    expect(texts.filter((text) => text.includes("you are: the owner"))).toHaveLength(1);
    if (!wasMortal) break;
  }
  expect(moment).toBeGreaterThan(20);
}, 60_000);

test("a program that forgets that a command was answered is found out", async () => {
  const forget = "UPDATE messages SET state = 'received', ended_at = NULL";
  let isFound = false;
  for (let moment = 1; !isFound; moment++) {
    const { wasMortal, texts, sessions } = await tell(moment, forget);
    if (!wasMortal) break;
    isFound = texts.length > commands.length || sessions > 1;
  }
  expect(isFound).toBe(true);
});
