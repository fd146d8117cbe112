import type { Translated } from "../define-words.ts";
import type { egressWords } from "../english/egress.ts";

export const egress: Translated<typeof egressWords> = {
  notAHost: ({ host }) => ({
    message: `“${host}”不是主机名。`,
    hint: "请写成 HOST、HOST:PORT 或 *.DOMAIN，例如 api.github.com 或 *.pypi.org，不带 https://，也不带路径。",
  }),
  tooWide: ({ host }) => ({
    message: `“${host}”允许的范围太大。`,
    hint: "星号代表一个至少由两部分组成的域名之下的所有主机，例如 *.example.com。",
  }),
  notOnTheInternet: ({ host }) => ({
    message: `${host} 不是公共互联网上的地址。`,
    hint: "无论允许了什么，沙箱都不会连接本机、本机所在的网络或云平台的元数据服务。",
  }),
  notAPath: ({ prefix }) => ({
    message: `“${prefix}”不是路径的开头。`,
    hint: "它以斜杠开头，写法与服务器看到的一致，例如 /repos；/ 代表整个主机。",
  }),
  notAllowed: ({ group, host, known }) => ({
    message: `群组 ${group} 可以访问的主机中没有 ${host}。`,
    hint:
      known.length === 0
        ? `它不能访问任何主机。要允许一个：\n  nanoclaw groups egress allow ${group} HOST`
        : `它可以访问：${known.join("、")}。`,
  }),
  brokenRule: ({ group, host }) => ({
    message: `群组 ${group} 的主机中有一项“${host}”无法理解，所以该群组什么都不能访问。`,
    hint: `请将它移除：\n  nanoclaw groups egress deny ${group} '${host}'`,
  }),
};
