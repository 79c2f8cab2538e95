import type { StudioApi } from './api.js';
import { debounced, make } from './dom.js';
import type { Texts } from './texts.js';

const DELAY_MS = 400;

/** The text beside the editor as readers will see it, rendered by the server. */
export class Preview {
  readonly element: HTMLElement;
  private readonly content = make('div', { class: 'content', dir: 'auto' });
  private readonly refresh = debounced(DELAY_MS, () => void this.render());
  private shown: string | null = null;

  constructor(
    private readonly api: StudioApi,
    private readonly texts: Texts,
    private readonly contentOf: () => string,
  ) {
    this.element = make(
      'section',
      { class: 'live-preview', 'aria-label': texts.preview, hidden: '' },
      this.content,
    );
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    this.element.hidden = !this.element.hidden;
    if (this.isOpen) void this.render();
  }

  /** The text has changed. */
  update(): void {
    if (this.isOpen) this.refresh();
  }

  private async render(): Promise<void> {
    const content = this.contentOf();
    if (content === this.shown) return;
    const body = JSON.stringify({ content });
    const answer = await this.api.send({ method: 'POST', path: '/preview', body }).catch(() => null);
    const html = (answer?.body as { html?: unknown } | null)?.html;
    if (typeof html !== 'string') {
      this.content.textContent = this.texts.noPreview;
      return;
    }
    this.shown = content;
    // Sanitised by the server, and the Content-Security-Policy runs no script of it.
    this.content.innerHTML = html;
    // Somebody has typed on while it was rendered.
    if (this.contentOf() !== content) this.refresh();
  }
}
