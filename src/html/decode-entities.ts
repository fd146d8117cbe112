/** `&amp;`, `&#8364;`, `&#x20ac;` as the characters they stand for; what is none stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,31}));?/g, toCharacter);
}

function toCharacter(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return Object.hasOwn(names, name) ? (names[name] ?? whole) : whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  // What the web means by these is Windows-1252.
  if (code >= 0x80 && code <= 0x9f) return new TextDecoder("windows-1252").decode(Uint8Array.of(code));
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  return isCharacter ? String.fromCodePoint(code) : "\u{FFFD}";
}

/** Those that pages use; in order of their code, each for the next character. */
const latin =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
const greek =
  "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega - - - - - - - alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega";

const names: Readonly<Record<string, string>> = {
  ...toNames(latin, 0xa0),
  ...toNames(greek, 0x391),
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", AMP: "&", LT: "<", GT: ">", QUOT: '"' },
  ...{ OElig: "Œ", oelig: "œ", Scaron: "Š", scaron: "š", Yuml: "Ÿ", fnof: "ƒ", circ: "ˆ", tilde: "˜" },
  ...{ ensp: "\u2002", emsp: "\u2003", thinsp: "\u2009", zwnj: "\u200c", zwj: "\u200d", lrm: "", rlm: "" },
  ...{ ndash: "–", mdash: "—", lsquo: "‘", rsquo: "’", sbquo: "‚", ldquo: "“", rdquo: "”", bdquo: "„" },
  ...{ dagger: "†", Dagger: "‡", bull: "•", hellip: "…", permil: "‰", prime: "′", Prime: "″", lsaquo: "‹" },
  ...{ rsaquo: "›", euro: "€", trade: "™", larr: "←", uarr: "↑", rarr: "→", darr: "↓", harr: "↔", rArr: "⇒" },
  ...{ minus: "−", lowast: "∗", radic: "√", infin: "∞", asymp: "≈", ne: "≠", equiv: "≡", le: "≤", ge: "≥" },
  ...{ sum: "∑", prod: "∏", part: "∂", int: "∫", forall: "∀", exist: "∃", isin: "∈", cap: "∩", cup: "∪" },
  ...{
    check: "✓",
    star: "☆",
    starf: "★",
    hearts: "♥",
    spades: "♠",
    clubs: "♣",
    diams: "♦",
    lang: "⟨",
    rang: "⟩",
  },
  ...{
    colon: ":",
    comma: ",",
    period: ".",
    lpar: "(",
    rpar: ")",
    lsqb: "[",
    rsqb: "]",
    sol: "/",
    bsol: "\\",
  },
  ...{
    lbrace: "{",
    rbrace: "}",
    num: "#",
    dollar: "$",
    percnt: "%",
    ast: "*",
    plus: "+",
    equals: "=",
    NewLine: "\n",
  },
  ...{
    excl: "!",
    quest: "?",
    commat: "@",
    lowbar: "_",
    grave: "`",
    vert: "|",
    hyphen: "‐",
    Tab: "\t",
    semi: ";",
  },
};

function toNames(list: string, from: number): Record<string, string> {
  return Object.fromEntries(
    list
      .split(" ")
      .flatMap((name, index) => (name === "-" ? [] : [[name, String.fromCodePoint(from + index)]])),
  );
}
