const patienceMs = 3_000;

/**
 * Whether a gateway at the socket says hello, as each does to whoever comes. That somebody listens proves nothing: the kernel
 * takes connections for a process that hangs too.
 */
export async function greets(path: string, signal: AbortSignal, waitMs = patienceMs): Promise<boolean> {
  const greeting = Promise.withResolvers<boolean>();
  const give = (isThere: boolean) => (): void => greeting.resolve(isThere);
  const stop = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  stop.addEventListener("abort", give(false), { once: true });
  try {
    // oxlint-disable-next-line no-restricted-properties -- a socket of our own folder, and no network
    const socket = await Bun.connect({
      unix: path,
      socket: { data: give(true), close: give(false), error: give(false) },
    });
    try {
      return await greeting.promise;
    } finally {
      socket.end();
    }
  } catch {
    return false;
  }
}
