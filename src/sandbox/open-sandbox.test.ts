import { expect, test } from "bun:test";
import { openSandbox } from "./open-sandbox.ts";
import { loadSandboxRuntime } from "./registry.ts";
import { toSandboxPaths } from "./sandbox-paths.ts";

const spec = {
  uid: 210_901,
  workspace: "/nowhere/w",
  home: "/nowhere/h",
  temporary: "/nowhere/t",
  mounts: [],
};

test("auto is bubblewrap", async () => {
  expect((await loadSandboxRuntime("auto")).name).toBe("bubblewrap");
});

test.each(["none", "host", "", "toString", "bubblewarp"])(
  "%j is no sandbox, and nothing runs without one",
  async (name) => {
    await expect(openSandbox(name, spec)).rejects.toMatchObject({
      code: "config",
      hint: expect.stringContaining("auto"),
    });
  },
);

test("the paths inside are known without a runtime", () => {
  const mounts = [
    { name: "a", source: "/a", canWrite: true },
    { name: "b", source: "/b", canWrite: false },
  ];
  expect(toSandboxPaths({ mounts })).toEqual({
    workspace: "/workspace",
    home: "/home/agent",
    temporary: "/tmp",
    mounts: [
      { path: "/workspace/extra/a", canWrite: true },
      { path: "/workspace/extra/b", canWrite: false },
    ],
  });
});
