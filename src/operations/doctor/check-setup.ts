import { loadConfig, type Config } from "../../config.ts";
import { defaultConfig } from "../../config/defaults.ts";
import { AppError } from "../../errors.ts";
import { openKeyring } from "../../keyring.ts";
import { isUsable, listCandidates } from "../../providers/candidates.ts";
import { checkKey } from "../../providers/check-key.ts";
import { toTarget } from "../../providers/registry.ts";
import { loadSandboxRuntime } from "../../sandbox/registry.ts";
import { doctorWords } from "../../words/english/doctor.ts";
import { fine, problem, warning, type Check, type DoctorPlace } from "./check.ts";

export const checkConfig: Check = async ({ home, environment, phrases }) => {
  const { notices } = await loadConfig(home.config, environment);
  const isThere = await Bun.file(home.config).exists();
  if (notices.length === 0) return fine(phrases.config({ isThere }));
  return notices.map((message) => warning({ message }));
};

export const checkKeys: Check = async (place) => {
  const { home, environment, phrases } = place;
  const keyring = await openKeyring({ environment, secretsPath: home.secrets });
  const count = listCandidates(await readConfig(place), keyring).filter(isUsable).length;
  return fine(phrases.keys({ count }));
};

/** Asks the provider of the model in use for something that costs nothing but needs the key; ten seconds at most. */
export const checkModel: Check = async (place, signal) => {
  const { phrases } = place;
  const resolved = await place.findModel(await readConfig(place), signal);
  if (resolved.chosenBy === "nothing") return [warning(doctorWords.noModel())];
  const { name, label, model, wire, apiBase, apiKey, extraHeaders, proxy } = resolved;
  if (wire !== "anthropic" && wire !== "openai") return fine(phrases.modelUnasked({ model }));
  const key = apiKey === undefined ? {} : { apiKey };
  const target = toTarget(name, { wire, apiBase, extraHeaders, proxy, ...key });
  if (target === undefined) return fine(phrases.modelUnasked({ model }));
  const answer = await checkKey(target, signal);
  return answer.type === "ok" ? fine(phrases.model({ model, label })) : [problem(answer.error)];
};

export const checkSandbox: Check = async (place, signal) => {
  const { sandbox } = await readConfig(place);
  const runtime = await loadSandboxRuntime(sandbox.runtime);
  const probe = await runtime.probe(signal);
  if (probe.isAvailable) return fine([runtime.name, ...probe.facts].join(", "));
  const { reason, remedy, words } = probe;
  return [problem({ message: reason, hint: remedy, ...(words === undefined ? {} : { words }) })];
};

/** One that cannot be read is a finding of its own check; the others go on with the defaults. */
async function readConfig({ home, environment }: DoctorPlace): Promise<Config> {
  try {
    return (await loadConfig(home.config, environment)).config;
  } catch (error) {
    if (error instanceof AppError) return defaultConfig;
    throw error;
  }
}
