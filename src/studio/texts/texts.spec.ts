import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';

import { fieldErrorInKorean } from './field-errors.js';

type Messages = Readonly<Record<string, unknown>>;

const files = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !/^(?:bilingual|problems|field-errors|texts\.spec)/.test(name),
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

describe('fieldErrorInKorean', () => {
  it('says what the validation said, and something of whatever it does not know', () => {
    expect(fieldErrorInKorean('must have at most 1,000 characters')).toBe('1,000자를 넘을 수 없습니다.');
    expect(fieldErrorInKorean('must be a colour such as #1f5fae')).toBe(
      '#rrggbb 형식의 색상을 입력해 주세요.',
    );
    expect(fieldErrorInKorean('is a mystery')).toBe('이 값은 사용할 수 없습니다.');
  });
});
