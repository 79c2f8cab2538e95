import { describe, expect, it } from '@jest/globals';
import { siteTexts } from './texts.js';

const SAMPLES = { problem: { status: 404, title: 'x', detail: 'y' } } as Record<string, unknown>;

/** Each text as a page would show it. */
const shown = (texts: object): [string, unknown][] =>
  Object.entries(texts).map(([key, text]: [string, unknown]) => [
    key,
    typeof text === 'function' ? (text as (value: unknown) => unknown)(SAMPLES[key] ?? 'x') : text,
  ]);

describe('siteTexts', () => {
  it('has the same texts in every language', () => {
    const [first, ...others] = Object.values(siteTexts).map((texts) => Object.keys(texts).sort());
    for (const keys of others) expect(keys).toEqual(first);
  });

  it.each(Object.entries(siteTexts))('has no empty text in %s', (_language, texts) => {
    const empty = shown(texts).filter(([, text]) => JSON.stringify(text).match(/\p{L}/u) === null);
    expect(empty).toEqual([]);
  });

  it('is translated', () => {
    const english = new Map(shown(siteTexts.en).map(([key, text]) => [key, JSON.stringify(text)]));
    const same = shown(siteTexts.ko).filter(([key, text]) => english.get(key) === JSON.stringify(text));
    expect(same).toEqual([]);
  });

  it.each([400, 404, 405, 429, 500, 503])('says in Korean what %i means', (status) => {
    const problem = siteTexts.ko.problem({ status, title: 'English', detail: 'English.' });
    expect(JSON.stringify(problem)).not.toMatch(/[a-z]{8}/i);
  });
});
