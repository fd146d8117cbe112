import type { MoreTools } from "../turns/session-tools.ts";
import { mainGroup, type Group } from "../store/groups.ts";
import { createChatTools } from "../tools/chat/chat-tools.ts";
import { createDiagnose } from "../tools/groups/diagnose.ts";
import { createGroupTool } from "../tools/groups/group.ts";
import { createSetGroup } from "../tools/groups/set-group.ts";
import { createChatHands } from "./chat-hands.ts";
import { createDiagnoseHands } from "./diagnose-hands.ts";
import { createGroupHands } from "./group-hands.ts";
import type { ReachOptions } from "./reach-options.ts";

/** Beside the standard tools: every group's chats; all groups and the program itself for main, its own settings for any other. */
export function createReach(options: ReachOptions): (group: Group) => MoreTools {
  return (group) => (party) => {
    const chats = createChatTools(createChatHands(group, party, options));
    const hands = createGroupHands(party, options);
    return group.name === mainGroup
      ? [
          ...chats,
          createGroupTool(hands, mainGroup),
          createDiagnose(createDiagnoseHands(party, options), mainGroup),
        ]
      : [...chats, createSetGroup(hands, group.name)];
  };
}
