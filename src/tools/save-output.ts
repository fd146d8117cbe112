import { runInside } from "./inside.ts";
import type { ToolContext } from "./tool.ts";

/** `$1` folder, `$2` name, `$3` bytes to come. Never overwrites: an older note may name the file. Prints the path. */
const script = `
mkdir -p "$1" || exit 1
file=$1/$2.txt
number=1
while [ -e "$file" ] || [ -L "$file" ]; do
  number=$((number + 1))
  file=$1/$2-$number.txt
done
set -C
cat > "$file" || exit 1
[ "$(wc -c < "$file")" -eq "$3" ] || exit 1
printf '%s' "$file"
`;

/** Writes a whole output below the session's temporary folder, where `read_file` reaches it, and gives its path. */
export async function saveOutput(
  text: string,
  context: Pick<ToolContext, "callId" | "sandbox" | "signal">,
): Promise<string> {
  const { paths } = await context.sandbox();
  const stdin = Buffer.from(text);
  const name = context.callId.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 64) || "call";
  const parameters = [`${paths.temporary}/outputs`, name, String(stdin.length)];
  return new TextDecoder().decode(await runInside(script, parameters, { stdin }, context));
}
