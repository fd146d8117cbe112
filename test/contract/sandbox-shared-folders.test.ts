import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { MountRight, Sandbox, SandboxMount } from "../../src/sandbox/sandbox.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";

const isRoot = process.getuid?.() === 0;
let bench: SandboxBench;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
});
afterAll(() => bench[Symbol.asyncDispose]());

const secrets = [
  ".env",
  ".env.local",
  "deep/er/.env",
  "server.pem",
  "deep/tls.key",
  "id_ed25519",
  ".netrc",
  ".npmrc",
  ".git-credentials",
  ".git/config",
  ".ssh/config",
  ".aws/credentials",
  "deep/.kube/config",
  ".ENV",
  "Server.PEM",
  "deep/Id_RSA",
];
const plain = [
  "README.md",
  "deep/er/code.ts",
  "identity.py",
  ".git/HEAD",
  ".bashrc",
  ".vscode/tasks.json",
  ".mcp.json",
];

function makeProject(name: string): string {
  const folder = join(bench.root, name);
  for (const path of [...secrets, ...plain]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `content of ${path}: canary-5417`);
    chmodSync(join(folder, path), 0o666);
  }
  for (const path of [".", "deep", "deep/er", ".git", ".vscode"]) chmodSync(join(folder, path), 0o777);
  return folder;
}

async function openWith(name: string, mounts: readonly SandboxMount[]): Promise<Sandbox> {
  return bench.runtime.open(await bench.group(name, mounts));
}

describe.each([false, true])("a folder shared with canWrite: %p", (canWrite) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    const source = makeProject(`project-${canWrite}`);
    sandbox = await openWith(`sharing-${canWrite}`, [{ name: "project", source, canWrite }]);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  test("appears where the paths say", async () => {
    expect(sandbox.paths.mounts).toEqual([{ path: "/workspace/extra/project", canWrite }]);
    const { stdout } = await shell(sandbox, "cat /workspace/extra/project/README.md");
    expect(stdout).toBe("content of README.md: canary-5417");
  });

  test.each(secrets)("%s is hidden in it", async (path) => {
    const { stdout } = await shell(sandbox, `cat /workspace/extra/project/${path}`);
    expect(stdout).toBe("");
  });

  test.each(plain)("%s is not", async (path) => {
    const { stdout } = await shell(sandbox, `cat /workspace/extra/project/${path}`);
    expect(stdout).toContain("canary-5417");
  });

  test("a secret that comes later is hidden from the next command on", async () => {
    writeFileSync(join(bench.root, `project-${canWrite}`, "late.pem"), "canary-5417");
    expect((await shell(sandbox, "cat extra/project/late.pem")).stdout).toBe("");
  });

  test("nothing can be made beside the shared folders", async () => {
    expect((await shell(sandbox, "mkdir extra/more")).code).not.toBe(0);
  });

  test("a folder that cannot be entered is no obstacle", async () => {
    const closed = join(bench.root, `project-${canWrite}`, "closed");
    mkdirSync(closed, { mode: 0o700 });
    writeFileSync(join(closed, ".env"), "canary-5417");
    if (!isRoot) chmodSync(closed, 0o000);
    expect(
      (await shell(sandbox, "cat extra/project/README.md; cat extra/project/closed/.env")).stdout,
    ).not.toContain(".env");
    chmodSync(closed, 0o711);
    expect((await shell(sandbox, "cat extra/project/closed/.env")).stdout).toBe("");
    chmodSync(closed, 0o700);
  });

  if (!canWrite) {
    test("cannot be written", async () => {
      expect((await shell(sandbox, "touch extra/project/new")).stderr).toContain("Read-only file system");
    });
    return;
  }

  test("can be written", async () => {
    expect(await shell(sandbox, "echo new > extra/project/new && cat extra/project/new")).toMatchObject({
      stdout: "new\n",
    });
  });

  test.each([".git/hooks-new", ".git/HEAD", ".vscode/tasks.json", ".bashrc", ".mcp.json"])(
    "%s steers programs of the owner and cannot be changed",
    async (path) => {
      expect((await shell(sandbox, `echo evil > extra/project/${path}`)).code).not.toBe(0);
    },
  );

  test.each([".git", ".vscode", ".bashrc", ".env", "deep", ".ssh"])(
    "%s cannot be moved out of the way",
    async (path) => {
      const { code, stderr } = await shell(sandbox, `mv extra/project/${path} extra/project/moved`);
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/busy|Read-only/) });
    },
  );
});

test("what a link with the name of a secret points to is hidden by its own name too", async () => {
  const source = makeProject("linked");
  const lines = [
    "mkdir settings && echo canary-5417 > settings/production && cd deep",
    "ln -s ../settings/production .env.production && ln -s ../.aws/credentials credentials",
    "ln -s nowhere nothing.key && ln -s loop.key loop.key && ln -s /etc/passwd system.key",
  ];
  await Bun.$`sh -c ${lines.join(" && ")}`.cwd(source).quiet();
  for (const canWrite of [false, true]) {
    await using sandbox = await openWith(`linking-${canWrite}`, [{ name: "linked", source, canWrite }]);
    const line = "cat settings/production deep/.env.production deep/credentials; cat README.md";
    const { stdout } = await shell(sandbox, `cd extra/linked && ${line}`);
    expect(stdout).toBe("content of README.md: canary-5417");
  }
});

test("a folder that was swapped for a link after it was allowed is refused", async () => {
  const source = join(bench.root, "swapped");
  mkdirSync(source);
  renameSync(source, `${source}-away`);
  symlinkSync("/etc", source);
  await expect(openWith("swap", [{ name: "s", source, canWrite: false }])).rejects.toMatchObject({
    code: "sandbox-failed",
    message: expect.stringContaining("link"),
  });
});

test("a link in the middle of its path is refused as well", async () => {
  mkdirSync(join(bench.root, "real/inner"), { recursive: true });
  symlinkSync(join(bench.root, "real"), join(bench.root, "through"));
  const mount = { name: "s", source: join(bench.root, "through/inner"), canWrite: false };
  await expect(openWith("middle", [mount])).rejects.toMatchObject({ code: "sandbox-failed" });
});

test("a folder that was swapped after the sandbox was opened is not mounted", async () => {
  const source = join(bench.root, "later");
  mkdirSync(source);
  await using sandbox = await openWith("later", [{ name: "s", source, canWrite: false }]);
  renameSync(source, `${source}-away`);
  symlinkSync("/etc", source);
  // The folder that was checked, wherever it is now, or none.
  const seen = await shell(sandbox, "ls extra/s").catch(({ code }) => ({ stdout: code }));
  expect(["", "sandbox-failed"]).toContain(seen.stdout);
});

test("a workspace in which extra is a link gets no shared folder", async () => {
  const spec = await bench.group("planted");
  {
    await using before = await bench.runtime.open(spec);
    await shell(before, "ln -s /tmp extra");
  }
  const source = join(bench.root, "planted-source");
  mkdirSync(source);
  const opening = bench.runtime.open({ ...spec, mounts: [{ name: "s", source, canWrite: false }] });
  await expect(opening).rejects.toMatchObject({ code: "sandbox-failed" });
});

test.each(["../x", "a/b", "", "a b", ".hidden", "x\ny", "-rf"])(
  "%j is no name for a shared folder",
  async (name) => {
    const source = join(bench.root, "named");
    mkdirSync(source, { recursive: true });
    await expect(openWith("named", [{ name, source, canWrite: false }])).rejects.toMatchObject({
      code: "denied",
    });
  },
);

test("names of the host's folders may be strange", async () => {
  for (const [index, name] of [
    "with space",
    "-rf",
    "quo'te\"s",
    "$(id)",
    "back\\slash",
    "new\nline",
  ].entries()) {
    const source = join(bench.root, name);
    mkdirSync(source);
    writeFileSync(join(source, "here"), String(index));
    await using sandbox = await openWith(`strange-${index}`, [{ name: "s", source, canWrite: false }]);
    expect((await shell(sandbox, "cat extra/s/here")).stdout).toBe(String(index));
  }
});

describe.skipIf(!isRoot)("a closed folder of another user, lent by root", () => {
  const other = 1234;
  function makeOthers(name: string): string {
    const source = join(bench.root, name);
    mkdirSync(source, { mode: 0o700 });
    for (const [file, uid] of [
      ["letter", other],
      ["of-root", 0],
      [".bashrc", other],
      [".env", other],
    ] as const) {
      writeFileSync(join(source, file), "canary-of-another\n", { mode: 0o600 });
      chownSync(join(source, file), uid, uid);
    }
    chownSync(source, other, other);
    return source;
  }

  test("is read and written as its owner's, and what is made there belongs to him", async () => {
    const source = makeOthers("mapped");
    await using sandbox = await openWith("mapped", [{ name: "s", source, canWrite: true }]);
    const { stdout, stderr } = await shell(
      sandbox,
      "cd extra/s && cat letter && echo more >>letter && echo new >made && mkdir deep && mv made deep/ && stat -c %U:%G letter",
    );
    expect({ stdout, stderr }).toEqual({ stdout: "canary-of-another\nagent:agent\n", stderr: "" });
    for (const path of ["letter", "deep", "deep/made"]) {
      expect(statSync(join(source, path))).toMatchObject({ uid: other, gid: other });
    }
  });

  test("shows nobody else's closed files, no secret, and keeps what steers its owner's programs", async () => {
    const source = makeOthers("mapped-2");
    await using sandbox = await openWith("mapped-2", [{ name: "s", source, canWrite: true }]);
    const line =
      "cd extra/s; cat of-root .env; echo evil >>of-root; echo evil >>.bashrc; chown 0 letter; true";
    expect((await shell(sandbox, line)).stdout).toBe("");
    for (const file of ["of-root", ".bashrc", ".env"]) {
      expect(readFileSync(join(source, file), "utf8")).toBe("canary-of-another\n");
    }
  });

  test("lends no file that runs as its owner", async () => {
    const source = makeOthers("mapped-3");
    copyFileSync("/usr/bin/id", join(source, "id"));
    chownSync(join(source, "id"), other, other);
    chmodSync(join(source, "id"), 0o4755);
    await using sandbox = await openWith("mapped-3", [{ name: "s", source, canWrite: false }]);
    expect((await shell(sandbox, "extra/s/id -u; chmod 4755 extra/s/id || echo refused")).stdout).toBe(
      "1000\nrefused\n",
    );
  });

  test("for reading cannot be written", async () => {
    const source = makeOthers("mapped-4");
    await using sandbox = await openWith("mapped-4", [{ name: "s", source, canWrite: false }]);
    const { stdout, stderr } = await shell(sandbox, "cat extra/s/letter; echo more >extra/s/letter");
    expect(stdout).toBe("canary-of-another\n");
    expect(stderr).toContain("Read-only file system");
  });
});

test("a folder whose right is withdrawn is gone from the next command on, and one that is narrowed is read-only", async () => {
  const source = join(bench.root, "withdrawn");
  mkdirSync(source, { mode: 0o777 });
  chmodSync(source, 0o777);
  writeFileSync(join(source, "here"), "lent");
  let right: MountRight = "write";
  const mount = { name: "s", source, canWrite: true, readRight: async () => right };
  await using sandbox = await openWith("withdrawn", [mount]);
  const line = "cat extra/s/here; touch extra/s/made && echo written; true";
  expect((await shell(sandbox, line)).stdout).toBe("lentwritten\n");
  right = "read";
  expect((await shell(sandbox, line)).stdout).toBe("lent");
  right = "none";
  expect((await shell(sandbox, line)).stdout).toBe("");
  right = "write";
  expect((await shell(sandbox, line)).stdout).toBe("lentwritten\n");
});

test("names of the owner's own are hidden as secrets are", async () => {
  const source = makeProject("own-names");
  mkdirSync(join(source, "Diary/inner"), { recursive: true });
  for (const path of ["Diary/inner/page", "deep/draft-1.txt", "тетрадь"])
    writeFileSync(join(source, path), "canary-5417");
  const spec = await bench.group("own-names", [{ name: "s", source, canWrite: false }]);
  await using sandbox = await bench.runtime.open({
    ...spec,
    readHiddenNames: async () => ["diary", "draft-*", "ТЕТРАДЬ"],
  });
  const { stdout } = await shell(sandbox, "cat extra/s/README.md; find extra/s -type f -exec cat {} +; true");
  expect(stdout).toContain("content of README.md");
  expect(
    (await shell(sandbox, "ls extra/s/Diary; cat extra/s/deep/draft-1.txt extra/s/тетрадь")).stdout,
  ).toBe("");
});

test("a command that makes and removes files all the time keeps no other from running", async () => {
  const source = join(bench.root, "busy");
  mkdirSync(source);
  chmodSync(source, 0o777);
  writeFileSync(join(source, ".env"), "canary");
  await using sandbox = await openWith("busy", [{ name: "s", source, canWrite: true }]);
  const busy = "cd extra/s; while :; do mkdir -p a/b c; touch a/f a/b/g; rm -rf a c; ln -s / c; rm c; done";
  const job = await sandbox.spawn(["sh", "-c", busy], { signal: AbortSignal.timeout(60_000) });
  for (let round = 0; round < 40; round++) {
    expect((await shell(sandbox, "cat extra/s/.env; echo ran")).stdout).toBe("ran\n");
  }
  job.kill();
  await job.exited;
}, 60_000);

test("more secrets than can be hidden are a refusal, not a gap", async () => {
  const source = join(bench.root, "many");
  mkdirSync(source);
  for (let index = 0; index < 300; index++) writeFileSync(join(source, `${index}.pem`), "canary");
  await using sandbox = await openWith("many", [{ name: "s", source, canWrite: false }]);
  await expect(shell(sandbox, "cat extra/s/7.pem")).rejects.toMatchObject({ code: "denied" });
});
