/** Names that mean this machine or its network are never reached, whatever the owner says. */
const ownNetwork = /^[^.]+$|\.(?:localhost|local|internal|lan|home|corp|intranet|private|arpa)$/;

/** Whether it is worth asking for: an address is judged where it is dialled. */
export function isOnOwnNetwork(host: string): boolean {
  return ownNetwork.test(host);
}
