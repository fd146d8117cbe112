import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Arena } from "../arena/arena.ts";
import type { Launch } from "../arena/attack-case.ts";

export const token = "the-token-of-the-arena";

/** The program serves as a gateway. Ben is a member of the friends, and every message in their chat counts. */
export async function serve(arena: Arena, config: Readonly<Record<string, unknown>> = {}): Promise<Launch> {
  await arena.bench.configure({ gateway: { port: 0, token }, ...config });
  const { code, err } = await arena.run(["groups", "add", "friends"]);
  if (code !== 0) throw new Error(err);
  using database = new Database(join(arena.bench.state, "nanoclaw.db"));
  const friends =
    database.query<{ id: number }, []>("SELECT id FROM groups WHERE name = 'friends'").get()?.id ?? 0;
  const now = Date.now();
  database.run(
    "INSERT INTO people (channel, account, sender, is_owner, display_name, created_at) VALUES ('http', 'default', 'for:ben', 0, 'Ben', ?)",
    [now],
  );
  const ben = database.query<{ id: number }, []>("SELECT max(id) AS id FROM people").get()?.id ?? 0;
  database.run("INSERT INTO members (group_id, person_id, added_at) VALUES (?, ?, ?)", [friends, ben, now]);
  database.run("INSERT INTO group_settings (group_id, trigger_mode) VALUES (?, 'always')", [friends]);
  database.run(
    "INSERT INTO chats (channel, account, chat, group_id, title, is_private, created_at) VALUES ('http', 'default', 'f1', ?, 'Friends', 0, ?)",
    [friends, now],
  );
  return { serves: true };
}

export async function request(arena: Arena, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, ...Object.fromEntries(new Headers(init.headers)) };
  return await fetch(`${await arena.address()}${path}`, { ...init, headers });
}

/** Says it in a chat and waits for what comes of it. */
export async function post(arena: Arena, body: Readonly<Record<string, unknown>>): Promise<string> {
  const text = JSON.stringify({ wait: 10, ...body });
  return await (await request(arena, "/api/messages", { method: "POST", body: text })).text();
}

/** Ben says it in the friends' chat. */
export const asBen = (text: string): Readonly<Record<string, unknown>> => ({
  text,
  chat: "f1",
  from: { id: "ben", name: "Ben" },
  isPrivate: false,
});

/** All that a chat was sent. */
export async function readChat(arena: Arena, chat: string): Promise<string> {
  return await (await request(arena, `/api/replies?chat=${chat}`)).text();
}
