import type { Translated } from "../define-words.ts";
import type { doctorWords } from "../english/doctor.ts";
import { quote } from "../quote.ts";

export const doctor: Translated<typeof doctorWords> = {
  folderMissing: ({ path }) => ({
    message: `${path} 还不存在。`,
    hint: "第一次使用时会创建，也可以用：\n  nanoclaw doctor --fix",
  }),
  modeOpen: ({ path, mode, wanted }) => ({
    message: `这台机器的其他用户能访问 ${path}（权限 ${mode}）。`,
    hint: `请让它只属于您：\n  chmod ${wanted} ${quote(path)}`,
  }),
  noModel: () => ({
    message: "没有设置模型：由内置演示作答，它不是语言模型。",
    hint: "请选择一个：\n  nanoclaw onboard",
  }),
  auditBroken: ({ row, reason }) => ({
    message: `审计日志从第 ${row} 行起与写入时不同：${reason}`,
    hint: "有人手工改过数据库，或者磁盘出了错。请与 backups 文件夹中的副本比较。",
  }),
  diskLow: ({ path, megabytes }) => ({
    message: `${path} 所在的磁盘只剩 ${megabytes} MB。`,
    hint: `请腾出一些空间。查看什么占用了空间：\n  du -xh ${quote(path)} | sort -h | tail`,
  }),
  clockBehind: ({ minutes }) => ({
    message: `时钟比最后写入的内容早 ${minutes} 分钟。`,
    hint: "请校准这台机器的时钟。查看它是否自动校准：\n  timedatectl",
  }),
  staleLease: ({ group, pid }) => ({
    message: `群组 ${group} 还被进程 ${pid} 占着，而它已经不在了。`,
    hint: "下一条消息会接管，也可以用：\n  nanoclaw doctor --fix",
  }),
  gatewayDown: ({ manager }) => ({
    message: `网关已安装为服务（${manager}），但没有运行。`,
    hint: "请查看它为什么结束，然后启动它：\n  nanoclaw logs -n 20\n  nanoclaw service start",
  }),
  gatewaySilent: ({ pid }) => ({
    message: `网关（进程 ${pid}）在运行，但没有响应。`,
    hint: "请查看它在做什么，然后重新启动：\n  nanoclaw logs -n 20\n  nanoclaw service stop\n  nanoclaw service start",
  }),
  staleGateway: ({ pid }) => ({
    message: `已经不在的网关（进程 ${pid}）仍被记为正在服务。`,
    hint: "下一个网关会取代它，也可以这样清除：\n  nanoclaw doctor --fix",
  }),
  staleFile: ({ path }) => ({
    message: `${path} 是已经不在的网关留下的。`,
    hint: "下一个网关会替换它，也可以这样清除：\n  nanoclaw doctor --fix",
  }),
  serviceMissing: () => ({
    message: "网关在运行，但它结束后没有什么会再启动它。",
    hint: "请让它作为服务运行：\n  nanoclaw service install",
  }),
  programOld: ({ program, version, wanted }) => ({
    message: `${program} ${version} 太旧：需要 ${wanted} 或更新的版本。`,
    hint: "请更新它，然后在 NanoClaw 的文件夹中运行 npm install。",
  }),
  notOnPath: () => ({
    message: "您的 shell 找不到 nanoclaw 命令。",
    hint: "请链接它：\n  nanoclaw service path",
  }),
  danglingLink: ({ path, target }) => ({
    message: `${path} 指向 ${target}，而它已经不在了。`,
    hint: "请用现在的程序重新链接：\n  nanoclaw service path",
  }),
  orphans: ({ pids }) => ({
    message: `已经不在的 NanoClaw 留下了沙箱：进程 ${pids.join("、")}。`,
    hint: `请查看它是什么，然后结束它：\n  ps -fp ${pids.join(",")}\n  kill ${pids.join(" ")}`,
  }),
  leftMount: ({ path }) => ({
    message: `${path} 上挂载了不该有的东西。`,
    hint: `请卸载它：\n  umount ${quote(path)}`,
  }),
  noBackup: ({ folder }) => ({
    message: `${folder} 中没有备份。`,
    hint: "请做一个，最好放到另一个磁盘上：\n  nanoclaw backup",
  }),
  backupOld: ({ days }) => ({
    message: `最新的备份是 ${days} 天前的。`,
    hint: "请做一个，最好放到另一个磁盘上：\n  nanoclaw backup",
  }),
};
