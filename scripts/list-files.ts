/** The project's files, tracked or new, as git sees them; without git everything but what is generated. */
export async function listFiles(root: string): Promise<readonly string[]> {
  const git = Bun.spawn(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    stdout: "pipe",
    stderr: "ignore",
  });
  const output = await new Response(git.stdout).text();
  const paths = (await git.exited) === 0 ? output.split("\0") : listWithoutGit(root);
  const named = paths.filter((path) => path !== "");
  const exists = await Promise.all(named.map((path) => Bun.file(`${root}/${path}`).exists()));
  return named.filter((_, index) => exists[index]).toSorted();
}

function listWithoutGit(root: string): readonly string[] {
  const all = [...new Bun.Glob("**/*").scanSync({ cwd: root, dot: true })];
  return all.filter((path) => !/^(?:node_modules|dist|\.git)\//.test(path));
}
