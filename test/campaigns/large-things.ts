import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { program, ProgramBench, shell } from "../fakes/program-bench.ts";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

export const name = "large-things";

/** The share of what a long-lived, hasty or careless person may bring. */
export const sizes = { smoke: 0.02, ci: 0.2, full: 1 };

export const isAlone = true;

const most = { entries: 5000, outputBytes: 10_000_000, pasteBytes: 2_000_000, tokens: 100_000 };

/**
 * How much more memory the large thing may take than the small one, beside a few copies of itself: garbage is collected in its own
 * time, and a model faster than we are fills the buffers of the connection.
 */
const slackMb = 80;

/** A key that is typed while the model speaks at full speed stands there before anybody wonders, on a busy machine too. */
const mostKeyMs = 250;

interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}

interface Judged {
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * A session of thousands of entries, a tool that prints megabytes, a pasted book and a model that speaks at full speed: each is served
 * whole, the terminal still takes keys, and memory is that of the small case and a few copies of the thing itself.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const things = { entries, "tool output": output, paste, "streamed tokens": stream };
  const figures: Record<string, number> = {};
  let [passed, failed] = [0, 0];
  for (const [thing, measureThing] of Object.entries(things)) {
    signal.throwIfAborted();
    const judged = await measureThing(size);
    for (const problem of judged.problems) progress(`FAILED ${thing}: ${problem}`);
    for (const [figure, value] of Object.entries(judged.figures)) figures[`${thing}: ${figure}`] = value;
    if (judged.problems.length === 0) passed++;
    else failed++;
    progress(`${thing}: ${JSON.stringify(judged.figures)}`);
  }
  return { passed, failed, figures };
}

async function entries(size: number): Promise<Judged> {
  const count = Math.round(most.entries * size);
  await using bench = await ProgramBench.open({ script: () => ({ text: "Here." }) });
  const small = await ask(bench, "first", "Here.");
  const text = "a few words that a person wrote, ".repeat(4);
  addEntries(join(bench.state, "nanoclaw.db"), count, text);
  const large = await ask(bench, "and now?", "Here.");
  const shown = bench.requests.at(-1)?.body["messages"];
  const messages = Array.isArray(shown) ? shown.length : 0;
  return judge(small, large, (count * text.length) / 1e6, {
    problems: messages < count ? [`the model was shown ${messages} of ${count}`] : [],
    figures: { entries: count },
  });
}

/** Turns that are long over, a question and an answer each, in the current session. */
function addEntries(file: string, count: number, text: string): void {
  using database = new Database(file);
  const add = database.prepare(
    "INSERT INTO entries (session_id, sequence, turn_id, kind, body, created_at) SELECT session_id, ?, turn_id, ?, ?, created_at FROM entries LIMIT 1",
  );
  database.transaction(() => {
    for (let index = 0; index < count; index++) {
      const role = index % 2 === 0 ? "user" : "assistant";
      const body = JSON.stringify({ role, content: [{ type: "text", text: `${index}: ${text}` }] });
      add.run(100 + index, role, body);
    }
  })();
}

async function output(size: number): Promise<Judged> {
  const bytes = Math.round(most.outputBytes * size);
  const printing = (count: number) => ({ calls: [shell(`head -c ${count} /dev/zero | tr '\\0' x`)] });
  await using bench = await ProgramBench.open({
    script: [printing(10), { text: "A little." }, printing(bytes), { text: "A lot." }],
  });
  const small = await ask(bench, "a little", "A little.");
  return judge(small, await ask(bench, "a lot", "A lot."), bytes / 1e6, { problems: [], figures: { bytes } });
}

async function paste(size: number): Promise<Judged> {
  const bytes = Math.round(most.pasteBytes * size);
  const pasting = async (text: string): Promise<Measured> => {
    await using bench = await ProgramBench.open({ script: () => ({ text: "Read." }) });
    return await atTerminal(bench, async (terminal) => {
      terminal.type(`\u001b[200~${text}\u001b[201~`);
      terminal.type("END");
      await terminal.waitFor("END");
      // Ctrl-C takes it away again, and the next line is sent.
      terminal.type("\u0003");
      await terminal.waitForPrompt();
      terminal.type("hello\r");
      await terminal.waitFor("Read.");
    });
  };
  const small = await pasting("a line");
  const large = await pasting("one line of a book\n".repeat(Math.ceil(bytes / 19)));
  return judge(small, large, bytes / 1e6, { problems: [], figures: { bytes } });
}

async function stream(size: number): Promise<Judged> {
  const tokens = Math.round(most.tokens * size);
  const speaking = async (count: number): Promise<Measured & { readonly keyMs: number }> => {
    const text = `${"word ".repeat(count)}THE-END`;
    await using bench = await ProgramBench.open({ script: () => ({ text, deltaSize: 5 }) });
    let keyMs = 0;
    const measured = await atTerminal(bench, async (terminal) => {
      terminal.type("speak\r");
      await terminal.waitFor("word");
      const typed = performance.now();
      terminal.type("key");
      await terminal.waitFor("you> key");
      keyMs = performance.now() - typed;
      const isSpeaking = !terminal.output.includes("THE-END");
      // Taken away again: nothing joins the turn.
      terminal.type("\u0015");
      if (isSpeaking) await terminal.waitFor("THE-END");
    });
    return { ...measured, keyMs };
  };
  const small = await speaking(10);
  const large = await speaking(tokens);
  const problems = large.keyMs > mostKeyMs ? [`a key was shown after ${Math.round(large.keyMs)} ms`] : [];
  const figures = { tokens, "key ms": Math.round(large.keyMs) };
  return judge(small, large, (tokens * 5) / 1e6, { problems, figures });
}

async function ask(bench: ProgramBench, text: string, answer: string): Promise<Measured> {
  return await atTerminal(bench, async (terminal) => {
    terminal.type(`${text}\r`);
    await terminal.waitFor(answer);
  });
}

async function atTerminal(
  bench: ProgramBench,
  act: (terminal: PseudoTerminal) => Promise<void>,
): Promise<Measured> {
  await using terminal = new PseudoTerminal([...program], {
    cwd: bench.home,
    env: bench.env,
    patienceMs: 120_000,
  });
  await terminal.waitForPrompt();
  const started = performance.now();
  await act(terminal);
  await terminal.waitForPrompt();
  const ms = performance.now() - started;
  const peakMb = await readPeakMb(terminal.process.pid);
  terminal.type("\u0004");
  await terminal.process.exited;
  return { ms, peakMb };
}

/** Of the program alone: what the kernel says at a process's end counts the memory of whoever started it, too. */
async function readPeakMb(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6;
}

/** A thing stands in memory a few times: as it came, as what is kept, as what is sent. */
function judge(small: Measured, large: Measured, megabytes: number, judged: Judged): Judged {
  const grownMb = large.peakMb - small.peakMb;
  const allowedMb = slackMb + 12 * megabytes;
  const isFlat = grownMb <= allowedMb;
  return {
    problems: [
      ...judged.problems,
      ...(isFlat
        ? []
        : [`it took ${grownMb.toFixed(0)} MB more than the small one, ${allowedMb.toFixed(0)} allowed`]),
    ],
    figures: {
      ...judged.figures,
      "small ms": Math.round(small.ms),
      "large ms": Math.round(large.ms),
      "small MB": Math.round(small.peakMb),
      "large MB": Math.round(large.peakMb),
    },
  };
}
