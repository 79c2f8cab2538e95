import { Injectable } from '@nestjs/common';
import { PostsService } from '../blog/posts.service.js';
import { formerPath } from '../platform/slugs/former-path.js';

const HTML_ENDING = /\.html?$/;

/** A former address may be requested with and without `.html`. */
function spellings(url: string): string[] {
  const path = formerPath(url);
  if (path === undefined) return [];
  if (path.includes('?')) return [path];
  return HTML_ENDING.test(path) ? [path, path.replace(HTML_ENDING, '')] : [path, `${path}.html`];
}

/** Looks up addresses that posts had before their import. */
@Injectable()
export class FormerAddresses {
  constructor(private readonly posts: PostsService) {}

  /** @param url path and query of a request @returns the slug of the published post with this former address */
  async find(url: string): Promise<string | null> {
    for (const path of spellings(url)) {
      const { slug } = await this.posts.findFormerAddress(path);
      if (slug !== null) return slug;
    }
    return null;
  }
}
