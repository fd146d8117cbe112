/** `base_url` and `baseUrl` are the same key: this is how it is written here. */
export function toCamelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `lm_studio`, `lm-studio` and `lmStudio` are the provider `lmstudio`. */
export function toProviderName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}
