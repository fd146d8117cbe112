/** Names that are known to hold secrets or to be run by programs of the owner. Patterns as `find -name` and `Bun.Glob` read them. */

/** A folder with one of these in its path is never shared. Inside a shared one they are covered. */
export const secretFolders = [
  ".ssh",
  ".gnupg",
  ".gpg",
  ".secret",
  ".secrets",
  ".aws",
  ".azure",
  ".gcloud",
  ".kube",
  ".docker",
  ".password-store",
  ".nanoclaw",
] as const;

/** Likewise, files. */
export const secretFiles = [
  ".env*",
  "*.env",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.kdbx",
  "id_rsa*",
  "id_dsa*",
  "id_ecdsa*",
  "id_ed25519*",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".git-credentials",
  "credentials",
  "private_key*",
  ".secret",
  ".secrets",
  "credentials.json",
] as const;

/** What the owner's own programs would run or obey: read-only in a folder that may otherwise be written. */
export const steeringFolders = [
  ".git",
  ".vscode",
  ".idea",
  ".claude",
  ".cursor",
  ".devcontainer",
  ".husky",
] as const;

export const steeringFiles = [
  ".git",
  ".gitconfig",
  ".gitmodules",
  ".mcp.json",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".bash_aliases",
  ".profile",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".zlogout",
  ".inputrc",
  ".tmux.conf",
  ".vimrc",
] as const;

/** Whether a name, one component of a path, is one that is never shared. In capitals it holds the same. */
export function isSecretName(name: string): boolean {
  return [...secretFolders, ...secretFiles].some((pattern) => toGlob(pattern).match(name.toLowerCase()));
}

/** Whether a folder, by the names on its path, is one that the owner's own programs run or obey. */
export function isSteeringFolder(names: readonly string[]): boolean {
  const lower = names.map((name) => name.toLowerCase());
  return lower.includes(".git") || steeringFolders.some((folder) => folder === lower.at(-1));
}

function toGlob(pattern: string): Bun.Glob {
  return new Bun.Glob(pattern);
}
