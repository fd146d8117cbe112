import { afterAll, beforeAll, expect, test } from "bun:test";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";

/** A program, a line that uses it, and what the line must print. */
const everyday: readonly (readonly [program: string, line: string, output: RegExp])[] = [
  ["awk", "echo 1 2 | awk '{ print $2 }'", /^2$/m],
  ["base64", "echo hi | base64", /^aGkK$/m],
  ["bash", "bash -c 'a=(1 2 3); echo ${#a[@]}; cat <(echo sub)'", /^3\nsub$/m],
  ["bc", "echo '2^10' | bc", /^1024$/m],
  ["bzip2", "echo z | bzip2 | bzip2 -d", /^z$/m],
  ["cc", "echo 'int main(void){return 0;}' > a.c && cc a.c -o a && ./a && echo built", /^built$/m],
  ["cp", "echo c > one && cp one two && cat two", /^c$/m],
  ["curl", "curl --version", /^curl /m],
  ["cut", "echo a:b | cut -d: -f2", /^b$/m],
  ["date", "date -u -d @0 +%Y", /^1970$/m],
  ["df", "df /tmp | wc -l", /^2$/m],
  ["diff", "echo a > x; echo b > y; diff x y || true", /^< a$/m],
  ["du", "du -s .", /\.$/m],
  ["env", "env A=b sh -c 'echo $A'", /^b$/m],
  ["file", "file -b /workspace", /directory/],
  ["find", "mkdir -p d/e && find d -type d | wc -l", /^2$/m],
  ["g++", "echo 'int main(){}' > b.cc && g++ b.cc -o b && ./b && echo built", /^built$/m],
  ["gcc", "gcc --version", /gcc/],
  [
    "git",
    "git init -q repo && cd repo && git config user.name a && git config user.email a@b && echo 1 > f && git add f && git commit -qm first && git log --oneline | wc -l",
    /^1$/m,
  ],
  ["grep", "printf 'a\\nb\\n' | grep -c b", /^1$/m],
  ["gzip", "echo z | gzip | gzip -d", /^z$/m],
  ["head", "seq 9 | head -n 1", /^1$/m],
  ["id", "id -un; id -gn", /^agent\nagent$/m],
  ["jq", "echo '{\"a\":[1,2]}' | jq '.a[1]'", /^2$/m],
  ["less", "echo page | less", /^page$/m],
  ["ln", "echo l > t && ln -sf t u && cat u", /^l$/m],
  ["make", "printf 'all:\\n\\t@echo made\\n' > Makefile && make", /^made$/m],
  ["man", "man -w ls; man --version", /^man /m],
  ["mktemp", "mktemp", /^\/tmp\//m],
  ["node", "node -e 'console.log(6*7, os.userInfo().username, os.homedir())'", /^42 agent \/home\/agent$/m],
  ["npm", "npm --version", /^\d+\./m],
  ["openssl", "echo x | openssl dgst -sha256", /[0-9a-f]{64}/],
  ["patch", "patch --version", /patch/],
  ["perl", "perl -e 'print join(\"-\", map { $_ * 2 } 1..3)'", /^2-4-6$/m],
  ["pip", "pip --version", /^pip /m],
  ["ps", "ps -e | wc -l", /^[1-9]$/m],
  ["python3", "python3 -c 'import ssl, sqlite3, json; print(json.dumps([1]))'", /^\[1\]$/m],
  ["sed", "echo a | sed s/a/b/", /^b$/m],
  ["sha256sum", "printf x | sha256sum", /^2d711642/m],
  ["sort", "printf 'b\\na\\n' | sort | head -n 1", /^a$/m],
  ["sqlite3", "sqlite3 t.db 'create table t(a); insert into t values(7); select a from t'", /^7$/m],
  ["ssh", "ssh -V 2>&1", /^OpenSSH/m],
  ["tail", "seq 9 | tail -n 1", /^9$/m],
  ["tar", "echo t > in && tar -czf t.tgz in && tar -tzf t.tgz", /^in$/m],
  ["tee", "echo t | tee /dev/stderr", /^t$/m],
  ["timeout", "timeout 5 echo ok", /^ok$/m],
  ["touch", "touch f && test -f f && echo there", /^there$/m],
  ["unzip", "unzip -v | head -n 1", /UnZip/],
  ["vi", "vi --version | head -n 1", /./],
  ["which", "which sh", /\/sh$/m],
  ["whoami", "whoami", /^agent$/m],
  ["xargs", "echo 1 2 3 | xargs -n 1 | wc -l", /^3$/m],
  ["xz", "echo z | xz | xz -d", /^z$/m],
  ["zip", "echo z > z && zip -q z.zip z && unzip -l z.zip | tail -n 1", /1 file/],
];

/** Where a sandbox finds the programs of this host. */
const isHere = ([program]: (typeof everyday)[number]) =>
  Bun.which(program, { PATH: "/usr/local/bin:/usr/bin:/bin" }) !== null;
const present = everyday.filter(isHere);

let bench: SandboxBench;
let sandbox: Sandbox;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
  sandbox = await bench.runtime.open(await bench.group("everyday"));
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

test("this host has enough programs for the table to mean something", () => {
  expect(present.length).toBeGreaterThanOrEqual(20);
});

test.each(present)(
  "%s works inside",
  async (program, line, output) => {
    const folder = `mkdir -p ${JSON.stringify(program)}-folder && cd ${JSON.stringify(program)}-folder`;
    const result = await shell(sandbox, `${folder} && ${line}`);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(output) });
  },
  30_000,
);

test.skip.each(everyday.filter((row) => !isHere(row)))("%s is not installed on this host", () => {});
