import type { BlockList } from "node:net";

/**
 * Whether an address lies on the open internet: in a range of global unicast, and in none of those within it that lead
 * back (private, shared, documentation, and what carries an IPv4 address inside an IPv6 one), nor this machine's own.
 */
export function isReachableAddress(address: string, own: readonly string[] = ownAddresses()): boolean {
  return isGlobalAddress(address) && !own.includes(address);
}

export function isGlobalAddress(address: string): boolean {
  ranges ??= createRanges();
  const version = ranges.isIP(address);
  // A zone (`fe80::1%eth0`) belongs to one link only.
  if (version === 0 || address.includes("%")) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  return ranges.global[family].check(address, family) && !ranges.special.check(address, family);
}

/** Made at the first question: `node:net` brings the runtime's streams along, 3 MB that a gateway at rest does without. */
let ranges: ReturnType<typeof createRanges> | undefined;

function createRanges() {
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  // Apart: a list that holds IPv4 ranges takes an IPv4 address inside an IPv6 one for the former.
  const global = { ipv4: new BlockList(), ipv6: new BlockList() };
  global.ipv4.addRange("1.0.0.0", "223.255.255.255", "ipv4");
  global.ipv6.addSubnet("2000::", 3, "ipv6");
  const special = new BlockList();
  addSubnets(special, specialSubnets);
  return { isIP, global, special };
}

/** IANA's special-purpose registries, as far as they lie within the ranges above; and the one public address of a metadata service. */
const specialSubnets: readonly string[] = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
];

function addSubnets(list: BlockList, subnets: readonly string[]): void {
  for (const subnet of subnets) {
    const [address = "", bits] = subnet.split("/");
    list.addSubnet(address, Number(bits), address.includes(":") ? "ipv6" : "ipv4");
  }
}

function ownAddresses(): string[] {
  const { networkInterfaces } = process.getBuiltinModule("node:os");
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}
