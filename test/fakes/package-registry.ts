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
  /** Of the bytes that it serves, as lockfiles have it. */
  readonly hashOf: (name: string, version: string) => string;
}

/** A package registry on loopback that serves packages from a value; `answer` may say something else to a path. */
export async function startPackageRegistry(
  packages: readonly FakePackage[],
  answer: (path: string) => Promise<Response> | undefined = () => undefined,
): Promise<PackageRegistry> {
  const tarballs = new Map<string, Uint8Array>();
  for (const each of packages) {
    const tarball = await pack(each);
    tarballs.set(`/${each.name}/${each.version}.tgz`, tarball);
    // Where it lies for whoever knows its name and version from a lockfile.
    tarballs.set(`/${each.name}/-/${each.name.replace(/^.*\//, "")}-${each.version}.tgz`, tarball);
  }
  const paths: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request): Promise<Response> {
      const { origin, pathname } = new URL(request.url);
      const path = decodeURIComponent(pathname);
      paths.push(path);
      const other = await answer(path);
      if (other !== undefined) return other;
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
            const dist = { tarball: `${origin}${tgz}`, integrity: toIntegrity(tarballs.get(tgz) ?? "") };
            return [each.version, { ...toManifest(each), dist }];
          }),
        ),
      });
    },
  });
  const hashOf = (name: string, version: string): string =>
    toIntegrity(tarballs.get(`/${name}/${version}.tgz`) ?? "");
  return { url: server.url.origin, paths, hashOf, [Symbol.asyncDispose]: () => server.stop(true) };
}

function toIntegrity(tarball: Uint8Array | string): string {
  return `sha512-${new Bun.CryptoHasher("sha512").update(tarball).digest("base64")}`;
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
