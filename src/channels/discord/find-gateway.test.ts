import { expect, test } from "bun:test";
import { officialBase } from "./config.ts";
import { isGateway } from "./find-gateway.ts";

test("of a gateway that Discord names only its own is believed; of another server's any is", () => {
  const told = ["wss://gateway.discord.gg", "wss://gateway-us-east1-b.discord.gg/?v=10"];
  const lies = [
    "ws://gateway.discord.gg",
    "wss://gateway.discord.gg:8443",
    "wss://discord.gg.evil.example",
    "wss://evildiscord.gg",
    "wss://name@gateway.discord.gg",
    "https://gateway.discord.gg",
    "gateway",
  ];
  expect(told.filter((address) => isGateway(address, officialBase))).toEqual(told);
  expect(lies.filter((address) => isGateway(address, officialBase))).toEqual([]);
  expect(isGateway("ws://10.0.0.7:9000/x", "http://10.0.0.7:8000")).toBe(true);
  expect(isGateway("wss://evil.example", officialBase, "wss://evil.example")).toBe(true);
});
