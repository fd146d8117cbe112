import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { runInside } from "../tools/inside.ts";

/** Where what people send lies in a group's workspace. */
export const incomingFolder = "inbox";

/** A hidden part becomes the file only when it is whole, and never in place of another. */
const script = `
set -eu
mkdir -p "$1"
cd "$1"
name=$2
rm -f .incoming.*
part=$(mktemp .incoming.XXXXXX)
trap 'rm -f -- "$part"' EXIT
cat > "$part"
[ "$(wc -c < "$part")" -eq "$3" ] || { echo "It did not arrive whole." >&2; exit 1; }
chmod 644 "$part"
case $name in
  *.*) stem=\${name%.*} end=.\${name##*.} ;;
  *) stem=$name end= ;;
esac
number=1
target=$name
until [ ! -e "$target" ] && [ ! -L "$target" ] && ln -- "$part" "$target" 2>/dev/null; do
  number=$((number + 1))
  [ "$number" -le 1000 ] || { echo "It could not be put into the folder." >&2; exit 1; }
  target=$stem-$number$end
done
printf %s "$target"
`;

const timeoutMs = 60_000;

/**
 * Puts a file that came from outside into the group's workspace, by a spawn: the kernel resolves the folder inside. Returns
 * its path there. `name` is one of `toSafeFileName`. Throws `AppError` when the sandbox or its disk will not take it.
 */
export async function keepFile(
  sandbox: ToolSandbox,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
): Promise<string> {
  const parameters = [incomingFolder, name, String(bytes.length)];
  const context = { sandbox: async () => sandbox, signal };
  const output = await runInside(script, parameters, { stdin: bytes, timeoutMs }, context);
  return `${incomingFolder}/${new TextDecoder().decode(output)}`;
}
