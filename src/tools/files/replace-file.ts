import type { ToolContext } from "../tool.ts";
import { runInside } from "../inside.ts";
import { splitHeader, toFileProblem } from "./regular-file.ts";

/**
 * `$1` path, `$2` bytes to come on standard input, `$3` checksum that the file must still have, or nothing. Written
 * beside its target and renamed over it: a reader sees the old file or the new one. A link is followed; the mode
 * stays. Content that did not arrive whole is never renamed.
 */
const script = `
target=$1
if [ -L "$target" ]; then
  target=$(readlink -f "$target" && echo .) || { echo dangling; exit 0; }
  target=\${target%??}
fi
mode=
size=
if [ -d "$target" ]; then echo folder; exit 0; fi
if [ -e "$target" ]; then
  [ -f "$target" ] || { echo special; exit 0; }
  [ -w "$target" ] || { echo unwritable; exit 0; }
  size=$(wc -c < "$target")
  mode=$(stat -c %a "$target" 2>/dev/null || stat -f %Lp "$target")
  mode=\${mode#"\${mode%???}"}
elif [ -n "$3" ]; then
  echo changed; exit 0
fi
folder=\${target%/*}
mkdir -p "$folder/" || exit 1
temporary=
trap '[ -z "$temporary" ] || rm -f "$temporary"' EXIT
trap 'exit 1' HUP INT TERM
temporary=$(mktemp "$folder/.nanoclaw-XXXXXX" && echo .) || exit 1
temporary=\${temporary%??}
cat > "$temporary" || exit 1
[ "$(wc -c < "$temporary")" -eq "$2" ] || { echo incomplete; exit 0; }
chmod "\${mode:-$(printf '%o' $((0666 & ~0$(umask))))}" "$temporary" || exit 1
if [ -n "$3" ] && [ "$(cksum < "$target")" != "$3" ]; then echo changed; exit 0; fi
mv -f "$temporary" "$target" || exit 1
temporary=
echo "written" $size
`;

export interface Replacement {
  /** The size of the file that was there before. */
  readonly previousBytes: number | undefined;
}

/**
 * Puts `content` in the place of the file at `path` in one step. With `checksum`, only if the file has not changed since.
 * Throws `AppError` in words that name `name`.
 */
export async function replaceFile(
  { path, name, content, checksum = "" }: ReplaceOptions,
  context: Pick<ToolContext, "sandbox" | "signal">,
): Promise<Replacement> {
  const stdin = typeof content === "string" ? Buffer.from(content) : content;
  const output = await runInside(script, [path, String(stdin.length), checksum], { stdin }, context);
  const [word = "", size] = splitHeader(output).header;
  const problem = toFileProblem(word, name);
  if (problem !== undefined) throw problem;
  return { previousBytes: size === undefined ? undefined : Number(size) };
}

export interface ReplaceOptions {
  /** Absolute and inside. */
  readonly path: string;
  /** What the model called it. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** As `cksum` printed it. */
  readonly checksum?: string;
}
