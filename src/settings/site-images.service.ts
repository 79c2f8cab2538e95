import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import { imageTypeOf } from './image-type.js';
import { ImageNotFound, ImageRefused } from './settings.problems.js';
import { type SettingsRequest, SettingsService } from './settings.service.js';

/** Where a page shows an image. */
export const IMAGE_PLACES = ['icon', 'logo'] as const;
export type ImagePlace = (typeof IMAGE_PLACES)[number];

export const MAX_IMAGE_BYTES = 256 * 1024;

export interface SiteImage {
  readonly type: string;
  readonly bytes: Buffer;
}

interface NewImage extends SiteImage {
  readonly name: string;
}

const READ = 'SELECT type, bytes FROM site_image WHERE name = $1';
const INSERT = 'INSERT INTO site_image (name, type, bytes) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING';
const DELETE_UNUSED = `
  DELETE FROM site_image WHERE NOT EXISTS (SELECT FROM site WHERE site_image.name IN (site.icon, site.logo))`;

/** @throws ImageRefused */
function checked(place: ImagePlace, bytes: Buffer): NewImage {
  if (bytes.length > MAX_IMAGE_BYTES)
    throw new ImageRefused(`It has ${bytes.length} bytes. At most 262,144 are allowed.`);
  const type = imageTypeOf(bytes);
  if (type === undefined) throw new ImageRefused('It is not a PNG, JPEG, WebP or ICO file.');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { name: `${place}-${hash}.${type.extension}`, type: type.mediaType, bytes };
}

/** The icon and the logo of the blog. Their names contain a hash of their bytes. */
@Injectable()
export class SiteImages {
  /** The images that this process has read. A name always stands for the same bytes. */
  private readonly read = new Map<string, SiteImage>();

  constructor(
    private readonly pool: Pool,
    private readonly settings: SettingsService,
    private readonly requests: IdempotentRequests,
  ) {}

  /** @throws ImageNotFound unless the blog shows this image now */
  async get(name: string): Promise<SiteImage> {
    const { icon, logo } = await this.settings.current();
    if (name !== icon && name !== logo) throw new ImageNotFound(name);
    const image = this.read.get(name) ?? (await this.load(name));
    for (const old of this.read.keys()) if (old !== icon && old !== logo) this.read.delete(old);
    return image;
  }

  private async load(name: string): Promise<SiteImage> {
    const { rows } = await this.pool.query<SiteImage>({ name: 'site image', text: READ, values: [name] });
    if (rows[0] === undefined) throw new ImageNotFound(name);
    this.read.set(name, rows[0]);
    return rows[0];
  }

  /** @param bytes of the image file, or null to remove it @throws ImageRefused 422, and what SettingsService throws */
  async set(place: ImagePlace, bytes: Buffer | null, request: SettingsRequest): Promise<void> {
    const image = bytes === null ? null : checked(place, bytes);
    const name = image?.name ?? null;
    const { principal, ifMatch, idempotencyKey } = request;
    const identity = keyed<void>(idempotencyKey, { holder: principal, content: ['SET image', place, name] });
    await this.requests.once(identity, (tx) => this.setIn(tx, place, image, ifMatch));
  }

  private async setIn(
    tx: Transaction,
    place: ImagePlace,
    image: NewImage | null,
    ifMatch: string | undefined,
  ): Promise<void> {
    // First, because it locks the settings: nobody else removes the file meanwhile.
    await this.settings.changeIn(tx, { [place]: image?.name ?? null }, ifMatch);
    if (image !== null) await tx.query(INSERT, [image.name, image.type, image.bytes]);
    await tx.query(DELETE_UNUSED);
  }
}
