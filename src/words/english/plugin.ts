import { defineWords } from "../define-words.ts";

/** A package that speaks to a provider: adding it, loading it, making a model of it. */
export const pluginWords = defineWords("plugin", {
  notAName: ({ text }: { text: string }) => ({
    message: `"${text}" is no name of a package.`,
    hint: "As in:\n  nanoclaw plugins add @ai-sdk/google",
  }),
  notFetched: ({ name, said }: { name: string; said: string }) => ({
    message: `The package ${name} could not be fetched: ${said}`,
    hint: "Check its name, and whether the registry can be reached.",
  }),
  otherBytes: ({ name, said }: { name: string; said: string }) => ({
    message: `What came for ${name} is not what it is known as, so nothing of it was kept: ${said}`,
    hint: "Somebody between you and the registry, or the registry itself, gave something else. Try it from another network, or with another registry in npm_config_registry.",
  }),
  notOneFile: ({ name }: { name: string }) => ({
    message: `No single file can be made of the package ${name}.`,
    hint: "It may need something that runs nowhere but in Node; another version may do.",
  }),
  notLoadable: ({ name }: { name: string }) => ({
    message: `The plugin ${name} could not be loaded.`,
    hint: `Another version may do:\n  nanoclaw plugins add ${name}@VERSION`,
  }),
  notInstalled: ({ name }: { name: string }) => ({
    message: `The package ${name} is not installed as a plugin.`,
    hint: `Add it:\n  nanoclaw plugins add ${name}`,
  }),
  changed: ({ name, version }: { name: string; version: string }) => ({
    message: `The plugin ${name} was changed after it was added, so it is not loaded.`,
    hint: `See who did, then add it anew:\n  nanoclaw plugins add ${name}@${version}`,
  }),
  gone: ({ name, version, file }: { name: string; version: string; file: string }) => ({
    message: `The plugin ${name} is gone: ${file} cannot be read.`,
    hint: `Add it anew:\n  nanoclaw plugins add ${name}@${version}`,
  }),
  notOurList: ({ path }: { path: string }) => ({
    message: `${path} is not the list of plugins.`,
    hint: "Move it away, then add the plugins again:\n  nanoclaw plugins add PACKAGE",
  }),
  unknown: ({ name, known }: { name: string; known: readonly string[] }) => ({
    message: `There is no plugin ${name}.`,
    hint: known.length === 0 ? "There are none." : `Known: ${known.join(", ")}`,
  }),
  noPackage: ({ label, name }: { label: string; name: string }) => ({
    message: `${label} has no package.`,
    hint: `Name it:\n  nanoclaw config set providers.${name}.package @ai-sdk/NAME`,
  }),
  noFactory: ({ name, provider, known }: { name: string; provider: string; known: readonly string[] }) => ({
    message: `It is not clear what of ${name} makes the provider.`,
    hint: `Say it, one of ${known.join(", ")}:\n  nanoclaw config set providers.${provider}.factory NAME`,
  }),
  noModel: ({ name }: { name: string }) => ({
    message: `The package ${name} makes no language model that we know.`,
    hint: "It has to follow the AI SDK's specification 2, 3 or 4.",
  }),
  wantsSetting: ({ label, provider, said }: { label: string; provider: string; said: string }) => ({
    message: `${label} wants a key or a setting: ${said}`,
    hint: `Give it one:\n  nanoclaw config set providers.${provider}.apiKey -`,
  }),
  notAsked: ({ label, said }: { label: string; said: string }) => ({
    message: `${label} could not be asked: ${said}`,
    hint: "Choose another model with /model, or another version of its package.",
  }),
});
