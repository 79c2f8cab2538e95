import { Injectable } from '@nestjs/common';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostsService } from '../blog/posts.service.js';
import { UsersService } from '../users/users.service.js';
import { writeInkwellFile } from './markdown/write-inkwell-file.js';

export interface ExportOptions {
  /** Allows a folder that is not empty, and overwrites files of the same names. */
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (written: number) => void;
}

/** The folder for an export is not empty. */
class FolderNotEmpty extends Error {}

/** Writes every post, including drafts, as a Markdown file into a folder. */
@Injectable()
export class ExportService {
  constructor(
    private readonly posts: PostsService,
    private readonly users: UsersService,
  ) {}

  /** @param folder created if missing @returns the number of files @throws FolderNotEmpty */
  async run(folder: string, options: ExportOptions = {}): Promise<number> {
    await mkdir(folder, { recursive: true });
    if (options.isForced !== true && (await readdir(folder)).length > 0) {
      throw new FolderNotEmpty(`${folder} is not empty: choose another folder, or add --force`);
    }
    const names = new Map<string, string>();
    let written = 0;
    for await (const post of this.posts.exportAll()) {
      const name = post.author === null ? '' : await this.nameOf(post.author, names);
      await writeFile(join(folder, `${post.slug}.md`), writeInkwellFile(post, name));
      options.onProgress?.((written += 1));
      if (options.signal?.aborted === true) break;
    }
    return written;
  }

  private async nameOf(username: string, names: Map<string, string>): Promise<string> {
    const known = names.get(username);
    if (known !== undefined) return known;
    const name = (await this.users.findByIdOrName({ username }))?.displayName ?? '';
    names.set(username, name);
    return name;
  }
}
