import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GroupMemory } from "../../src/memory/group-memory.ts";
import { appendEntries, type NewEntry } from "../../src/store/entries.ts";
import { getGroup } from "../../src/store/groups.ts";
import { startSession } from "../../src/store/sessions.ts";
import { createChoice, quantile } from "../fakes/random.ts";
import { openTemporaryStore } from "../fakes/temporary-store.ts";

export const name = "recall";

/** Entries of the group's history. */
export const sizes = { smoke: 3_000, ci: 20_000, full: 100_000 };

export const isAlone = true;

/** What was said once, and how somebody asks for it later, in other words and another order. */
const labelled: readonly (readonly [said: string, asked: string])[] = [
  ["Anna is allergic to peanuts and to bee stings.", "peanuts allergy Anna allergic"],
  ["The passport number ends with 4471 and expires in March 2031.", "when does the passport expire"],
  ["Our plumber is called Giovanni Russo, phone 0171 555 23.", "plumber phone number"],
  ["The spare key hangs behind the blue boiler.", "where is the spare key"],
  ["Project Nightjar ships on the fourteenth of October.", "Nightjar ship date"],
  ["Tom's violin lesson moved to Thursday at half past four.", "violin lesson Tom"],
  ["The Wi-Fi in the cabin is called Fuchsbau and has no password.", "cabin wifi Fuchsbau"],
  ["We decided against the mortgage from Sparrow Bank because of its fees.", "why not the Sparrow mortgage"],
  ["Der Umzug in die Müllerstraße ist am dritten Mai.", "Umzug Müllerstraße wann"],
  ["Oma nimmt ihre Blutdrucktabletten morgens um sieben.", "Blutdrucktabletten Oma"],
  ["Die Heizung wird im November von der Firma Kessler gewartet.", "Heizung Kessler Wartung"],
  ["Das Geschenk für Jonas ist ein Fernrohr, es bleibt geheim.", "Geschenk Jonas Fernrohr"],
  ["Der Schlüssel zum Gartenhaus liegt unter dem Lavendeltopf.", "Gartenhaus Schlüssel"],
  ["Im Restaurant Ölmühle haben wir für acht Personen reserviert.", "olmuhle reserviert"],
  ["Die Steuererklärung muss bis Ende Juli beim Finanzamt sein.", "Steuererklärung Finanzamt Frist"],
  ["Leas Klassenfahrt kostet zweihundertvierzig Euro.", "Klassenfahrt Lea Kosten"],
  ["项目预算最终定为三万两千元。", "项目预算"],
  ["妈妈对青霉素过敏,看病时要说明。", "青霉素过敏"],
  ["下周二上午十点在静安分公司开会。", "静安分公司 开会"],
  ["爷爷的生日是农历八月十五。", "爷爷生日"],
  ["护照放在书房第二个抽屉里。", "护照 抽屉"],
  ["小明的钢琴老师姓欧阳,住在虹口。", "钢琴老师 欧阳"],
  ["燃气公司的客户号是七七一二零四。", "燃气 客户号"],
  ["我们决定不买那辆蓝色的二手车。", "蓝色 二手车"],
];

const fillers: readonly string[] = [
  "the a to of and in it we you that for on with this can please what when how about today tomorrow week meeting report mail file number house car food work school weather time money doctor train ticket city plan list check send write open read new old good next last send again later morning evening night",
  "der die das und ist nicht wir ich du es mit auf für von zu im am wann wie was heute morgen Woche Termin Bericht Datei Nummer Haus Auto Essen Arbeit Schule Wetter Zeit Geld Arzt Zug Karte Stadt Plan Liste prüfen senden schreiben lesen neu alt gut nächste letzte wieder später Abend Nacht bitte",
  "我们 今天 明天 什么 时候 怎么 可以 工作 学校 天气 时间 医生 火车 城市 计划 列表 检查 发送 文件 报告 邮件 晚上 早上 星期 新的 好的 请 再 下次 上次 家里 吃饭 电话 电脑 手机 朋友 公司 会议 超市 地铁",
];

/**
 * A long history in three languages, with some things that were said once in it: each is asked for in other words, and
 * must be among the five best; no search may take long, also the first after much was said.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const choose = createChoice(seed);
  await using store = await openTemporaryStore();
  const main = await getGroup(store.database, "main");
  const places = new Map(
    labelled.map(([said], index) => [Math.floor((index + 0.5) * (size / labelled.length)), said]),
  );
  for (let from = 0; from < size; from += 1000) {
    signal.throwIfAborted();
    await store.database.transaction(async (tx) => {
      const session = await startSession(tx, main.id, from);
      const entries = Array.from({ length: Math.min(1000, size - from) }, (_, n) =>
        toEntry(places.get(from + n) ?? toFiller(choose), n % 2 === 0),
      );
      await appendEntries(tx, entries, { session: session.id, now: from });
    });
  }
  const memory = new GroupMemory(store, main, { now: () => size });
  const indexing = performance.now();
  await memory.catchUp(signal);
  const indexedMs = performance.now() - indexing;
  const times: number[] = [];
  const missed: string[] = [];
  for (let round = 0; round < 5; round++) {
    for (const [said, asked] of labelled) {
      const began = performance.now();
      const found = await memory.recall(asked, 5, signal);
      times.push(performance.now() - began);
      if (round === 0 && !found.some(({ text }) => text === said)) missed.push(asked);
    }
  }
  const p95 = quantile(times, 0.95);
  const problems = [
    ...missed.map((asked) => `not among the five best: ${asked}`),
    ...(p95 <= 30 ? [] : [`p95 is ${p95.toFixed(1)} ms of 30`]),
  ];
  for (const problem of problems) progress(`FAILED: ${problem}`);
  return {
    passed: labelled.length - missed.length,
    failed: problems.length,
    figures: {
      entries: size,
      "asked for": labelled.length,
      "among the five best": labelled.length - missed.length,
      "search p50 ms": Math.round(quantile(times, 0.5) * 10) / 10,
      "search p95 ms": Math.round(p95 * 10) / 10,
      "indexing, entries per second": Math.round((size / indexedMs) * 1000),
    },
  };
}

function toFiller(choose: (below: number) => number): string {
  const words = (fillers[choose(fillers.length)] ?? "").split(" ");
  // Some words are said far more often than others.
  const pick = (): string => words[Math.floor(words.length * (choose(1000) / 1000) ** 2)] ?? "";
  return Array.from({ length: 5 + choose(30) }, pick).join(" ");
}

function toEntry(text: string, isPerson: boolean): NewEntry {
  const content = [{ type: "text", text } as const];
  return isPerson
    ? { kind: "user", message: { role: "user", content }, taint: 0 }
    : { kind: "assistant", message: { role: "assistant", content }, taint: 0 };
}
