import { keymap } from '@codemirror/view';
import type { Action } from './actions.js';
import { type StudioDocument, StudioApi, type Versioned } from './api.js';
import { ask } from './ask.js';
import { systemClock } from './clock.js';
import type { Conflict } from './conflict.js';
import { debounced, make, makeButton, required } from './dom.js';
import { chooseEarlier } from './earlier-dialog.js';
import { Fields } from './fields.js';
import { type Entry, Journal } from './journal.js';
import { MarkdownEditor } from './markdown-editor.js';
import { openEntry } from './opening.js';
import { Preview } from './preview.js';
import { Session, type Status } from './session.js';
import { SignInDialog } from './sign-in-dialog.js';
import { StatusBar } from './status-bar.js';
import type { EditableText } from './text.js';
import { textsOfPage } from './texts.js';
import { foldOnPhones, showAllowed } from './settings-panel.js';
import { makeToolbar, toolKeys } from './toolbar.js';

/** The actions of the form's buttons, by value. */
const ACTIONS: Readonly<Record<string, readonly [action: Action, done: string]>> = {
  publish: ['publish', 'published'],
  unpublish: ['unpublish', 'unpublished'],
  discard: ['discard', 'discarded'],
  trash: ['trash', 'trashed'],
  share: ['share', 'shared'],
  revoke: ['unshare', 'revoked'],
};
const UPDATE = ['publish', 'updated'] as const;
const COUNT_MS = 300;

const texts = textsOfPage();
const { lang } = document.documentElement;
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const api = new StudioApi(
  (...given) => fetch(...given),
  document.querySelector<HTMLFormElement>('form#editor')?.dataset['userId'],
);
const words = new Intl.Segmenter(lang, { granularity: 'word' });

/** The post of this page on the server. @throws if it cannot be read: the plain form works on */
async function readPost(id: string): Promise<Versioned | null> {
  if (id === '') return null;
  const read = await api.read(Number(id));
  if ('document' in read) return read;
  throw new Error(`The post was answered with ${read.status}`);
}

/** Asks whether to go on with what an earlier visit left in this browser. */
function offer({ typedAt, postId }: Entry): Promise<boolean> {
  const time = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(typedAt);
  const no = postId === null ? texts.discardNew : texts.notNow;
  return ask(texts.offerTitle, texts.offerText(time), texts.goOn, no);
}

/** The form of a post, made into an editor that saves by itself. */
class Editor {
  private readonly session: Session;
  private readonly fields: Fields;
  private readonly markdown: MarkdownEditor;
  private readonly preview: Preview;
  private readonly bar: StatusBar;
  private readonly signIn: SignInDialog;
  private readonly count = make('span', { class: 'word-count' });
  private readonly countSoon = debounced(COUNT_MS, () => this.showCount());
  private conflict: Conflict | null = null;
  private isComparing = false;

  constructor(
    private readonly form: HTMLFormElement,
    entry: Entry,
    journal: Journal,
  ) {
    const { userId, username = '' } = form.dataset;
    const area = required(form, '#content', HTMLTextAreaElement);
    const typed = (): void => this.typed();
    this.fields = new Fields(form, typed);
    this.fields.completeTags(api);
    this.markdown = new MarkdownEditor({
      content: entry.text.content,
      label: form.querySelector('label[for="content"]')?.textContent ?? '',
      nonce,
      typed,
      extensions: keymap.of([
        ...toolKeys,
        { key: 'Mod-s', run: () => (void this.session.saveNow(), true), preventDefault: true },
        { key: 'Mod-Enter', run: () => (this.preview.toggle(), true) },
      ]),
    });
    this.preview = new Preview(api, texts, () => this.markdown.content);
    this.bar = new StatusBar(required(form, '#editor-status', HTMLElement), texts, lang, {
      signIn: () => this.signIn.open(),
      compare: () => void this.compare(),
      copy: () => void this.copy(),
      retry: () => this.session.resume(),
    });
    this.signIn = new SignInDialog({ id: Number(userId), username }, texts, () => this.session.resume());
    this.fields.show(entry.text);
    this.place(area);
    this.session = new Session(
      { account: entry.account, post: entry.post },
      entry,
      {
        ...{ api, journal, clock: systemClock, locks: navigator.locks },
        ...{ random: Math.random, newKey: () => crypto.randomUUID() },
      },
      {
        textChanged: (text) => this.show(text),
        status: (status) => this.onStatus(status),
        document: ({ document: saved }) => this.onDocument(saved),
      },
    );
    this.listen();
    this.showCount();
  }

  private get text(): EditableText {
    return { ...this.fields.values, content: this.markdown.content };
  }

  /** Puts the editor where the text area is, which stays in the form for its label and is not sent any more. */
  private place(area: HTMLTextAreaElement): void {
    area.hidden = true;
    area.removeAttribute('name');
    const tools = makeToolbar(texts, () => this.markdown.view);
    tools.append(this.count);
    area.before(tools, make('div', { class: 'writing' }, this.markdown.view.dom, this.preview.element));
    this.form
      .querySelector('label[for="content"]')
      ?.addEventListener('click', () => this.markdown.view.focus());
    const panel = required(this.form, '.editor-settings', HTMLDetailsElement);
    foldOnPhones(panel);
    panel.append(makeButton(texts.earlier, 'quiet', () => void this.goBack()));
    this.form.classList.add('enhanced');
  }

  private listen(): void {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { submitter } = event;
      void this.act(submitter instanceof HTMLButtonElement ? submitter.value : 'save');
    });
    // The form is sent by Enter in a field only to save.
    this.form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
      event.preventDefault();
      void this.session.saveNow();
    });
    const flush = (): void => void this.session.flush();
    document.addEventListener('visibilitychange', flush);
    addEventListener('pagehide', flush);
    addEventListener('online', () => this.session.resume());
    addEventListener('beforeunload', (event) => {
      if (this.session.isJournalled) return;
      flush();
      event.preventDefault();
    });
  }

  private typed(): void {
    this.session.type(this.text);
    this.preview.update();
    this.countSoon();
  }

  private show(text: EditableText): void {
    this.fields.show(text);
    this.markdown.content = text.content;
    this.preview.update();
    this.countSoon();
  }

  private showCount(): void {
    let count = 0;
    for (const { isWordLike } of words.segment(this.markdown.content)) if (isWordLike === true) count += 1;
    this.count.textContent = texts.words(count);
  }

  private onStatus(status: Status): void {
    this.bar.show(status);
    if (status.kind === 'signed-out') this.signIn.open();
    const isNew = status.kind === 'conflict' && this.conflict?.server.etag !== status.conflict.server.etag;
    this.conflict = status.kind === 'conflict' ? status.conflict : null;
    if (isNew) void this.compare();
  }

  /** A new post has its address as soon as the server has made it. */
  private onDocument(saved: StudioDocument): void {
    const { id } = saved;
    showAllowed(saved);
    const path = `/studio/posts/${id}`;
    if (this.form.dataset['postId'] !== '') return;
    this.form.dataset['postId'] = String(id);
    this.form.action = path;
    history.replaceState(null, '', path);
  }

  private async act(value: string): Promise<void> {
    if (value === 'preview') return this.preview.toggle();
    const [action, done] =
      (this.form.dataset['status'] === 'published' && value === 'publish' ? UPDATE : ACTIONS[value]) ?? [];
    if (action === undefined || done === undefined) return this.session.saveNow();
    const outcome = await this.session.act(action);
    switch (outcome.kind) {
      case 'done':
        // Everything is saved, and the server knows the buttons of the new state.
        return location.assign(
          action === 'trash'
            ? `/studio/posts?done=${done}`
            : `/studio/posts/${this.form.dataset['postId']}?done=${done}`,
        );
      case 'failed':
        return this.bar.say(texts.failed(outcome.problem.detail ?? outcome.problem.title ?? texts.noServer));
      case 'signed-out':
        return this.signIn.open();
      case 'not-saved':
        if (this.form.querySelector('#editor-status')?.getAttribute('data-state') === 'saved')
          this.bar.say(texts.notSaved);
        return;
      case 'conflict':
    }
  }

  private async compare(): Promise<void> {
    const { conflict } = this;
    if (conflict === null || this.isComparing) return;
    this.isComparing = true;
    await this.session.flush();
    const { merge } = await import('./merge.js');
    const labelOf = (field: string): string =>
      this.form.querySelector(`label[for="${field}"]`)?.textContent ?? field;
    const text = await merge({ mine: this.session.current, conflict, texts, nonce, labelOf });
    this.isComparing = false;
    if (text === null) return;
    await this.session.resolve(conflict, text);
    this.show(this.session.current);
  }

  private async goBack(): Promise<void> {
    const text = await chooseEarlier(await this.session.earlier(), texts, lang);
    if (text === null) return;
    await this.session.putBack(text);
    this.show(this.session.current);
  }

  private async copy(): Promise<void> {
    await this.session.copyAsNew();
    location.assign('/studio/posts/new');
  }
}

async function start(form: HTMLFormElement): Promise<void> {
  const { postId = '', userId = '' } = form.dataset;
  const journal = await Journal.open();
  const entry = await openEntry({
    ...{ journal, locks: navigator.locks, account: userId, offer },
    server: await readPost(postId),
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
  });
  new Editor(form, entry, journal);
}

const form = document.querySelector<HTMLFormElement>('form#editor');
// Browsers offer locks and random ids only over HTTPS and on this machine. Elsewhere the plain form is the editor.
if (form !== null && isSecureContext)
  void start(form).catch(() => {
    required(form, '#editor-status', HTMLElement).textContent = texts.plain;
  });
