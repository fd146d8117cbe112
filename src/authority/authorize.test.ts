import { expect, test } from "bun:test";
import { actions, type Action, type ActionObject } from "./actions.ts";
import { createAgentActor, createTerminalOwner, type Actor, type ActorKind } from "./actor.ts";
import { authorize } from "./authorize.ts";
import { clean, type Taint } from "./taint.ts";

type Place = "same" | "other" | "missing";

const places: readonly Place[] = ["same", "other", "missing"];
const tainted: Taint = { sawUntrusted: true, readPrivate: true };

/**
 * Written out by hand, apart from the table: for each action, where the owner, a member and an agent of a known person
 * are allowed. Everything else is denied. A new action without a line here fails to compile and to pass.
 */
const everywhere = { owner: places, member: [], agent: [] } as const;
const nowhere = { owner: [], member: [], agent: [] } as const;
const inNamedGroup = { owner: ["same", "other"], member: [], agent: [] } as const;
const talkInTheGroup = { owner: ["same", "other"], member: ["same"], agent: [] } as const;
/** An agent's only in main: see below. */
const administration = inNamedGroup;
const handsOfTheGroup = { owner: ["same", "other"], member: [], agent: ["same"] } as const;
/** By what a stranger may have asked for, the owner is asked. */
const governing: ReadonlySet<Action> = new Set([
  "task.elsewhere",
  "memory.forget",
  "groups.add",
  "group.rename",
  "group.set",
  "chat.bind",
  "chat.unbind",
  "chat.say-elsewhere",
  "web.search",
  "web.fetch",
]);
/** By which everything that follows is told something: the owner is always asked. */
const instructing: ReadonlySet<Action> = new Set([
  "memory.instruct",
  "group.instruct",
  "instructions.everywhere",
]);
const expected: Record<Action, Readonly<Record<"owner" | "member" | "agent", readonly Place[]>>> = {
  "message.write": talkInTheGroup,
  "chat.bind": administration,
  "chat.settle": talkInTheGroup,
  "chat.read": everywhere,
  "chat.write": everywhere,
  "chat.help": talkInTheGroup,
  "chat.identify": talkInTheGroup,
  "chat.status": talkInTheGroup,
  "messages.list": everywhere,
  "messages.redrive": everywhere,
  "gateway.serve": everywhere,
  "gateway.read": everywhere,
  "control.call": everywhere,
  "turn.start": talkInTheGroup,
  "turn.stop": talkInTheGroup,
  "turn.join": talkInTheGroup,
  "turn.replace": inNamedGroup,
  "session.new": inNamedGroup,
  "session.list": inNamedGroup,
  "session.read": inNamedGroup,
  "session.resume": inNamedGroup,
  "session.name": inNamedGroup,
  "session.compact": inNamedGroup,
  "usage.read": inNamedGroup,
  "tools.list": inNamedGroup,
  "folder.share": inNamedGroup,
  "mounts.list": everywhere,
  "mounts.change": inNamedGroup,
  "model.choose": inNamedGroup,
  "models.list": everywhere,
  "people.list": everywhere,
  "people.change": everywhere,
  "people.pair": everywhere,
  // Without a live code; with one: below.
  "people.redeem": nowhere,
  "groups.list": everywhere,
  "groups.add": everywhere,
  "group.rename": administration,
  "group.remove": administration,
  "group.set": handsOfTheGroup,
  "chat.unbind": administration,
  "chats.list": everywhere,
  "chat.say": handsOfTheGroup,
  "chat.say-elsewhere": handsOfTheGroup,
  "diagnosis.read": everywhere,
  "config.read": everywhere,
  "config.write": everywhere,
  "secret.write": everywhere,
  "status.read": everywhere,
  "audit.read": everywhere,
  "sandbox.probe": everywhere,
  "plugins.list": everywhere,
  "plugins.change": everywhere,
  "backup.make": everywhere,
  "backup.restore": everywhere,
  "service.change": everywhere,
  "files.read": handsOfTheGroup,
  "files.write": handsOfTheGroup,
  "files.restore": inNamedGroup,
  "files.receive": { owner: ["same", "other"], member: ["same"], agent: [] },
  "command.run": handsOfTheGroup,
  "job.control": handsOfTheGroup,
  "mail.search": handsOfTheGroup,
  "mail.read": handsOfTheGroup,
  "web.search": handsOfTheGroup,
  "web.read": handsOfTheGroup,
  "web.fetch": handsOfTheGroup,
  "memory.read": handsOfTheGroup,
  "memory.write": handsOfTheGroup,
  "memory.instruct": handsOfTheGroup,
  "group.instruct": handsOfTheGroup,
  "instructions.everywhere": everywhere,
  "memory.forget": handsOfTheGroup,
  "memory.review": inNamedGroup,
  "task.list": handsOfTheGroup,
  "task.add": handsOfTheGroup,
  "task.change": handsOfTheGroup,
  "task.elsewhere": handsOfTheGroup,
  "task.grant": handsOfTheGroup,
  // Of a host that the owner listed as one to read from.
  "egress.connect": handsOfTheGroup,
  "egress.read": inNamedGroup,
  "egress.change": inNamedGroup,
  "approval.read": everywhere,
  "approval.decide": inNamedGroup,
  "policy.read": inNamedGroup,
  "policy.change": inNamedGroup,
  "taint.clear": inNamedGroup,
  "secret.list": everywhere,
  "secret.grant": inNamedGroup,
  "secret.use": handsOfTheGroup,
  "secret.send": { owner: [], member: [], agent: [] },
};

const owner = createTerminalOwner(1000, "family");
const actors: Readonly<
  Record<string, { readonly actor: Actor; readonly as: "owner" | "member" | "agent" | "nobody" }>
> = {
  owner: { actor: owner, as: "owner" },
  "agent for the owner": { actor: createAgentActor(owner, "family"), as: "agent" },
  "agent for a member": {
    actor: createAgentActor({ ...owner, kind: "member", via: "telegram:default" }, "family"),
    as: "agent",
  },
  "agent of an agent": {
    actor: createAgentActor(createAgentActor(owner, "family"), "family"),
    as: "agent",
  },
  "agent for a stranger": {
    actor: createAgentActor({ ...owner, kind: "stranger" }, "family"),
    as: "nobody",
  },
  "agent for nobody": {
    actor: { kind: "agent", via: "terminal", id: "1000", group: "family" },
    as: "nobody",
  },
  member: { actor: { ...owner, kind: "member" }, as: "member" },
  "owner on a channel that proves who sends": {
    actor: { ...owner, via: "http:default", isProven: true },
    as: "owner",
  },
  "owner on a channel that does not": {
    actor: { ...owner, via: "http:default", isProven: false },
    as: "nobody",
  },
  "owner by a mail that claims to be proven": {
    actor: { ...owner, via: "email:default", isProven: true },
    as: "nobody",
  },
  stranger: { actor: { ...owner, kind: "stranger" }, as: "nobody" },
  "owner by mail": { actor: { ...owner, via: "email:default" }, as: "nobody" },
};

const cases = actions.flatMap((action) =>
  Object.keys(actors).flatMap((name) => places.map((place) => ({ action, name, place }))),
);

test("the expected matrix has a line for every action and no other", () => {
  expect(Object.keys(expected).toSorted()).toEqual([...actions].toSorted());
});

test.each(cases)("$name, $action, $place group", ({ action, name, place }) => {
  const known = actors[name] as (typeof actors)[string];
  const isAllowed = known.as !== "nobody" && expected[action][known.as].includes(place);
  for (const taint of [clean, tainted]) {
    const decision = authorize(known.actor, action, toObject(place), taint);
    const isAlways = instructing.has(action) || action === "task.grant";
    const waits = isAlways || (taint !== clean && governing.has(action));
    const isAsked = isAllowed && known.as === "agent" && waits;
    const isRefused = known.actor.behalf === "member" && ownersWord.includes(action);
    expect(decision.verdict).toBe(isRefused || !isAllowed ? "deny" : isAsked ? "ask" : "allow");
    expect(decision.rule).toMatch(/^[a-z.-]+\/[a-z]+=(any|main|admin|own|no)$|^[a-z]+(-[a-z]+)+$/);
    if (decision.verdict !== "allow") expect(decision.reason).toEndWith(".");
  }
});

const ownersWord: readonly Action[] = [
  "groups.add",
  "group.rename",
  "group.set",
  "group.instruct",
  "instructions.everywhere",
  "chat.bind",
  "chat.unbind",
  "groups.list",
  "group.remove",
  "chats.list",
  "diagnosis.read",
  "task.elsewhere",
];

test.each([...ownersWord, "chat.say-elsewhere"] as const)(
  "main's agent and %s: by the owner's word, with a yes where a stranger may have asked, and never for a member",
  (action) => {
    const main = createTerminalOwner(1000, "main");
    const object = { group: "family", name: "x" };
    const agent = createAgentActor(main, "main");
    const isLasting = action === "group.remove" || instructing.has(action);
    const isGoverning = isLasting || governing.has(action);
    expect(authorize(agent, action, object, clean).verdict).toBe(isLasting ? "ask" : "allow");
    expect(authorize(agent, action, object, tainted).verdict).toBe(isGoverning ? "ask" : "allow");
    const forMember = createAgentActor({ ...main, kind: "member", via: "telegram:default" }, "main");
    const isRefused = ownersWord.includes(action);
    expect(authorize(forMember, action, object, clean).verdict).toBe(isRefused ? "deny" : "allow");
    // No other group's agent reaches beyond its own group.
    const other = createAgentActor(createTerminalOwner(1000, "work"), "work");
    expect(authorize(other, action, object, clean).verdict).toBe("deny");
  },
);

/** What main's agent does to all groups and to the whole installation. */
const ofMain: readonly Action[] = [...ownersWord, "chat.say-elsewhere"];

test("the agent of main reaches the tasks of every group, any other's only its own", () => {
  const object = { group: "work", name: "thing" };
  for (const action of ["task.list", "task.elsewhere"] as const) {
    const ask = (group: string) => authorize(createAgentActor(owner, group), action, object, clean).verdict;
    expect([ask("main"), ask("family"), ask("Main")]).toEqual(["allow", "deny", "deny"]);
  }
  for (const action of ["task.add", "task.change"] as const) {
    expect(authorize(createAgentActor(owner, "main"), action, object, clean).verdict).toBe("deny");
  }
});

test("an actor without a group does nothing that belongs to one, but for the owner", () => {
  const agent: Actor = { kind: "agent", via: "terminal", id: "1", behalf: "owner" };
  expect(authorize(agent, "files.read", { group: "family", name: "x" }, clean)).toMatchObject({
    verdict: "deny",
    rule: "missing-group",
  });
  expect(authorize({ ...agent, group: "" }, "files.read", { group: "", name: "x" }, clean)).toMatchObject({
    verdict: "deny",
    rule: "missing-group",
  });
  const groupless = createTerminalOwner(1000);
  expect(authorize(groupless, "turn.start", { group: "family", name: "turn" }, clean).verdict).toBe("allow");
});

test.each([
  ["files.READ", "unknown-action"],
  ["", "unknown-action"],
  ["__proto__", "unknown-action"],
  ["constructor", "unknown-action"],
  ["toString", "unknown-action"],
])("the action %j is denied", (action, rule) => {
  expect(authorize(owner, action as Action, toObject("same"), clean)).toMatchObject({
    verdict: "deny",
    rule,
  });
});

test.each(["root", "", "in", "__proto__", "constructor", "Owner"])(
  "an actor of kind %j is denied",
  (kind) => {
    const decision = authorize({ ...owner, kind: kind as ActorKind }, "status.read", { name: "x" }, clean);
    expect(decision).toMatchObject({ verdict: "deny", rule: "unknown-actor" });
  },
);

test("whatever is asked, only the table's own rows allow, and no question makes it throw", () => {
  const words = ["owner", "agent", "member", "terminal", "family", "Family", "work", "main", "", "x", "own"];
  const pick = createPicker(20_260_131, [...words, ...actions, undefined, null, 0, {}]);
  for (let round = 0; round < 20_000; round++) {
    const actor = { kind: pick(), via: pick(), id: pick(), group: pick(), behalf: pick() };
    const [action, group] = [pick(), pick()];
    const decision = authorize(
      actor as unknown as Actor,
      action as Action,
      { group, name: "x" } as { group: string; name: string },
      clean,
    );
    if (decision.verdict !== "allow") continue;
    const isOwner = actor.kind === "owner" && actor.via === "terminal";
    const isHand = actor.kind === "agent" && ["owner", "member"].includes(String(actor.behalf));
    const isOfGroup = isHand || actor.kind === "member";
    const isMains = isHand && actor.group === "main" && ofMain.includes(action as Action);
    expect(isOwner || isMains || (isOfGroup && actor.group === group && group !== "")).toBe(true);
    expect(actions).toContain(action as Action);
  }
});

test("a host that is not listed is refused to everyone, and so is one of which nothing is known", () => {
  const agent = createAgentActor(owner, "family");
  for (const actor of [owner, agent]) {
    for (const egress of [{}, { egress: { isListed: false, isRead: true } }]) {
      const object = { group: "family", name: "CONNECT example.com:443", ...egress };
      expect(authorize(actor, "egress.connect", object, clean)).toMatchObject({
        verdict: "deny",
        rule: "egress-not-listed",
      });
    }
  }
});

test("who has seen strangers' words and private data sends nothing to a listed host, but may read where reading is listed", () => {
  const agent = createAgentActor(owner, "family");
  const ask = (taint: Taint, isRead: boolean) =>
    authorize(
      agent,
      "egress.connect",
      { group: "family", name: "POST example.com:80/", egress: { isListed: true, isRead } },
      taint,
    ).verdict;
  expect(ask(clean, false)).toBe("allow");
  expect(ask({ sawUntrusted: true, readPrivate: false }, false)).toBe("allow");
  expect(ask({ sawUntrusted: false, readPrivate: true }, false)).toBe("allow");
  expect(ask(tainted, false)).toBe("ask");
  expect(ask(tainted, true)).toBe("allow");
});

test("a code counts for whoever sends it, in private and where the sender is proven, and for no agent", () => {
  const live = { isLive: true, isPrivate: true };
  const ask = (actor: Actor, pairing = live) =>
    authorize(actor, "people.redeem", { name: "owner", pairing }, tainted).rule;
  const stranger: Actor = { kind: "stranger", via: "telegram:default", id: "17", isProven: true };
  expect(ask(stranger)).toBe("people.redeem/stranger=any");
  expect(ask({ ...stranger, kind: "member", group: "family" })).toBe("people.redeem/member=any");
  expect(ask(stranger, { ...live, isLive: false })).toBe("pairing-no-code");
  expect(ask(stranger, { ...live, isPrivate: false })).toBe("pairing-not-private");
  expect(ask({ ...stranger, isProven: false })).toBe("pairing-not-proven");
  expect(ask({ ...stranger, via: "email:default" })).toBe("pairing-not-proven");
  expect(ask(createAgentActor(owner, "family"))).toBe("people.redeem/agent=no");
});

function toObject(place: Place): ActionObject {
  const thing = { name: "thing", egress: { isListed: true, isRead: true } };
  return place === "missing" ? thing : { ...thing, group: place === "same" ? "family" : "work" };
}

/** The same picks on every run. */
function createPicker(seed: number, values: readonly unknown[]): () => unknown {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return values[(state >>> 8) % values.length];
  };
}
