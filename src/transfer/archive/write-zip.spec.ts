import { describe, expect, it } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { centralRecord, writeZip, type ZippedFile } from './write-zip.js';

const MODIFIED = new Date('2024-02-29T12:34:56Z');

const file = (name: string, text: string): ZippedFile => ({
  ...{ name, bytes: Buffer.from(text), modifiedAt: MODIFIED },
});

async function zipOf(files: Iterable<ZippedFile>): Promise<Buffer> {
  const parts: Buffer[] = [];

  const stream = async function* (): AsyncGenerator<ZippedFile> {
    yield* files;
  };
  for await (const part of writeZip(stream())) parts.push(part);
  return Buffer.concat(parts);
}

describe('writeZip', () => {
  it('writes what another implementation reads: names, texts and times', async () => {
    const archive = await zipOf([file('안녕.md', '안녕하세요\n'), file('empty.md', '')]);
    const zip = await fromBufferPromise(archive, { lazyEntries: true });
    const read: unknown[] = [];
    for await (const entry of zip.eachEntry()) {
      const stream = await zip.openReadStreamPromise(entry);
      const text = Buffer.concat((await stream.toArray()) as Buffer[]).toString();
      read.push([entry.fileName, text, entry.getLastModDate({ timezone: 'UTC' })]);
    }
    expect(read).toEqual([
      ['안녕.md', '안녕하세요\n', MODIFIED],
      ['empty.md', '', MODIFIED],
    ]);
  });

  it('writes more files than the old format can count', async () => {
    const many = 70_000;
    const archive = await zipOf(Array.from({ length: many }, (_, index) => file(`${index}.md`, '')));
    const zip = await fromBufferPromise(archive, { lazyEntries: true });
    let count = 0;
    for await (const { fileName } of zip.eachEntry()) expect(fileName).toBe(`${count++}.md`);
    expect(count).toBe(many);
  });

  it('names an offset beyond 4 GiB in the longer field', () => {
    const entry = { name: Buffer.from('a'), crc: 1, packed: 2, unpacked: 3, modifiedAt: MODIFIED };
    const near = centralRecord({ ...entry, offset: 7 });
    const far = centralRecord({ ...entry, offset: 5 * 1024 ** 3 });
    expect([near.length, near.readUInt32LE(42)]).toEqual([47, 7]);
    expect(far.readUInt32LE(42)).toBe(0xffffffff);
    expect([far.readUInt16LE(47), far.readUInt16LE(49), far.readBigUInt64LE(51)]).toEqual([
      1,
      8,
      5n * 1024n ** 3n,
    ]);
  });
});
