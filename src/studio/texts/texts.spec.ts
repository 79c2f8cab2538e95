import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';

type Messages = Readonly<Record<string, unknown>>;

const files = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !/^(?:bilingual|problems|texts\.spec)/.test(name),
);

describe.each(files)('%s', (file) => {
  it('has every message in every language', async () => {
    const catalogues = Object.values((await import(`./${file.replace(/\.ts$/, '.js')}`)) as object) as Record<
      'en' | 'ko',
      Messages
    >[];
    expect(catalogues.length).toBeGreaterThan(0);
    for (const { en, ko } of catalogues) {
      expect(Object.keys(ko).toSorted()).toEqual(Object.keys(en).toSorted());
      for (const [key, message] of [...Object.entries(en), ...Object.entries(ko)]) {
        expect([key, typeof message === 'string' ? message.trim() : message]).not.toEqual([key, '']);
      }
      // A name such as Webhook may stay as it is, but not a whole sentence.
      const sentences = Object.values(ko).filter((text) => typeof text === 'string' && text.length > 20);
      for (const sentence of sentences) expect(sentence).toMatch(/[가-힣]/);
      const kinds = (texts: Messages) =>
        Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, typeof text]));
      expect(kinds(ko)).toEqual(kinds(en));
    }
  });
});
