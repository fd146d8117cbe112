import { argv } from "bun";
import { Database } from "bun:sqlite";

const [, , place = "", file = ""] = argv;
const database = new Database(file);
database.run("PRAGMA journal_mode = WAL");
database.run("PRAGMA synchronous = FULL");
database.run("CREATE TABLE said (text TEXT)");
const keep = database.query("INSERT INTO said VALUES (?)");

for (;;) {
  const message = await (await fetch(`${place}/next`)).text();
  keep.run(message);
  const answer = await (await fetch(`${place}/model`, { method: "POST", body: message })).text();
  keep.run(answer);
  await (await fetch(`${place}/send`, { method: "POST", body: answer })).text();
}
