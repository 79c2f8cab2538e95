import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = fileURLToPath(new URL('./posts/', import.meta.url));
const FRONT_MATTER = /^---\n(?<head>.*?)\n---\n\n(?<content>.*)$/s;

const headSchema = z.strictObject({ title: z.string(), category: z.string(), tags: z.array(z.string()) });

export interface SamplePost extends z.output<typeof headSchema> {
  readonly slug: string;
  /** Markdown. */
  readonly content: string;
}

function read(file: string): SamplePost {
  const { head = '', content = '' } =
    FRONT_MATTER.exec(readFileSync(join(FOLDER, file), 'utf8'))?.groups ?? {};
  return { ...headSchema.parse(parse(head)), content, slug: basename(file, '.md').replace(/^\d+-/, '') };
}

/** The posts of a new blog: `posts/NN-slug.md`, newest first. */
export const readSamplePosts = (): SamplePost[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map(read);
