import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toSvg } from "./ansi-to-svg.ts";

const [columns, rows] = [120, 36];

/** What the model says in the picture; the tools and the sandbox are the real ones. */
const script = [
  {
    text: "Let me look.",
    calls: [{ name: "shell", arguments: { command: "cd extra/trip && ls -l && cat budget.md" } }],
  },
  { calls: [{ name: "read_file", arguments: { path: "/workspace/extra/trip/plan.md" } }] },
  {
    text: [
      "Two files: a **plan** for three days in Rome, and the `budget`.",
      "",
      "| day | what | costs |",
      "|---|---|--:|",
      "| Friday | Forum, Palatine | 18 € |",
      "| Saturday | Vatican museums | 25 € |",
      "| Sunday | Villa Borghese | 0 € |",
      "",
      "- Nothing is booked yet for *Saturday*.",
      "- `budget.md` says 60 €, the plan needs **43 €**.",
    ].join("\n"),
  },
];

/** Drives the program in a real terminal (tmux) and draws what stands there in the end. */
async function main(root: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-picture-"));
  const socket = `picture-${process.pid}`;
  const tmux = async (...words: string[]): Promise<string> => {
    const child = Bun.spawn(["tmux", "-L", socket, "-f", "/dev/null", ...words], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const [text, code] = await Promise.all([child.stdout.text(), child.exited]);
    if (code !== 0) throw new Error(`tmux ${words[0]} ended with ${code}`);
    return text;
  };
  try {
    const trip = await prepare(folder);
    const env = {
      HOME: folder,
      NANOCLAW_HOME: join(folder, "data"),
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
    };
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const program = [process.execPath, "--no-env-file", "--config=/dev/null", join(root, "src/main.ts")];
    await tmux(
      ...["new-session", "-d", "-x", String(columns), "-y", String(rows), "-c", trip],
      ...["env", ...settings, ...program],
    );
    await waitFor("[n]o", tmux);
    await tmux("send-keys", "r");
    await waitFor("you>", tmux);
    await tmux("send-keys", "-l", "what is in this folder?");
    await tmux("send-keys", "Enter");
    await waitFor("43 €", tmux);
    const screen = await tmux("capture-pane", "-e", "-p");
    const said = screen
      .replaceAll(join(folder, "script.json"), "a scripted model")
      .replaceAll(folder, "/home/anna");
    await Bun.write(
      join(root, "docs/prompt.svg"),
      toSvg(said, { columns: 80, title: "A question at the prompt" }),
    );
  } finally {
    await tmux("kill-server").catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(folder: string): Promise<string> {
  await chmod(folder, 0o755);
  const trip = join(folder, "trip");
  await mkdir(trip);
  await mkdir(join(folder, "data"), { mode: 0o700 });
  await Bun.write(
    join(trip, "plan.md"),
    "# Rome\n\n- Friday: Forum\n- Saturday: Vatican\n- Sunday: Borghese\n",
  );
  await Bun.write(join(trip, "budget.md"), "60 EUR\n");
  await Bun.write(join(folder, "script.json"), JSON.stringify(script));
  const config = { agents: { defaults: { model: `scripted/${join(folder, "script.json")}` } } };
  await Bun.write(join(folder, "data/config.json"), JSON.stringify(config), { mode: 0o600 });
  return trip;
}

async function waitFor(text: string, tmux: (...words: string[]) => Promise<string>): Promise<void> {
  for (let look = 0; look < 200; look++) {
    if ((await tmux("capture-pane", "-p")).includes(text)) return;
    await Bun.sleep(50);
  }
  throw new Error(`${text} did not appear:\n${await tmux("capture-pane", "-p")}`);
}

if (import.meta.main) await main(join(import.meta.dir, ".."));
