import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHostSandbox } from "../../test/fakes/host-sandbox.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { Group } from "../store/groups.ts";
import { toGroupId } from "../store/ids.ts";
import { createPersonFiles, type PersonFilesOptions } from "./person-files.ts";

const never = new AbortController().signal;
const group: Group = {
  id: toGroupId(1),
  name: "main",
  uid: 200001,
  title: undefined,
  createdAt: new Date(0),
  taint: 0,
};

let root = "";
let scope: AsyncDisposableStack;
let options: PersonFilesOptions;
const decided: string[] = [];

beforeAll(async () => {
  scope = new AsyncDisposableStack();
  root = await mkdtemp(join(tmpdir(), "person-files-"));
  scope.defer(() => rm(root, { recursive: true, force: true }));
  const sandbox = scope.use(await createHostSandbox());
  await chmod(root, 0o755);
  const project = join(root, "project");
  await mkdir(join(project, "src"), { recursive: true });
  await writeFile(join(project, "README.md"), "read me\n");
  await writeFile(join(project, ".hidden"), "");
  await writeFile(join(project, "src", "main.ts"), "main()\n");
  await writeFile(join(project, "with space.txt"), "spaced");
  await writeFile(join(project, "binary"), new Uint8Array([1, 0, 2]));
  await writeFile(join(project, "large.txt"), "x".repeat(300_000));
  await writeFile(join(root, "secret.txt"), "secret");
  await symlink(root, join(project, "out"));
  await symlink("/dev/zero", join(project, "zero"));
  await writeFile(`${sandbox.paths.workspace}/own.txt`, "the group's own");
  options = {
    authority: {
      async decide(actor, action, { name }) {
        decided.push(`${actor.kind} ${action} ${name}`);
        return { verdict: "allow", rule: "test" };
      },
    },
    actor: createTerminalOwner(0, "main"),
    group,
    mounts: [{ name: "project", source: project, canWrite: false }],
    // The host's sandbox has no names of its own: inside is outside.
    paths: { ...sandbox.paths, mounts: [{ path: project, canWrite: false }] },
    folder: join(root, ".nanoclaw/groups/main"),
    currentFolder: project,
    homeFolder: root,
    enter: async () => ({ sandbox, taint: clean }),
  };
});

afterAll(() => scope.disposeAsync());

async function complete(path: string, more: Partial<PersonFilesOptions> = {}): Promise<readonly string[]> {
  return await createPersonFiles({ ...options, ...more }).complete(path, never);
}

test("names complete from the folder where the person stands, by the share's name, and from the workspace", async () => {
  expect(await complete("RE")).toEqual(["README.md"]);
  expect(await complete("src/")).toEqual(["src/main.ts"]);
  expect(await complete("./src/m")).toEqual(["./src/main.ts"]);
  expect(await complete("ow")).toEqual(["own.txt"]);
  expect(await complete("pro")).toEqual(["project/"]);
  expect(await complete("project/s")).toEqual(["project/src/"]);
  expect(await complete(`${root}/project/s`)).toEqual([`${root}/project/src/`]);
  expect(await complete("~/project/s")).toEqual(["~/project/src/"]);
});

test("hidden names are for those who begin with the dot", async () => {
  expect(await complete("")).not.toContain(".hidden");
  expect(await complete(".h")).toEqual([".hidden"]);
});

test("nothing is listed of what is not shared, not even by way of a link", async () => {
  expect(await complete("../")).toEqual([]);
  expect(await complete(`${root}/`)).toEqual([]);
  expect(await complete("/etc/")).toEqual([]);
  expect(await complete("out/")).toEqual([]);
  expect(await complete("src/", { mounts: [], paths: { ...options.paths, mounts: [] } })).toEqual([]);
});

test("a workspace without a sandbox completes nothing, the shared folder still does", async () => {
  const enter = async (): Promise<never> => {
    throw new AppError("sandbox-unavailable", "none");
  };
  expect(await complete("", { enter })).toContain("README.md");
});

test("a file comes whole, wherever it lies", async () => {
  const files = createPersonFiles(options);
  const read = async (path: string) => await files.read(path, never);
  expect(await read("src/main.ts")).toEqual({ type: "text", text: "main()\n", taint: clean });
  expect(await read("project/README.md")).toEqual({ type: "text", text: "read me\n", taint: clean });
  expect(await read("with space.txt")).toEqual({ type: "text", text: "spaced", taint: clean });
  expect(await read("own.txt")).toEqual({ type: "text", text: "the group's own", taint: clean });
  expect(decided).toContain("owner files.read own.txt");
});

test.each([
  ["binary", "is not text"],
  ["src", "is a folder"],
  ["large.txt", "larger than 200 kB"],
  ["zero", "a pipe, a socket or a device"],
])("%s can't go along, and it is said why", async (path, why) => {
  const answer = await createPersonFiles(options).read(path, never);
  expect(answer.type === "problem" ? answer.error.message : answer.type).toContain(why);
});

/** One pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a picture comes as its bytes: of a share by the sandbox, of the owner's own folders alone and by its name", async () => {
  const files = createPersonFiles(options);
  await writeFile(join(root, "project/cat.png"), png);
  await writeFile(join(root, "cat.png"), png);
  const image = { type: "image", mediaType: "image/png", data: png.toString("base64") };
  expect(await files.read("cat.png", never)).toEqual({ type: "image", image, taint: clean } as never);
  expect(await files.read(join(root, "cat.png"), never)).toEqual({
    type: "image",
    image,
    taint: clean,
  } as never);
  expect(await files.read("~/cat.png", never)).toEqual({ type: "image", image, taint: clean } as never);
  expect(await files.read("~/dog.png", never)).toEqual({ type: "absent" });
});

test("what is only called a picture, and one that is too large, are told of", async () => {
  await writeFile(join(root, "project/words.png"), "no picture");
  await writeFile(join(root, "words.png"), "no picture");
  await writeFile(join(root, "project/large.png"), Buffer.concat([png, new Uint8Array(4_000_000)]));
  const files = createPersonFiles(options);
  for (const path of ["words.png", "~/words.png", "large.png"]) {
    const answer = await files.read(path, never);
    expect([path, answer.type]).toEqual([path, "problem"]);
  }
});

test("the host opens no picture below a folder that a sandbox writes, not even by way of a link of the owner's", async () => {
  const workspace = join(root, ".nanoclaw/groups/main/workspace");
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, "trap.png"), png);
  await symlink(workspace, join(root, "shortcut"));
  const files = createPersonFiles(options);
  expect(await files.read("~/.nanoclaw/groups/main/workspace/trap.png", never)).toEqual({ type: "absent" });
  expect(await files.read("~/shortcut/trap.png", never)).toEqual({ type: "absent" });
  // Where the folder is another, the same way leads to it.
  const elsewhere = createPersonFiles({ ...options, folder: "/nowhere/at/all" });
  expect((await elsewhere.read("~/shortcut/trap.png", never)).type).toBe("image");
});

test("what is no file is absent, and a bare word opens no sandbox", async () => {
  let opened = 0;
  const enter = (): ReturnType<PersonFilesOptions["enter"]> => {
    opened += 1;
    return options.enter();
  };
  const files = createPersonFiles({ ...options, enter });
  expect([await files.read("anna", never), opened]).toEqual([{ type: "absent" }, 0]);
  expect([await files.read("no/such.txt", never), opened]).toEqual([{ type: "absent" }, 1]);
  expect(await files.read("../secret.txt", never)).toEqual({ type: "absent" });
  expect(await files.read(`${root}/secret.txt`, never)).toEqual({ type: "absent" });
});

test("without a sandbox a shared file can't be read, and that is said", async () => {
  const enter = async (): Promise<never> => {
    throw new AppError("sandbox-unavailable", "There is no sandbox.");
  };
  const answer = await createPersonFiles({ ...options, enter }).read("README.md", never);
  expect(answer.type === "problem" ? answer.error.message : "").toBe("There is no sandbox.");
});

test("only the sandbox keeps a link from leading out: without one it does", async () => {
  const answer = await createPersonFiles(options).read("out/secret.txt", never);
  expect(answer).toEqual({ type: "text", text: "secret", taint: clean });
});
