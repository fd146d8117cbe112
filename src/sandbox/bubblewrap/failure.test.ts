import { expect, test } from "bun:test";
import { diagnose } from "./failure.ts";

const forbidden = "bwrap: setting up uid map: Permission denied\n";

function withFacts(facts: Readonly<Record<string, string>>) {
  return diagnose(forbidden, 1, (path) => facts[path]);
}

test("the reason is what bubblewrap said last", () => {
  expect(
    diagnose("warning: x\nbwrap: Can't chdir to /nowhere: No such file or directory\n", 1),
  ).toMatchObject({
    message: "bwrap: Can't chdir to /nowhere: No such file or directory",
    words: { key: "sandbox.notStarted" },
  });
});

test("AppArmor's restriction is answered with the profile that lifts it", () => {
  const { message, hint } = withFacts({ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1" });
  expect(message).toContain("AppArmor forbids bubblewrap to make namespaces");
  expect(hint).toContain("profile bwrap /usr/bin/bwrap flags=(unconfined)");
  expect(hint).toContain("apparmor_parser -r /etc/apparmor.d/bwrap");
});

test("a switched-off kernel setting is answered with the setting", () => {
  expect(withFacts({ "/proc/sys/kernel/unprivileged_userns_clone": "0" }).hint).toContain(
    "unprivileged_userns_clone=1",
  );
  expect(withFacts({ "/proc/sys/user/max_user_namespaces": "0" }).hint).toContain(
    "user.max_user_namespaces=",
  );
});

test("in a container it says what to start the container with", () => {
  expect(withFacts({ "/.dockerenv": "" }).hint).toContain("docker run --security-opt seccomp=unconfined");
});

test("an option that bubblewrap does not know means that it is too old", () => {
  expect(diagnose("bwrap: Unknown option --disable-userns\n", 1)).toMatchObject({
    message: "bubblewrap is too old: bwrap: Unknown option --disable-userns",
    hint: "Install bubblewrap 0.8 or newer.",
  });
});

test("a machine without memory or processes to give is told apart from one that forbids", () => {
  expect(diagnose("bwrap: Creating new namespace failed: Cannot allocate memory\n", 1).message).toStartWith(
    "There was no memory or no process left for the sandbox",
  );
});

test("silence is no reason", () => {
  expect(diagnose("", 7)).toMatchObject({ message: "The sandbox did not start (exit code 7)." });
});
