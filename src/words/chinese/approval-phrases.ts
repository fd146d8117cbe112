import type { ApprovalPhrases } from "../english/approval-phrases.ts";

export const approvalPhrases: ApprovalPhrases = {
  title: ({ id, group }) => `🔒 请求 #${id} · 群组 ${group} · 需要您的同意`,
  call: ({ tool }) => `助手想使用 ${tool}，内容完全如下：`,
  above: "内容就是上面所示。",
  host: ({ host, group }) => `允许群组 ${group} 访问主机 ${host} 吗？`,
  connection: ({ place }) => `助手想在您同意之后的那一轮里向 ${place} 发送数据。`,
  diff: "每次对话开头的内容会这样改变：",
  otherGroup: ({ group }) => `它涉及另一个群组：${group}`,
  outgoing: ({ bytes, hash }) => `将原样发出 ${bytes.toLocaleString("zh-CN")} 字节（SHA-256 ${hash}）。`,
  grants: "您同意之后，这个任务每次运行都可以在无人时：",
  grant: {
    host: ({ shown }) => `访问 ${shown}`,
    chat: ({ shown }) => `发送到 ${shown}`,
    search: () => "使用网络搜索",
    files: () => "更改本群组的文件",
  },
  why: ({ reason }) => `为什么要问您：${reason}`,
  asker: ({ who }) => `它为谁工作：${who}`,
  always: ({ bound }) => `“总是允许”只允许这个群组做完全相同的事：${bound}`,
  until: ({ time }) => `如果到 ${time}（UTC）还没有回答，就视为拒绝。`,
  words: "助手自己的话（不能证明任何事）：",
  wordsCut: ({ characters }) => `……还有 ${characters.toLocaleString("zh-CN")} 个字符`,
  clipped: ({ characters, hash, id }) =>
    `……还有 ${characters.toLocaleString("zh-CN")} 个字符（全部参数的 SHA-256：${hash}）。查看全部：nanoclaw approvals show ${id}`,
  buttons: { once: "允许一次", always: "对这个群组总是允许", no: "拒绝", host: "允许" },
  typed: ({ id }) => `或者输入 /approve ${id} 或 /deny ${id}`,
  tooLong: ({ id }) => `内容太长，不能一键同意：/approve ${id} 显示全部，/deny ${id} 表示拒绝。`,
  onlyThere: ({ id }) =>
    `#${id} 太长，聊天里无法完整显示。请在运行网关的机器上：nanoclaw approvals allow ${id}`,
  confirm: ({ id, code, hasAlways }) =>
    `输入以下内容才算同意：/approve ${id} ${code}${hasAlways ? `\n永久允许：/approve ${id} ${code} always` : ""}`,
  decided: ({ id, answer }) =>
    ({ once: `✓ #${id}：已允许一次。`, always: `✓ #${id}：已永久允许。`, no: `✗ #${id}：已拒绝。` })[answer],
  onlyOwner: "只有主人可以回答。",
  onlyInMain: "请在主群组的私聊中回答：这里别人也能看到。",
  none: "没有等待您同意的请求。",
  waits: ({ id, title }) => `等待您的同意：#${id} ${title}`,
  question: ({ hasOnce, hasAlways }) =>
    `允许吗？${[...(hasOnce ? ["once（一次）"] : []), ...(hasAlways ? ["always（总是）"] : []), "no（否）"].join(" · ")}：`,
  later: ({ id }) => `#${id} 继续等待：/approve ${id} 或 /deny ${id}`,
  elsewhere: ({ id, group }) => `#${id} 在群组 ${group} 中执行：由网关执行，或随该群组的下一条消息执行。`,
  byGateway: ({ id, isNow }) =>
    isNow
      ? `网关正在执行 #${id}；提出请求的聊天会得到回答。`
      : `如果一小时内有网关运行，就会执行 #${id}：nanoclaw gateway`,
};
