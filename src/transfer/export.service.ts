import { Injectable } from '@nestjs/common';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostsService } from '../blog/posts.service.js';
import { UsersService } from '../users/users.service.js';
import { writeZip, type ZippedFile } from './archive/write-zip.js';
import { writeInkwellFile } from './markdown/write-inkwell-file.js';

export interface ExportOptions {
  /** Allows a folder that is not empty, and overwrites files of the same names. */
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (written: number) => void;
}

/** A post as a file. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
  readonly modifiedAt: Date;
}

/** The folder for an export is not empty. */
class FolderNotEmpty extends Error {}

/** Writes every post, including drafts, as a Markdown file. */
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
    let written = 0;
    for await (const { name, text } of this.files()) {
      await writeFile(join(folder, name), text);
      options.onProgress?.((written += 1));
      if (options.signal?.aborted === true) break;
    }
    return written;
  }

  /** Reads a hundred posts at a time. */
  async *files(): AsyncGenerator<ExportedFile, void, undefined> {
    const names = new Map<string, string>();
    for await (const post of this.posts.exportAll()) {
      const name = post.author === null ? '' : await this.nameOf(post.author, names);
      yield {
        name: `${post.slug}.md`,
        text: writeInkwellFile(post, name),
        modifiedAt: post.updated_at,
      };
    }
  }

  /** All files as a ZIP, written while it is read. `import` reads it. */
  archive(): AsyncGenerator<Buffer, void, undefined> {
    return writeZip(zipped(this.files()));
  }

  private async nameOf(username: string, names: Map<string, string>): Promise<string> {
    const known = names.get(username);
    if (known !== undefined) return known;
    const name = (await this.users.findByIdOrName({ username }))?.displayName ?? '';
    names.set(username, name);
    return name;
  }
}

async function* zipped(files: AsyncIterable<ExportedFile>): AsyncGenerator<ZippedFile, void, undefined> {
  for await (const { text, ...file } of files) yield { ...file, bytes: Buffer.from(text) };
}
