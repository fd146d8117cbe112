import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { defaultConfig } from "../config/defaults.ts";
import { parsePairingCode } from "../people/pairing-code.ts";
import { seePerson, setOwner } from "../store/people.ts";
import { offerPairing } from "./offer-pairing.ts";

test("a code is printed where a chat app is set up in which no owner is known, and only there", async () => {
  await using store = await openTemporaryStore();
  const said: string[] = [];
  const io = { write: async (text: string) => void said.push(text) };
  const http = { isEnabled: () => true };
  expect(await offerPairing(store, defaultConfig, { http }, io)).toBe(false);
  expect(await offerPairing(store, defaultConfig, { http, telegram: { isEnabled: () => false } }, io)).toBe(
    false,
  );
  expect(said).toEqual([]);
  const channels = { http, telegram: { isEnabled: () => true } };
  expect(await offerPairing(store, defaultConfig, channels, io)).toBe(true);
  const [, code = ""] = /Pairing code: (\S+)\n/.exec(said.join("")) ?? [];
  expect(parsePairingCode(code)?.isDeliberate).toBe(true);
  expect(said.join("")).toContain("nanoclaw gateway");
  await store.database.transaction(async (tx) => {
    const address = { channel: "telegram", account: "default", sender: "1", displayName: "Anna", now: 0 };
    await setOwner(tx, (await seePerson(tx, address)).id, true);
  });
  expect(await offerPairing(store, defaultConfig, channels, io)).toBe(false);
});
