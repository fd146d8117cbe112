import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { explain } from "../../../src/errors.ts";
import { ControlClient } from "../../../src/control/control-client.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { gatewayWords } from "../../../src/words/english/gateway.ts";
import { GatewayProgram } from "../../fakes/gateway-program.ts";
import { program, ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** What a command says on a machine with this configuration. */
function say(argv: readonly string[], config: Readonly<Record<string, unknown>> = {}): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({ config });
    return (await bench.run(argv)).err;
  };
}

/** What `agent -m` says when something else than a gateway stands at its socket. */
function attachedTo(greeting: string): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open();
    await mkdir(bench.state, { recursive: true });
    const impostor = Bun.listen({
      unix: join(bench.state, "gateway.sock"),
      socket: {
        open: (socket) => void socket.write(`${greeting}\n`),
        data: (socket) => void socket.end(),
      },
    });
    try {
      return (await bench.ask("hi")).err;
    } finally {
      impostor.stop(true);
    }
  };
}

testProvocations("gateway", {
  runsAlready: {
    names: ["A gateway serves", "already (process", "kill "],
    provoke: async () => {
      await using first = await GatewayProgram.open();
      await first.start();
      return (await first.bench.run(["gateway"])).err;
    },
  },
  portTaken: {
    names: ["of 127.0.0.1 is taken by another program", "gateway.port"],
    provoke: async () => {
      const other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
      try {
        return await say(["gateway"], { gateway: { port: other.port } })();
      } finally {
        other.stop(true);
      }
    },
  },
  cannotListen: {
    names: ["192.0.2.1:18790 is no address", "gateway.host"],
    provoke: say(["gateway"], { gateway: { host: "192.0.2.1" } }),
  },
  noMessage: { names: ["no message 99", "nanoclaw messages list"], provoke: say(["why", "99"]) },
  notSetAside: {
    names: ["Message 1 was not set aside: it is answered", "nanoclaw messages dead"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({ script: [{ text: "hello" }] });
      await gateway.start();
      await gateway.ask("hi");
      return (await gateway.bench.run(["messages", "redrive", "1"])).err;
    },
  },
  lost: {
    names: ["The gateway has gone away", "nanoclaw gateway"],
    provoke: attachedTo('{"type":"hello","version":1,"pid":1}'),
  },
  silent: {
    names: ["The gateway that runs does not answer", "nanoclaw doctor"],
    whyNot: "nobody waits five seconds here for a program that hangs",
    provoke: async () => {
      await using bench = await ProgramBench.open();
      const path = join(bench.state, "gateway.sock");
      const listener = Bun.listen({ unix: path, socket: { data: () => {} } });
      try {
        await ControlClient.connect(path, () => {}, 50);
        return "it connected";
      } catch (error) {
        const { message, hint } = explain(error);
        return `${message}\n${hint}`;
      } finally {
        listener.stop(true);
      }
    },
  },
  endedInTurn: {
    names: ["The gateway ended in the middle of the answer", "/retry"],
    provoke: async () => {
      await using gateway = await GatewayProgram.open({ script: () => ({ fault: { type: "silence" } }) });
      await gateway.start();
      const { bench } = gateway;
      await using terminal = new PseudoTerminal([...program], { cwd: bench.home, env: bench.env });
      await terminal.waitForPrompt();
      terminal.type("wait\r");
      while (bench.requests.length === 0) await Bun.sleep(5);
      await gateway.stop("SIGKILL");
      await terminal.waitFor("/retry");
      return terminal.screen;
    },
  },
  stoppedInTurn: {
    names: ["The gateway was stopped, and the answer had not ended six seconds later", "/retry"],
    whyNot: "nobody waits six seconds here; the tests of the gateway do",
    provoke: () => toSaid(gatewayWords.stoppedInTurn()),
  },
  otherVersion: {
    names: ["speaks version 99", "Start the gateway again"],
    provoke: attachedTo('{"type":"hello","version":99,"pid":1}'),
  },
} satisfies Record<keyof Failures["gateway"], Provocation>);
