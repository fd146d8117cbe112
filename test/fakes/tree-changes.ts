import { shell } from "./sandbox-bench.ts";
import type { ToolSandbox } from "../../src/sandbox/sandbox.ts";

/** Few, so that the changes meet each other; some that no careless program survives. */
const names = [
  ...["a", "b", "c", " ", "-rf", "*", "new\nline", "quo'te\"", "\\", "~", "extra"],
  ...["\u00ff\u00fe", "\u00c3\u00a9", "x".repeat(255)],
].map((name) => Buffer.from(name, "latin1").toString("hex"));

const kinds = [
  ...["write", "write", "append", "overwrite", "empty", "sparse", "mkdir", "mkdir", "rename", "rename"],
  ...["remove", "remove-all", "chmod", "chmod", "close", "link", "symlink", "pipe", "touch", "swap", "copy"],
];

/** As many random changes to the files below `folder`, done inside by perl; what can't be done is passed over. */
export async function changeTree(
  sandbox: ToolSandbox,
  count: number,
  random: () => number,
  folder = "/workspace",
): Promise<void> {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const path = (): string =>
    Array.from({ length: 1 + Math.floor(random() ** 2 * 4) }, () => pick(names)).join("2f");
  const lines = Array.from({ length: count }, () =>
    [pick(kinds), path(), path(), Math.floor(random() * 1e9)].join(" "),
  );
  const { stderr } = await shell(sandbox, `cd '${folder}' && perl -e '${script}'`, {
    stdin: lines.join("\n"),
  });
  if (/syntax error|aborted/.test(stderr)) throw new Error(stderr);
}

/** Also without the modes that close something to its owner: for what is to be kept whole. */
export const openAll = `find . -xdev ! -type l ! -perm -u=r -exec chmod u+r {} \\; ; find . -xdev -type d ! -perm -u=rx -exec chmod u+rx {} \\;`;

const script = `
use Time::HiRes qw(utime);
use POSIX qw(mkfifo);
sub put { my ($how, $path, $text) = @_; open(my $file, $how, $path) or return; print $file $text; close $file }
while (<STDIN>) {
  my ($kind, $one, $two, $number) = split;
  ($one, $two) = map { "./" . pack("H*", $_) } ($one, $two);
  srand($number);
  my $text = join("", map { chr(int(rand(256))) } 1 .. $number % 3000);
  if ($kind eq "write") { put(">", $one, $text) if !-p $one }
  elsif ($kind eq "append") { put(">>", $one, $text) if -f $one }
  elsif ($kind eq "overwrite") { if (-f $one) { my $size = -s $one; put("+<", $one, substr("z" x 9999, 0, $size)) } }
  elsif ($kind eq "empty") { put(">", $one, "") if !-p $one }
  elsif ($kind eq "sparse") { if (!-p $one and open(my $file, ">", $one)) { seek($file, 100000, 0); print $file "end" } }
  elsif ($kind eq "mkdir") { mkdir($one) }
  elsif ($kind eq "rename") { rename($one, $two) }
  elsif ($kind eq "remove") { unlink($one) or rmdir($one) }
  elsif ($kind eq "remove-all") { system("rm", "-rf", "--", $one) }
  elsif ($kind eq "chmod") { chmod($number & 07777 | 0700, $one) if !-l $one }
  elsif ($kind eq "close") { chmod($number & 0777, $one) if !-l $one }
  elsif ($kind eq "link") { link($one, $two) if -f $one and !-l $one }
  elsif ($kind eq "symlink") { symlink($number % 2 ? $two : "/etc/passwd", $one) }
  elsif ($kind eq "pipe") { mkfifo($one, 0640) }
  elsif ($kind eq "touch") { utime($number / 1000, ($number - 5e8) * 3.000001, $one) if !-l $one }
  elsif ($kind eq "swap") { rename($one, "swapped"); rename($two, $one); rename("swapped", $two) }
  elsif ($kind eq "copy") { system("cp", "-a", "--", $one, $two) }
}
chmod(0750, ".") if rand() < 0.2;
`;
