import type { EditorView } from '@codemirror/view';
import type { Action } from './actions.js';
import type { StudioApi, Versioned } from './api.js';
import type { Conflict } from './conflict.js';
import { element } from './dialog.js';
import { markdownEditor, prefixLines, setText, wrap } from './markdown-editor.js';
import type { Session, SessionEvents, Status } from './session.js';
import { signInAgain } from './sign-in-again.js';
import type { EditableText } from './text.js';
import type { ClientTexts } from './texts.js';

const ACTIONS: Readonly<Record<string, Action>> = {
  publish: 'publish',
  unpublish: 'unpublish',
  discard: 'discard',
  trash: 'trash',
  share: 'share',
  revoke: 'unshare',
};
const FIELDS = ['title', 'slug', 'category_name', 'tags', 'excerpt'] as const;

const tagsOf = (typed: string): string[] =>
  typed
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/** The form of a post, with the editor in the place of its text area. */
export class EditorPage implements SessionEvents {
  private readonly view: EditorView;
  private readonly status_: HTMLElement;
  private readonly words = element('span', { className: 'hint' });
  private readonly nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  private session: Session | undefined;
  private conflict: Conflict | null = null;
  private isAsking = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly api: StudioApi,
    private readonly texts: ClientTexts,
    text: EditableText,
  ) {
    this.status_ = form.querySelector<HTMLElement>('#editor-status')!;
    const area = this.field('content');
    this.view = markdownEditor({
      text: text.content,
      label: texts.text,
      nonce: this.nonce,
      changed: () => this.typed(),
      save: () => void this.session?.saveNow(),
    });
    area.hidden = true;
    area.removeAttribute('required');
    area.before(this.toolbar(), this.view.dom, this.words);
    this.show(text);
    form.addEventListener('input', () => this.typed());
    form.addEventListener('submit', (event) => this.onSubmit(event));
  }

  attach(session: Session): void {
    this.session = session;
    const flush = (): void => void session.flush();
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('pagehide', flush);
    window.addEventListener('online', () => session.resume());
    window.addEventListener('beforeunload', (event) => {
      if (!session.isJournalled) event.preventDefault();
    });
  }

  textChanged(text: EditableText): void {
    this.show(text);
  }

  status(status: Status): void {
    const { kind } = status;
    const text = kind === 'offline' && status.isBusy ? this.texts.busy : this.texts[kind];
    const problem = kind === 'refused' ? `: ${status.problem.detail ?? status.problem.title ?? ''}` : '';
    this.say(text + problem);
    this.conflict = kind === 'conflict' ? status.conflict : null;
    if (kind === 'conflict') this.offer(this.texts.compare, () => this.merge());
    if (kind === 'gone') this.offer(this.texts.copy, () => this.copy());
    if (kind === 'signed-out') this.offer(this.texts.signIn, () => this.signIn());
  }

  document({ document: { id } }: Versioned): void {
    if (location.pathname.endsWith('/new')) history.replaceState(null, '', `/studio/posts/${id}`);
  }

  private field(name: string): HTMLInputElement | HTMLTextAreaElement {
    return this.form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement;
  }

  private read(): EditableText {
    const excerpt = this.field('excerpt').value;
    return {
      title: this.field('title').value,
      content: this.view.state.sliceDoc(),
      slug: this.field('slug').value,
      category_name: this.field('category_name').value,
      tags: tagsOf(this.field('tags').value),
      excerpt: excerpt === '' ? null : excerpt,
    };
  }

  private show(text: EditableText): void {
    setText(this.view, text.content);
    for (const name of FIELDS) {
      const value = name === 'tags' ? text.tags.join(', ') : (text[name] ?? '');
      const isSame = name === 'tags' && tagsOf(this.field(name).value).join(', ') === value;
      if (!isSame && this.field(name).value !== value) this.field(name).value = value;
    }
    this.count();
  }

  private typed(): void {
    this.session?.type(this.read());
    this.count();
  }

  private count(): void {
    const words = this.view.state.sliceDoc().match(/\S+/gu)?.length ?? 0;
    this.words.textContent = this.texts.words(words);
  }

  private say(text: string): void {
    if (this.status_.firstChild?.textContent !== text || this.status_.childElementCount > 1)
      this.status_.replaceChildren(element('span', {}, text));
  }

  private offer(label: string, act: () => Promise<void>): void {
    if (this.status_.querySelector('button') !== null) return;
    const button = element('button', { type: 'button' }, label);
    button.addEventListener('click', () => void act());
    this.status_.append(' ', button);
  }

  private onSubmit(event: SubmitEvent): void {
    if (this.session === undefined) return;
    event.preventDefault();
    const action = event.submitter?.getAttribute('value') ?? 'save';
    void this.act(action).catch(() => this.say(this.texts.failed));
  }

  private async act(name: string): Promise<void> {
    if (name === 'preview') return this.preview();
    const action = ACTIONS[name];
    if (action === undefined) return this.session!.saveNow();
    const outcome = await this.session!.act(action);
    if (outcome.kind === 'signed-out') return this.signIn();
    if (outcome.kind === 'failed') return this.say(outcome.problem.detail ?? this.texts.failed);
    // The page shows what is possible now.
    if (outcome.kind === 'done')
      location.assign(
        outcome.document === null ? '/studio/posts' : `/studio/posts/${outcome.document.document.id}`,
      );
  }

  /** In a frame that runs no script. The server has sanitised it already. */
  private async preview(): Promise<void> {
    const body = JSON.stringify({ content: this.view.state.sliceDoc() });
    const answer = await this.api.send({ method: 'POST', path: '/preview', body });
    if (answer.status === 401) return this.signIn();
    const { html } = answer.body as { html?: string };
    if (html === undefined) return this.say(this.texts.failed);
    let frame = this.form.querySelector<HTMLIFrameElement>('iframe.preview');
    if (frame === null) {
      frame = element('iframe', { className: 'preview', title: this.texts.preview });
      frame.setAttribute('sandbox', 'allow-popups');
      this.words.after(frame);
    }
    const style = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]')?.href ?? '';
    frame.srcdoc = `<!doctype html><base target="_blank"><link rel="stylesheet" href="${style}"><div class="content">${html}</div>`;
  }

  private async merge(): Promise<void> {
    const { conflict } = this;
    if (conflict === null || this.session === undefined) return;
    const { merge } = await import('./merge.js');
    const merged = await merge(this.session.current, conflict.theirs, this.texts, this.nonce);
    if (merged !== null) await this.session.resolve(conflict, merged);
  }

  private async copy(): Promise<void> {
    await this.session!.copyAsNew();
    location.assign('/studio/posts/new');
  }

  private async signIn(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const isIn = await signInAgain(this.api, this.texts, Number(this.form.dataset['userId'])).finally(() => {
      this.isAsking = false;
    });
    if (isIn) this.session!.resume();
  }

  private toolbar(): HTMLElement {
    const { texts } = this;
    const tools: readonly (readonly [string, () => void])[] = [
      [texts.bold, () => wrap(this.view, '**')],
      [texts.italic, () => wrap(this.view, '*')],
      [texts.heading, () => prefixLines(this.view, '## ')],
      [texts.link, () => wrap(this.view, '[', '](https://)')],
      [texts.list, () => prefixLines(this.view, '- ')],
      [texts.quote, () => prefixLines(this.view, '> ')],
      [texts.code, () => wrap(this.view, '`')],
    ];
    const bar = element('div', { className: 'actions', role: 'toolbar', ariaLabel: texts.tools });
    for (const [label, run] of tools) {
      const button = element('button', { type: 'button', className: 'quiet' }, label);
      button.addEventListener('click', run);
      bar.append(button);
    }
    return bar;
  }
}
