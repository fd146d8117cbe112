import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tellBackup } from "../../../src/commands/gateway-health.ts";
import { keepHeartbeat } from "../../../src/notices/heartbeat.ts";
import { silentLog } from "../../../src/log.ts";
import { keepDailyBackups } from "../../../src/operations/backup/daily.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { noticeWords } from "../../../src/words/english/notice.ts";
import { ChatBench } from "../../fakes/chat-bench.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { createAnsweringProvider, saying } from "../../fakes/loop.ts";
import { MemoryPlatform } from "../../fakes/memory-platform.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { VirtualClock } from "../../fakes/virtual-clock.ts";

const minute = 60_000;

/** What the owner is told on a platform in memory, in virtual time, after `spoil`. */
function told(
  spoil: (world: { bench: ChatBench; platform: MemoryPlatform; clock: VirtualClock }) => Promise<void>,
): () => Promise<string> {
  return async () => {
    const platform = new MemoryPlatform({
      authenticatesSenders: true,
      fate: ({ text }) => (text === "unwelcome" ? { type: "refused", reason: "no such chat" } : undefined),
    });
    const clock = new VirtualClock();
    const provider = createAnsweringProvider([saying("unwelcome")]);
    await using bench = await ChatBench.open({ platform, clock, provider, saysHints: true });
    await bench.start();
    await bench.bind("f1", await bench.addGroup("family"));
    await platform.deliver({ text: "/stop" });
    await platform.waitForReplies(1);
    await spoil({ bench, platform, clock });
    for (let s = 0; s < 40 && platform.seen.length < 2; s++) await clock.advance(minute);
    return platform.textsOf("c1").slice(1).join("\n");
  };
}

testProvocations("what the program tells by itself", {
  away: {
    names: ["I was away from", "the program did not run", "nanoclaw logs"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({ script: [{ text: "hello" }] });
      await gateway.start();
      await gateway.ask("hi");
      await gateway.stop("SIGKILL");
      const hourAgo = new Date(Date.now() - 60 * minute);
      await utimes(join(gateway.bench.state, "run/gateway.alive"), hourAgo, hourAgo);
      await gateway.start();
      return await waitForNotice(gateway, "default");
    },
  },
  setAside: {
    names: ["of the group family was set aside", "nanoclaw messages redrive 2"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({
        script: (request) =>
          JSON.stringify(request.body).includes("poison")
            ? { fault: { type: "silence" } }
            : { text: "hello" },
      });
      await gateway.bench.run(["groups", "add", "family"]);
      await gateway.start();
      await gateway.ask("hi");
      await gateway.post({ chat: "f", group: "family", text: "poison" });
      for (let death = 2; death <= 4; death++) {
        while (gateway.bench.requests.length < death) await Bun.sleep(5);
        await gateway.stop("SIGKILL");
        await gateway.start();
      }
      return await waitForNotice(gateway, "default");
    },
  },
  setAsideTogether: {
    names: ["2 messages of the group family, 6 the first of them", "nanoclaw messages redrive 6"],
    provoke: async () => {
      const taken = Promise.withResolvers<void>();
      await using gateway = await GatewayProgram.open({
        script: async (request) => {
          const words = JSON.stringify(request.body);
          if (words.includes("poison")) return { fault: { type: "silence" } };
          if (words.includes("sum this up")) await taken.promise;
          return { text: "hello" };
        },
      });
      await gateway.bench.run(["groups", "add", "family"]);
      await gateway.start();
      const inFamily = { chat: "f", group: "family" };
      await gateway.ask("hi");
      for (const text of ["one", "two", "three"]) await gateway.ask(text, inFamily);
      // Behind a summary nobody can tell what of it were the words of whom.
      await gateway.post({ ...inFamily, text: "/compact sum this up" });
      while (gateway.bench.requests.length < 5) await Bun.sleep(5);
      for (const text of ["poison", "more poison"]) await gateway.post({ ...inFamily, text });
      taken.resolve();
      for (let death = 6; death <= 8; death++) {
        while (gateway.bench.requests.length < death) await Bun.sleep(5);
        await gateway.stop("SIGKILL");
        await gateway.start();
      }
      return await waitForNotice(gateway, "default");
    },
  },
  channelDown: {
    names: ["The channel memory has been down since 12:00: nobody answers", "nanoclaw logs"],
    whyNot: "it takes ten minutes",
    provoke: told(async ({ platform, clock }) => {
      platform.isAway = true;
      platform.disconnect();
      await clock.advance(15 * minute);
      platform.isAway = false;
    }),
  },
  replyFailed: {
    names: ["A reply to memory f1 could not be delivered: no such chat", "nanoclaw why 2"],
    whyNot: "the channels there are refuse nothing",
    provoke: told(async ({ platform }) => {
      await platform.deliver({ chat: "f1", isPrivate: false, text: "@Andy hi" });
    }),
  },
  slept: {
    names: ["I was away from 12:00 to 18:01: this machine slept", "keep the machine awake"],
    whyNot: "a machine that tests does not sleep",
    provoke: told(async ({ bench, clock }) => {
      const path = join(bench.store.folder, "gateway.alive");
      await using _ = keepHeartbeat({
        path,
        bootId: "",
        ending: new AbortController().signal,
        clock,
        notices: bench.gateway.notices,
        log: silentLog,
      });
      await clock.advance(0);
      clock.jump(6 * 60 * minute);
      await clock.advance(minute);
    }),
  },
  configBroken: {
    names: ["The configuration has an error, and the one before stays in use", "nanoclaw config check"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({ script: () => ({ text: "ok" }) });
      await gateway.start();
      await gateway.ask("hi");
      await writeFile(join(gateway.bench.state, "config.json"), "{ broken");
      for (;;) {
        const notice = (await gateway.replies()).find(({ text }) => text.includes("configuration"));
        if (notice !== undefined) return notice.text;
        await Bun.sleep(5);
      }
    },
  },
  backupFailed: {
    names: ["The daily backup failed: no room for it", "nanoclaw backup --daily"],
    whyNot: "the first one is made a minute after the start",
    provoke: told(async ({ bench, clock }) => {
      const outcome = Promise.withResolvers<void>();
      await using _ = keepDailyBackups({
        program: ["sh", "-c", "echo no room for it >&2; exit 1", "sh"],
        environment: { PATH: "/usr/bin:/bin" },
        clock,
        log: silentLog,
        onOutcome: (each) => {
          tellBackup(bench.gateway, each);
          outcome.resolve();
        },
      });
      await clock.advance(minute);
      await outcome.promise;
    }),
  },
  taskPaused: {
    names: ["The task news is paused: it failed five times", "nanoclaw tasks list"],
    whyNot: "whatever pauses a task says why",
    provoke: () => toSaid(noticeWords.taskPaused({ task: "news", reason: "it failed five times" })),
  },
} satisfies Record<keyof Failures["notice"], Provocation>);

async function waitForNotice(gateway: GatewayProgram, chat: string): Promise<string> {
  for (;;) {
    const notice = (await gateway.replies(chat)).find(({ kind }) => kind === "notice");
    if (notice !== undefined) return notice.text;
    await Bun.sleep(10);
  }
}
