import type { Probe } from "./probe.ts";

function opens(family: number, type: number, protocol = 0): { readonly js: string } {
  return { js: `sys("socket", ${family}, ${type}, ${protocol}) >= 0` };
}

/** Connecting a datagram's socket sends nothing: it only asks for a way there. */
function routes(family: number, address: readonly number[]): { readonly js: string } {
  const bytes = [family, 0, 0, 80, ...(family === 10 ? [0, 0, 0, 0] : []), ...address];
  const all = [...bytes, ...Array.from({ length: 28 - bytes.length }, () => 0)];
  const size = family === 10 ? 28 : 16;
  return {
    js: `sys("connect", sys("socket", ${family}, 2, 0), new Uint8Array([${all.join()}]), ${size}) === 0`,
  };
}

/** Who can be reached. */
export const networkProbes: readonly Probe[] = [
  {
    id: "net.host-loopback",
    tries: "reach a server on 127.0.0.1 of the host",
    attack: { js: `ask({ hostname: "127.0.0.1", port: Number(env.PORT) })` },
  },
  {
    id: "net.metadata",
    tries: "find a way to the cloud's metadata server",
    attack: routes(2, [169, 254, 169, 254]),
  },
  { id: "net.internet", tries: "find a way to the internet", attack: routes(2, [192, 0, 2, 1]) },
  {
    id: "net.internet-6",
    tries: "the same by IPv6",
    attack: routes(10, [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
  },
  {
    id: "net.interfaces",
    tries: "see a network interface of the host",
    attack: { sh: "tail -n +3 /proc/net/dev | grep -v '^ *lo:' | grep -q : && echo WORKED" },
  },
  { id: "net.raw", tries: "send raw packets", attack: opens(2, 3, 1) },
  { id: "net.packet", tries: "listen on the wire", attack: opens(17, 3) },
  { id: "net.vsock", tries: "speak to the hypervisor below this machine", attack: opens(40, 1) },
  { id: "net.kernel-crypto", tries: "open a socket of the kernel's ciphers", attack: opens(38, 5) },
  { id: "net.key", tries: "open a socket of the kernel's IPsec keys", attack: opens(15, 3, 2) },
  {
    id: "net.unusual-families",
    tries: "open a socket of a family that is seldom looked at (TIPC, CAN, Bluetooth, XDP, SMC)",
    attack: {
      js: `[30, 29, 31, 44, 43].some((family) => [1, 2, 3, 5].some((type) => sys("socket", family, type, 0) >= 0))`,
    },
  },
  {
    id: "sock.host-path",
    tries: "reach a server of the host by the socket in its folder",
    attack: { js: `ask({ unix: env.SOCKET })` },
  },
  {
    id: "sock.host-abstract",
    tries: "reach one by a name without a folder",
    attack: { js: `ask({ unix: "\\0" + env.ABSTRACT })` },
  },
  {
    id: "sock.services",
    tries: "find the socket of Docker, containerd, systemd or D-Bus",
    attack: {
      sh: "for s in /var/run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock /run/systemd/private /run/dbus/system_bus_socket /run/user/*/bus; do [ -S $s ] && echo WORKED; done",
    },
  },
];
