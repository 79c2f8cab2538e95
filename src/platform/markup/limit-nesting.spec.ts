import { describe, expect, it } from '@jest/globals';
import { limitNesting } from './limit-nesting.js';

describe('limitNesting', () => {
  it('leaves what is not deep as it is', () => {
    const html = '<div><ul><li>a<li>b</ul><p>c<p>d<br><img src="x"></div>'.repeat(100);
    expect(limitNesting(html, 4)).toBe(html);
  });

  it('takes out the tags that are too deep, with their ends, and keeps the text', () => {
    expect(limitNesting('<a><b><i>x</i></b>y</a><b>z</b>', 1)).toBe('<a>xy</a><b>z</b>');
  });

  it('takes linear time for tags that are never closed', () => {
    const startedAt = process.cpuUsage();
    expect(limitNesting('<b>'.repeat(66_000), 100)).toBe('<b>'.repeat(100));
    limitNesting('<b'.repeat(100_000), 100);
    const { user } = process.cpuUsage(startedAt);
    expect(user / 1000).toBeLessThan(1_000);
  });
});
