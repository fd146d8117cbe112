import type { Translated } from "../define-words.ts";
import type { sandboxWords } from "../english/sandbox.ts";
import { quote } from "../quote.ts";

const seeYourself = "看看 bubblewrap 自己怎么说：\n  bwrap --unshare-all --ro-bind / / true";

export const sandbox: Translated<typeof sandboxWords> = {
  missing: ({ program, packageName, install }) => ({
    message: `没有安装程序 ${program}。`,
    hint:
      install === undefined ? `请安装系统的软件包 ${packageName}。` : `请以 root 身份安装：\n  ${install}`,
  }),
  tooOld: ({ said }) => ({
    message: `bubblewrap 太旧：${said}`,
    hint: "请安装 bubblewrap 0.8 或更新的版本。",
  }),
  inContainer: ({ said }) => ({
    message: `这个容器不允许使用沙箱：${said}`,
    hint: "请这样启动容器，给它沙箱所需的权限：\n  docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined --user 1000 …",
  }),
  appArmor: ({ said, profile }) => ({
    message: `AppArmor 不允许 bubblewrap 创建命名空间：${said}`,
    hint: `请放行：\n  printf '${profile}\\n' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`,
  }),
  switchedOff: ({ said, setting }) => ({
    message: `这个系统不允许普通用户使用命名空间：${said}`,
    hint: `请放行，现在以及重启之后：\n  sudo sysctl -w ${setting}\n  echo ${setting} | sudo tee /etc/sysctl.d/60-nanoclaw.conf`,
  }),
  forbidden: ({ said }) => ({
    message: `这个系统不允许 NanoClaw 创建命名空间：${said}`,
    hint: "请在容器和受限服务之外运行它。",
  }),
  outOfMemory: ({ said }) => ({
    message: `沙箱没有可用的内存或进程数了：${said}`,
    hint: "请关闭一些程序，或者提高您的用户或容器的限制（ulimit -u、内存），然后再试。",
  }),
  diskNearlyFull: ({ path, freeMb, neededMb }) => ({
    message: `磁盘快满了：${path} 还剩 ${freeMb} MB，至少要有 ${neededMb} MB 才会开始执行命令。`,
    hint: `请腾出一些空间，或者用 sandbox.limits.freeMb 降低要求：\n  df -h ${quote(path)}`,
  }),
  tooManyCommands: ({ most }) => ({
    message: `这个沙箱里已经有 ${most} 个命令在运行。`,
    hint: "请等其中一个结束，或者停止一个后台任务。这个数目是 sandbox.limits.commands。",
  }),
  noControlGroup: ({ said }) => ({
    message: `无法设置沙箱的限制：${said}`,
    hint: "这台机器的控制组可能由别的程序管理。看看这里哪些限制有效：\n  nanoclaw sandbox status",
  }),
  notStarted: ({ said, code }) => ({
    message: said === "" ? `沙箱没有启动（退出码 ${code}）。` : said,
  }),
  broken: ({ said }) => ({ message: said, hint: seeYourself }),
  late: ({ seconds }) => ({
    message: `沙箱在 ${seconds} 秒内没有启动。`,
    hint: `这台机器可能非常忙。${seeYourself}`,
  }),
  noLibrary: () => ({
    message: "没有找到这个系统的 C 库。",
    hint: "NanoClaw 的沙箱需要 x86-64 或 arm64 上的 glibc 或 musl。",
  }),
};
