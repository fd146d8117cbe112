import type { AttackCase } from "../arena/attack-case.ts";
import { shell } from "../../fakes/program-bench.ts";
import { asBen, post, serve } from "./serving.ts";

export const resourceCases: readonly AttackCase[] = [
  {
    id: "RA-01",
    attack: "is a member who writes fifty messages in a row",
    seen: "the model is asked for as many as a minute has, and he is told once; the owner is answered meanwhile",
    prepare: (arena) => serve(arena, { limits: { personMessagesPerMinute: 5 } }),
    attempt: async (model, arena) => {
      model.answer({ text: "At eight." });
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => post(arena, { ...asBen(`dinner ${index}?`), wait: 0 })),
      );
      await post(arena, { text: "and I?" });
      const taken = arena.bench.query(
        "SELECT 1 FROM messages WHERE person_kind = 'member' AND state <> 'declined'",
      );
      return taken.length <= 5 ? undefined : `${taken.length} of them were taken on`;
    },
    twin: async (model, arena) => {
      model.answer({ text: "At nine." });
      const said = await post(arena, { text: "dinner?" });
      return said.includes("At nine.") ? undefined : `the owner was answered ${said}`;
    },
    switchOff: {
      without: "the limit of a minute",
      edits: [
        {
          file: "src/gateway/rate-limits.ts",
          from: "if (asking.isOwner) return undefined;",
          to: "if (asking.isOwner || reader !== undefined) return undefined;",
        },
      ],
    },
  },
  {
    id: "RA-02",
    attack: "calls tools without end",
    seen: "it is stopped at the steps of a turn and asked for its last word",
    prepare: async (arena) => {
      await arena.bench.configure({ limits: { steps: 5 } });
    },
    attempt: async (model) => {
      await model.waitForRequest();
      for (let step = 0; step < 9; step++) {
        if (model.context.some((text) => text.includes("No tool can be used now"))) return undefined;
        await model.call(shell(`echo ${step}`));
      }
      return "nine steps were taken";
    },
    twin: async () => undefined,
    switchOff: {
      without: "the look at the limits",
      edits: [
        {
          file: "src/agent/loop.ts",
          from: "if (reached !== undefined) {",
          to: "if (reached !== undefined && step < 0) {",
        },
        {
          file: "src/agent/loop.ts",
          from: "const isLast = reached !== undefined;",
          to: "const isLast = false;",
        },
      ],
    },
  },
];
