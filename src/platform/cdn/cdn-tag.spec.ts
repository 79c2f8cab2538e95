import { describe, expect, it } from '@jest/globals';
import { cdnTags } from './cdn-tag.js';

describe('cdnTags', () => {
  it('leaves the tags of the system as they are', () => {
    const tags = ['posts', 'post:7', 'posts:tag:c-plus-plus', 'post-slug:a', 'path:/blog/api/posts/7', '*'];
    expect(cdnTags(tags)).toEqual(tags);
  });

  it('encodes what separates tags and what is not printable ASCII', () => {
    expect(cdnTags(['path:/a,b c', 'path:/é', 'path:/\u{1f600}', 'path:/%41'])).toEqual([
      'path:/a%2Cb%20c',
      'path:/%C3%A9',
      'path:/%F0%9F%98%80',
      'path:/%41',
    ]);
  });

  it('leaves out what no shared answer shows, what is too long and what is there already', () => {
    expect(cdnTags(['session:1', `path:/${'x'.repeat(500)}`, 'posts', 'posts'])).toEqual(['posts']);
  });
});
