import { chmod, lstat, mkdir, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError, systemCode } from "../../errors.ts";
import { doctorWords } from "../../words/english/doctor.ts";
import { homeWords } from "../../words/english/home.ts";
import { fine, problem, warning, type Check, type Finding } from "./check.ts";

/** That the folder is there, is ours, and nobody else gets at what is in it. */
export const checkHome: Check = async ({ home, phrases }) => {
  const { root } = home;
  const status = await look(root);
  if (status === undefined) {
    const make = async (): Promise<void> => void (await mkdir(root, { recursive: true, mode: 0o700 }));
    return [warning(doctorWords.folderMissing({ path: root }), make)];
  }
  if (!status.isDirectory()) throw new AppError("denied", homeWords.noFolder({ path: root }));
  const ourUid = process.getuid?.() ?? status.uid;
  if (status.uid !== ourUid) {
    throw new AppError("denied", homeWords.ofAnother({ path: root, uid: status.uid, ourUid }));
  }
  const findings = [await checkMode(root), ...(await checkContents(root))].flat();
  return findings.length === 0 ? fine(phrases.home({ path: root })) : findings;
};

const privateFolders = ["logs", "backups", "run", "groups", "plugins", "skills"];

/** Nothing deeper than the backups: what lies in a group's folder, its own sandbox writes. */
async function checkContents(root: string): Promise<Finding[]> {
  const names = await readdir(root);
  const files = names.filter((name) => /^(?:config\.json|secrets\.json|history|nanoclaw\.db.*)$/.test(name));
  const folders = names.filter((name) => privateFolders.includes(name));
  const backups = names.includes("backups") ? await readdir(join(root, "backups")) : [];
  const paths = [...files, ...folders, ...backups.map((name) => `backups/${name}`)];
  return (await Promise.all(paths.map((name) => checkMode(join(root, name))))).flat();
}

async function checkMode(path: string): Promise<Finding[]> {
  const status = await look(path);
  // The file that a link leads to is kept elsewhere, by the person.
  if (status === undefined || status.isSymbolicLink()) return [];
  const loose = status.mode & 0o077;
  if (loose === 0) return [];
  const wanted = status.isDirectory() ? 0o700 : status.mode & 0o700;
  const facts = { path, mode: (status.mode & 0o777).toString(8), wanted: wanted.toString(8) };
  return [problem(doctorWords.modeOpen(facts), () => chmod(path, wanted))];
}

async function look(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

const littleBytes = 1_000_000_000;
const tooLittleBytes = 100_000_000;

export const checkSpace: Check = async ({ home, phrases }) => {
  const path = (await look(home.root)) === undefined ? "/" : home.root;
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const megabytes = Math.floor(free / 1e6);
  if (free >= littleBytes) return fine(phrases.space({ megabytes }));
  const said = doctorWords.diskLow({ path, megabytes });
  return [free < tooLittleBytes ? problem(said) : warning(said)];
};
