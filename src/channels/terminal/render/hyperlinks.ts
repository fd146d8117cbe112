const programs: readonly string[] = [
  "iTerm.app",
  "WezTerm",
  "vscode",
  "ghostty",
  "Hyper",
  "Tabby",
  "rio",
  "zed",
  "WarpTerminal",
];
const terminals = /^(?:xterm-kitty|xterm-ghostty|alacritty|foot|contour|wezterm)/;

/**
 * Whether the terminal is known to make words clickable (OSC 8). An unknown one might print the sequence, and a
 * multiplexer might drop it: there an address stands behind its words.
 */
export function hasHyperlinks(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env["TMUX"] !== undefined || env["STY"] !== undefined) return false;
  if (programs.includes(env["TERM_PROGRAM"] ?? "") || terminals.test(env["TERM"] ?? "")) return true;
  if (Number(env["VTE_VERSION"] ?? 0) >= 5000) return true;
  return ["WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"].some(
    (name) => env[name] !== undefined,
  );
}
