/** A network between two programs that can fall silent: connections stay open, and nothing comes through any more. */
export class SilentRelay implements Disposable {
  readonly port: number;
  readonly #listener: Bun.TCPSocketListener<{ far?: Bun.Socket; early: Uint8Array[] }>;
  #silent = new WeakSet<object>();
  readonly #open = new Set<object>();

  constructor(target: () => number) {
    this.#listener = Bun.listen<{ far?: Bun.Socket; early: Uint8Array[] }>({
      hostname: "127.0.0.1",
      port: 0,
      data: { early: [] },
      socket: {
        open: (near) => {
          near.data = { early: [] };
          this.#open.add(near);
          void Bun.connect({
            hostname: "127.0.0.1",
            port: target(),
            socket: {
              open: (far) => {
                near.data.far = far;
                for (const bytes of near.data.early.splice(0)) far.write(bytes);
              },
              data: (_, bytes) => void (this.#silent.has(near) ? 0 : near.write(bytes)),
              close: () => void (this.#silent.has(near) ? 0 : near.end()),
            },
          }).catch(() => near.terminate());
        },
        data: (near, bytes) => {
          if (this.#silent.has(near)) return;
          const { far, early } = near.data;
          if (far === undefined) early.push(Uint8Array.from(bytes));
          else far.write(bytes);
        },
        close: (near) => {
          this.#open.delete(near);
          near.data.far?.end();
        },
      },
    });
    this.port = this.#listener.port;
  }

  /** All connections that are open now; the next ones speak. */
  fallSilent(): void {
    for (const near of this.#open) this.#silent.add(near);
  }

  [Symbol.dispose](): void {
    this.#listener.stop(true);
  }
}
