import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { isGlobalAddress, isReachableAddress } from "./addresses.ts";

test.each([
  ...["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1"],
  ...["192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.254", "11.0.0.1", "169.253.1.1"],
  ...["2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2400:cb00::1", "2001:200::1"],
])("%s is on the open internet", (address) => {
  expect(isGlobalAddress(address)).toBe(true);
});

test.each([
  ...[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.9.9.9",
  ],
  ...["168.63.129.16", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192"],
  ...[
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
  ],
  ...["224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
  ...["::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:a00:1"],
  ...["64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1"],
  ...["2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0"],
  ...["fec0::1", "ff02::1", "5f00::1", "4000::1"],
  ...[
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
    "127.0.0.1\0",
    "1.1.1.1 ",
    "[::1]",
    "2606:4700::1%eth0",
  ],
])("%j is not", (address) => {
  expect(isGlobalAddress(address)).toBe(false);
});

test("this machine's own addresses are not reached, public or not", () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  expect(own.length).toBeGreaterThan(0);
  for (const { address } of own) expect(isReachableAddress(address)).toBe(false);
  expect(isReachableAddress("8.8.8.8", ["127.0.0.1", "8.8.8.8"])).toBe(false);
  expect(isReachableAddress("8.8.8.8", ["127.0.0.1"])).toBe(true);
});
