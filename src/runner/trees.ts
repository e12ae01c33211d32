/** Local directories of a run: each is walked once, however many targets and sessions serve it. */
import { DirectoryWalk } from "./session/directory-walk.ts";
import type { FileTree } from "./session/tree.ts";

export class Trees {
  readonly #walks = new Map<string, DirectoryWalk>();

  of(path: string): FileTree {
    let walk = this.#walks.get(path);
    if (!walk) {
      walk = new DirectoryWalk(path);
      this.#walks.set(path, walk);
    }
    return walk;
  }
}
