import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface FakePackage {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

export interface PackageRegistry extends AsyncDisposable {
  readonly url: string;
  /** What was asked for, in order. */
  readonly paths: readonly string[];
}

/** A package registry on loopback that serves packages from a value. */
export async function startPackageRegistry(packages: readonly FakePackage[]): Promise<PackageRegistry> {
  const tarballs = new Map<string, Uint8Array>();
  for (const each of packages) tarballs.set(`/${each.name}/${each.version}.tgz`, await pack(each));
  const paths: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request): Response {
      const { origin, pathname } = new URL(request.url);
      const path = decodeURIComponent(pathname);
      paths.push(path);
      const tarball = tarballs.get(path);
      if (tarball !== undefined) return new Response(tarball.slice());
      const versions = packages.filter(({ name }) => `/${name}` === path);
      const last = versions.at(-1);
      if (last === undefined) return Response.json({ error: "Not found" }, { status: 404 });
      return Response.json({
        name: last.name,
        "dist-tags": { latest: last.version },
        versions: Object.fromEntries(
          versions.map((each) => {
            const tgz = `/${each.name}/${each.version}.tgz`;
            const hash = new Bun.CryptoHasher("sha512").update(tarballs.get(tgz) ?? "").digest("base64");
            const dist = { tarball: `${origin}${tgz}`, integrity: `sha512-${hash}` };
            return [each.version, { ...toManifest(each), dist }];
          }),
        ),
      });
    },
  });
  return { url: server.url.origin, paths, [Symbol.asyncDispose]: () => server.stop(true) };
}

function toManifest({ name, version, manifest }: FakePackage): Record<string, unknown> {
  return { name, version, type: "module", main: "index.js", ...manifest };
}

async function pack(each: FakePackage): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-pack-"));
  try {
    const files = { ...each.files, "package.json": JSON.stringify(toManifest(each)) };
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, "package", path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    const tar = Bun.spawn(["tar", "-czf", "-", "package"], { cwd: folder, stdout: "pipe" });
    return await tar.stdout.bytes();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
