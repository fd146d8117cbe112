import { describe, expect, test } from "bun:test";
import { levelNames } from "../store/group-level.ts";
import { actions, type Action, type ActionObject } from "./actions.ts";
import { createAgentActor, createTerminalOwner, type Actor } from "./actor.ts";
import { authorize } from "./authorize.ts";
import { explainDecision } from "../approvals/explain-decision.ts";
import type { Taint } from "./taint.ts";

const owner = createTerminalOwner(1000, "family");
const agent = createAgentActor(owner, "family");
const taints: readonly Taint[] = [false, true].flatMap((sawUntrusted) =>
  [false, true].map((readPrivate) => ({ sawUntrusted, readPrivate })),
);
const actors: readonly Actor[] = [
  owner,
  agent,
  { ...owner, kind: "member", via: "telegram:default" },
  { ...owner, kind: "stranger", via: "telegram:default" },
  createAgentActor({ ...owner, kind: "member", via: "telegram:default" }, "family"),
];
const egresses = [
  undefined,
  ...[false, true].flatMap((isListed) => [false, true].map((isRead) => ({ isListed, isRead }))),
];
const consent = { by: "approval", id: 1 } as const;

/** Everything that can be asked, with each thing that the answer could depend on. */
function* questions() {
  for (const action of actions)
    for (const actor of actors)
      for (const group of ["family", "work"])
        for (const egress of egresses)
          for (const taint of taints)
            for (const level of levelNames) {
              const object: ActionObject = { group, name: "x", ...(egress === undefined ? {} : { egress }) };
              yield { action, actor, object, taint, level };
            }
}

/** Written by hand, apart from the table: what an assistant's action waits for, by level. */
function expectQuestion(action: Action, level: string, { sawUntrusted, readPrivate }: Taint): boolean {
  if (["files.write", "command.run", "task.add", "task.change"].includes(action)) return level === "locked";
  if (["egress.connect", "secret.use", "web.search", "web.fetch"].includes(action)) {
    return level === "locked" || (level === "careful" && sawUntrusted && readPrivate);
  }
  if (action === "group.remove" || action === "task.grant") return true;
  if (["memory.instruct", "group.instruct", "instructions.everywhere"].includes(action)) {
    return level !== "trusted" || sawUntrusted;
  }
  const governs = governing.includes(action);
  return governs && (level === "locked" || sawUntrusted);
}

const governing: readonly Action[] = [
  ...(["groups.add", "group.rename", "group.set", "chat.bind", "chat.unbind", "chat.say-elsewhere"] as const),
  ...(["memory.forget", "task.elsewhere"] as const),
];

describe("the table of levels", () => {
  test("says for every action, level and taint whether an assistant waits for the owner", () => {
    for (const { action, actor, object, taint, level } of questions()) {
      if (actor !== agent || object.group !== "family") continue;
      const { egress } = object;
      const isOutside = action === "egress.connect" || action === "secret.use";
      const { verdict } = authorize(actor, action, object, taint, level);
      const right = authorize(actor, action, { ...object, consent }, taint, level).verdict;
      if (right === "deny") {
        expect(verdict).toBe("deny");
        continue;
      }
      if (isOutside && egress?.isRead === true) expect(verdict).toBe("allow");
      else
        expect([action, level, taint, verdict]).toEqual([
          action,
          level,
          taint,
          expectQuestion(action, level, taint) ? "ask" : "allow",
        ]);
    }
  });

  test("a level that nobody knows is the strictest", () => {
    const object = { group: "family", name: "x" };
    const clean = { sawUntrusted: false, readPrivate: false };
    for (const level of ["", "open", "__proto__", "constructor"]) {
      expect(authorize(agent, "command.run", object, clean, level as never).verdict).toBe("ask");
    }
  });
});

describe("for everything that can be asked", () => {
  test("no consent makes a right, more taint never allows more, and a stricter level neither", () => {
    const rank = { deny: 0, ask: 1, allow: 2 } as const;
    for (const { action, actor, object, taint, level } of questions()) {
      const { verdict } = authorize(actor, action, object, taint, level);
      const agreed = authorize(actor, action, { ...object, consent }, taint, level).verdict;
      expect(agreed).toBe(verdict === "ask" ? "allow" : verdict);
      for (const more of taints) {
        if (rank[authorize(actor, action, object, more, level).verdict] <= rank[verdict]) continue;
        const hasAll = (more.sawUntrusted || !taint.sawUntrusted) && (more.readPrivate || !taint.readPrivate);
        expect(hasAll).toBe(false);
      }
      const stricter = levelNames[levelNames.indexOf(level) - 1];
      if (stricter === undefined) continue;
      expect(rank[authorize(actor, action, object, taint, stricter).verdict]).toBeLessThanOrEqual(
        rank[verdict],
      );
    }
  });

  test("no rule hangs on an order: names of actors, actions and facts turned about give the same answer", () => {
    const reverse = <T extends object>(value: T): T =>
      Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, each]) => [
            key,
            typeof each === "object" && each !== null ? reverse(each as object) : each,
          ]),
      ) as T;
    for (const { action, actor, object, taint, level } of questions()) {
      const again = authorize(reverse(actor), action, reverse(object), reverse(taint), level);
      expect(again).toEqual(authorize(actor, action, object, taint, level));
    }
  });

  test("the rule that is named is the same for the same facts, and says which question it was", () => {
    const rules = new Map<string, Set<string>>();
    for (const { action, actor, object, taint, level } of questions()) {
      const { verdict, rule } = authorize(actor, action, object, taint, level);
      rules.set(rule, (rules.get(rule) ?? new Set()).add(verdict));
    }
    for (const [rule, verdicts] of rules) expect([rule, verdicts.size]).toEqual([rule, 1]);
    const known = ["change-locked", "egress-listed", "egress-not-listed", "egress-read", "egress-tainted"];
    expect([...rules.keys()]).toEqual(
      expect.arrayContaining([...known, "govern-locked", "governing-tainted", "other-group", "send-locked"]),
    );
  });
});

test("an explanation names each thing that alone would change the answer, and no other", () => {
  const now = {
    actor: agent,
    action: "egress.connect",
    object: { group: "family", name: "x", egress: { isListed: true, isRead: false } },
    taint: { sawUntrusted: true, readPrivate: true },
    level: "careful",
  } as const;
  const { decision, changes } = explainDecision(now);
  expect(decision).toMatchObject({ verdict: "ask", rule: "egress-tainted" });
  expect(changes.map(({ what, decision: then }) => [what, then.verdict])).toEqual([
    ["the level trusted", "allow"],
    ["the owner's yes to it", "allow"],
    ["no words of strangers in what was seen", "allow"],
    ["no private data in what was seen", "allow"],
    ["the host on the list as one to read from", "allow"],
  ]);
  for (const { action, actor, object, taint, level } of questions()) {
    const explained = explainDecision({ actor, action, object, taint, level });
    for (const change of explained.changes)
      expect(change.decision.verdict).not.toBe(explained.decision.verdict);
  }
});
