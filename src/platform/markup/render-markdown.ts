import MarkdownIt from 'markdown-it';
import { sanitiseHtml } from './sanitise-html.js';

/** CommonMark with tables, strikethrough, bare links and HTML, to suit blogs from other systems. */
const markdown = new MarkdownIt({ html: true, linkify: true, maxNesting: 40 });
// `readme.md` is a file, not a host in Moldova.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/** @returns sanitised HTML */
export const renderMarkdown = (source: string): string => sanitiseHtml(markdown.render(source));
