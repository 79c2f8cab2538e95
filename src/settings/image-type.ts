/** A kind of image that browsers show and that cannot contain scripts. SVG can, so it is not among them. */
export interface ImageType {
  readonly mediaType: string;
  readonly extension: string;
}

const startsWith =
  (...signature: readonly number[]) =>
  (bytes: Buffer): boolean =>
    signature.every((byte, at) => bytes[at] === byte);

const isWebp = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';

const TYPES: readonly (ImageType & { readonly matches: (bytes: Buffer) => boolean })[] = [
  {
    mediaType: 'image/png',
    extension: 'png',
    matches: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  { mediaType: 'image/jpeg', extension: 'jpg', matches: startsWith(0xff, 0xd8, 0xff) },
  { mediaType: 'image/webp', extension: 'webp', matches: isWebp },
  { mediaType: 'image/x-icon', extension: 'ico', matches: startsWith(0, 0, 1, 0) },
];

/** The type of an image by its first bytes, whatever its name or its sender says. */
export const imageTypeOf = (bytes: Buffer): ImageType | undefined =>
  TYPES.find(({ matches }) => matches(bytes));
