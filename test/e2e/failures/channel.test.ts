import type { Failures } from "../../../src/words/english/failures.ts";
import { FakeMailServer } from "../../fakes/mail/fake-mail-server.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations } from "../../fakes/provoke.ts";

/** What a command says where no channel is set up. */
function say(argv: readonly string[], stdin = ""): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    return (await bench.run(argv, { stdin })).err;
  };
}

testProvocations("channel", {
  unknown: {
    names: ['no channel "telegrm"; did you mean "telegram"?', "Known: "],
    provoke: say(["channels", "test", "telegrm"]),
  },
  nothingToSetUp: {
    names: ["The channel http needs no setting up", "nanoclaw config set channels.http.enabled false"],
    provoke: say(["channels", "add", "http"]),
  },
  notSetUp: {
    names: ["The channel telegram is not set up", "nanoclaw channels add telegram"],
    provoke: say(["channels", "login", "telegram"]),
  },
  noToken: {
    names: ["Nobody sits here", "nanoclaw channels add telegram --token-stdin"],
    provoke: say(["channels", "add", "telegram"]),
  },
  knowsNobody: {
    names: ["email has no code", "nanoclaw channels add telegram"],
    provoke: async () => {
      await using server = new FakeMailServer();
      const email = { ...server.config, imapPassword: server.password };
      await using bench = await ProgramBench.open({ config: { channels: { email } } });
      return (await bench.run(["channels", "login", "email"])).err;
    },
  },
} satisfies Record<keyof Failures["channel"], Provocation>);
