/** What is needed to colour a language by its tokens. */
export interface Language {
  readonly keywords: ReadonlySet<string>;
  readonly isCaseless: boolean;
  /** Opening to closing marks of what may span lines. */
  readonly blocks: Readonly<Record<string, string>>;
  /** Which of the opening marks begin comments; the others begin strings. */
  readonly comments: readonly string[];
  /** One alternative a token, named `open`, `line`, `string`, `number`, `word`, `space`. */
  readonly tokens: string;
}

interface Description {
  readonly words: string;
  /** Marks that make a comment of the rest of the line. */
  readonly line?: readonly string[];
  readonly comments?: Readonly<Record<string, string>>;
  readonly strings?: Readonly<Record<string, string>>;
  /** Characters around strings of one line. */
  readonly quotes?: string;
  readonly isCaseless?: boolean;
  /** Further characters of words, written for a character class. */
  readonly wordMarks?: string;
}

const slashes = { line: ["//"], comments: { "/*": "*/" } } as const;
const types = "bool char double float int long short signed unsigned void size_t";
const flow = "break case continue default do else for if return switch while";

const descriptions = {
  javascript: {
    ...slashes,
    strings: { "`": "`" },
    words: `${flow} abstract any as async await boolean catch class const constructor debugger declare delete enum export extends false finally from function get implements import in instanceof interface keyof let never new null number of private protected public readonly satisfies set static string super symbol this throw true try type typeof undefined unknown using var void yield`,
    wordMarks: "$",
  },
  c: {
    ...slashes,
    words: `${flow} ${types} auto const constexpr enum extern false goto inline namespace new delete nullptr NULL operator override private protected public class register sizeof static struct template this throw true try catch typedef typename union using virtual volatile #include #define #ifdef #ifndef #endif #if #else #pragma`,
    wordMarks: "#",
  },
  java: {
    ...slashes,
    strings: { '"""': '"""' },
    words: `${flow} ${types} abstract assert async await base bool boolean byte catch class const decimal delegate enum event extends final finally foreach goto implements import in instanceof interface internal is lock namespace native new null object out override package params private protected public readonly record ref sealed static string super synchronized this throw throws transient true false try typeof using var virtual volatile yield`,
    wordMarks: "@",
  },
  go: {
    ...slashes,
    strings: { "`": "`" },
    words: `${flow} bool byte chan const defer error fallthrough false func go goto import int int64 interface map nil package range rune select string struct true type uint8 var`,
  },
  rust: {
    ...slashes,
    quotes: '"',
    words: `${flow} as async await bool box const crate dyn enum extern f32 f64 false fn i32 i64 impl in let loop match mod move mut pub ref self Self static str String struct super trait true type u8 u32 u64 unsafe use usize where None Some Ok Err`,
  },
  swift: {
    ...slashes,
    strings: { '"""': '"""' },
    words: `${flow} as async await catch class companion data deinit enum extension false fileprivate final fun func guard import in init inout interface internal is it lateinit let nil null object open operator override package private protocol public repeat sealed self Self static struct super suspend throw throws trait true try typealias val var when where`,
  },
  php: {
    line: ["//", "#"],
    comments: { "/*": "*/" },
    words: `${flow} abstract array as catch class const echo elseif extends false final finally fn foreach function global implements include instanceof interface match namespace new null private protected public readonly require require_once static this throw trait true try use var yield`,
    wordMarks: "$",
  },
  python: {
    line: ["#"],
    strings: { '"""': '"""', "'''": "'''" },
    words:
      "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
    wordMarks: "@",
  },
  ruby: {
    line: ["#"],
    words:
      "alias and begin break case class def defined? do else elsif end ensure false for if in module next nil not or private puts raise redo require rescue retry return self super then true undef unless until when while yield",
    wordMarks: "@",
  },
  shell: {
    line: ["#"],
    words:
      "case do done elif else esac export fi for function if in local return set then until unset while cd echo exit source sudo",
    wordMarks: "-",
  },
  sql: {
    line: ["--"],
    comments: { "/*": "*/" },
    isCaseless: true,
    words:
      "add all alter and as asc begin between by case check column commit create cross default delete desc distinct drop else end exists false foreign from full group having if in index inner insert integer into is join key left like limit not null offset on or order outer over partition primary references returning right rollback select set table text then true union unique update using values view when where with",
  },
  data: { line: ["#"], words: "true false null yes no on off", wordMarks: "-" },
  json: { line: ["//"], comments: { "/*": "*/" }, quotes: '"', words: "true false null" },
  css: {
    comments: { "/*": "*/" },
    words: "@media @import @keyframes @font-face @supports important inherit initial none auto",
    wordMarks: "@-",
  },
  markup: { comments: { "<!--": "-->" }, words: "", wordMarks: "-" },
  lua: {
    line: ["--"],
    words:
      "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
  },
  docker: {
    line: ["#"],
    words: "FROM RUN CMD COPY ADD ENV ARG WORKDIR ENTRYPOINT EXPOSE USER VOLUME LABEL HEALTHCHECK SHELL AS",
  },
} as const satisfies Readonly<Record<string, Description>>;

const names: Readonly<Record<string, keyof typeof descriptions>> = {
  ...{ js: "javascript", jsx: "javascript", mjs: "javascript", ts: "javascript", tsx: "javascript" },
  ...{ javascript: "javascript", typescript: "javascript", node: "javascript" },
  ...{ c: "c", h: "c", cpp: "c", "c++": "c", cc: "c", hpp: "c", objc: "c", zig: "c" },
  ...{ java: "java", cs: "java", csharp: "java", "c#": "java", dart: "java", scala: "java", groovy: "java" },
  ...{ go: "go", golang: "go", rust: "rust", rs: "rust", swift: "swift", kotlin: "swift", kt: "swift" },
  ...{
    php: "php",
    python: "python",
    py: "python",
    python3: "python",
    ruby: "ruby",
    rb: "ruby",
    elixir: "ruby",
  },
  ...{ sh: "shell", bash: "shell", zsh: "shell", fish: "shell", shell: "shell", console: "shell" },
  ...{ sql: "sql", sqlite: "sql", postgresql: "sql", mysql: "sql" },
  ...{ yaml: "data", yml: "data", toml: "data", ini: "data", conf: "data", env: "data", properties: "data" },
  ...{ json: "json", json5: "json", jsonc: "json", css: "css", scss: "css", less: "css" },
  ...{ html: "markup", xml: "markup", svg: "markup", vue: "markup", svelte: "markup" },
  ...{ lua: "lua", dockerfile: "docker", docker: "docker", make: "shell", makefile: "shell" },
};

/** By the name after a fence. */
export function findLanguage(name: string): Language | undefined {
  const key = name.toLowerCase();
  const description = Object.hasOwn(names, key) ? names[key] : undefined;
  return description === undefined ? undefined : toLanguage(descriptions[description]);
}

const ready = new WeakMap<Description, Language>();

function toLanguage(description: Description): Language {
  const known = ready.get(description);
  if (known !== undefined) return known;
  const { line = [], comments = {}, strings = {}, quotes = "\"'", wordMarks = "" } = description;
  const blocks = { ...comments, ...strings };
  const openers = Object.keys(blocks).toSorted((one, other) => other.length - one.length);
  const language: Language = {
    keywords: new Set(description.words.split(" ")),
    isCaseless: description.isCaseless === true,
    blocks,
    comments: Object.keys(comments),
    tokens: [
      ...(openers.length > 0 ? [`(?<open>${openers.map(escape).join("|")})`] : []),
      // A mark inside of a word, as in "a#b" or "http://", begins no comment.
      ...(line.length > 0 ? [`(?<line>(?<![^\\s;(){}\\[\\],])(?:${line.map(escape).join("|")}))`] : []),
      `(?<string>${quotes
        .split("")
        .map((quote) => `${quote}(?:[^${quote}\\\\]|\\\\.)*(?:${quote}|$)`)
        .join("|")})`,
      "(?<number>(?<![\\p{L}\\p{N}_.])(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?)(?![\\p{L}_]))",
      `(?<word>[\\p{L}\\p{N}_${wordMarks.replace("-", "\\-")}]+)`,
      "(?<space>\\s+)",
    ].join("|"),
  };
  ready.set(description, language);
  return language;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
