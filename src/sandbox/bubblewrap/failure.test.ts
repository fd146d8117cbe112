import { expect, test } from "bun:test";
import { diagnose } from "./failure.ts";

const forbidden = "bwrap: setting up uid map: Permission denied\n";

function withFacts(facts: Readonly<Record<string, string>>) {
  return diagnose(forbidden, (path) => facts[path]);
}

test("the reason is what bubblewrap said last", () => {
  expect(diagnose("warning: x\nbwrap: Can't chdir to /nowhere: No such file or directory\n")).toEqual({
    reason: "bwrap: Can't chdir to /nowhere: No such file or directory",
    remedy: undefined,
  });
});

test("AppArmor's restriction is answered with the profile that lifts it", () => {
  const { remedy } = withFacts({ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1" });
  expect(remedy).toContain("profile bwrap /usr/bin/bwrap flags=(unconfined)");
  expect(remedy).toContain("apparmor_parser -r /etc/apparmor.d/bwrap");
});

test("a switched-off kernel setting is answered with the setting", () => {
  expect(withFacts({ "/proc/sys/kernel/unprivileged_userns_clone": "0" }).remedy).toContain(
    "unprivileged_userns_clone=1",
  );
  expect(withFacts({ "/proc/sys/user/max_user_namespaces": "0" }).remedy).toContain(
    "user.max_user_namespaces=",
  );
});

test("in a container it says what to start the container with", () => {
  expect(withFacts({ "/.dockerenv": "" }).remedy).toContain("docker run --security-opt seccomp=unconfined");
});

test("an option that bubblewrap does not know means that it is too old", () => {
  expect(diagnose("bwrap: Unknown option --disable-userns\n").remedy).toBe(
    "Install bubblewrap 0.8 or newer.",
  );
});

test("silence is no reason", () => {
  expect(diagnose("")).toEqual({ reason: "", remedy: undefined });
});
