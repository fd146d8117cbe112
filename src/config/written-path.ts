import type { GenericSchema } from "valibot";
import { findKey } from "./interpret.ts";
import type { JsonMember, JsonNode } from "./jsonc.ts";
import type { KeyPath } from "./path.ts";
import { toShape } from "./shape.ts";

/** A path as this file spells it: where it says `max_tokens`, that is `maxTokens`. */
export function toWrittenPath(path: KeyPath, root: JsonNode, schema: GenericSchema): KeyPath {
  const [key, ...rest] = path;
  if (key === undefined) return [];
  const shape = toShape(schema);
  const member = findWritten(root, key, shape.kind === "section");
  if (member === undefined) return path;
  const inner =
    shape.kind === "section" ? shape.entries[key] : shape.kind === "map" ? shape.value : undefined;
  return [member.key, ...(inner === undefined ? rest : toWrittenPath(rest, member.value, inner))];
}

function findWritten(node: JsonNode, key: string, mayBeRespelled: boolean): JsonMember | undefined {
  if (node.type !== "object") return undefined;
  return node.members.find(
    (member) => member.key === key || (mayBeRespelled && findKey(member.key, [key]) === key),
  );
}
