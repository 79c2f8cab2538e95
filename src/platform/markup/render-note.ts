import MarkdownIt from 'markdown-it';
import { sanitiseHtml } from './sanitise-html.js';

/** Without tables and links by reference, whose output may be many times as long as their source. */
const markdown = new MarkdownIt({ html: true, linkify: true, maxNesting: 10 }).disable([
  'table',
  'reference',
]);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/** Markdown of a few lines, rendered where a page is made. @returns sanitised HTML */
export const renderNote = (source: string): string => sanitiseHtml(markdown.render(source));
