import { makeButton } from './dom.js';
import type { Status } from './session.js';
import type { Texts } from './texts.js';

/** The actions that the bar offers. */
interface StatusActions {
  readonly signIn: () => void;
  readonly compare: () => void;
  readonly copy: () => void;
  readonly retry: () => void;
}

/** Tells the truth about where the text is. `data-state` is the kind of the state. */
export class StatusBar {
  constructor(
    private readonly element: HTMLElement,
    private readonly texts: Texts,
    private readonly language: string,
    private readonly actions: StatusActions,
  ) {}

  show(status: Status): void {
    const { element } = this;
    const text = this.textOf(status);
    if (element.dataset['state'] === status.kind && element.firstChild?.textContent === text) return;
    element.dataset['state'] = status.kind;
    element.replaceChildren(text);
    const [label, act] = this.offerOf(status) ?? [];
    if (label !== undefined && act !== undefined) element.append(' ', makeButton(label, 'quiet', act));
  }

  /** Something that happened besides saving. */
  say(text: string): void {
    this.element.replaceChildren(text);
  }

  private textOf(status: Status): string {
    const { texts } = this;
    switch (status.kind) {
      case 'saved':
        return status.at === null ? texts.saved : texts.savedAt(this.time(status.at));
      case 'offline':
        return status.isBusy ? texts.busy : texts.offline;
      case 'refused': {
        const { detail, title = String(status.status) } = status.problem;
        return texts.refused(detail ?? title);
      }
      default:
        return texts[status.kind];
    }
  }

  private offerOf({ kind }: Status): readonly [string, () => void] | undefined {
    const { texts, actions } = this;
    switch (kind) {
      case 'signed-out':
        return [texts.signInAgain, actions.signIn];
      case 'conflict':
        return [texts.compare, actions.compare];
      case 'gone':
        return [texts.copyAsNew, actions.copy];
      case 'offline':
        return [texts.retry, actions.retry];
      default:
        return undefined;
    }
  }

  private time(at: number): string {
    return new Intl.DateTimeFormat(this.language, { timeStyle: 'short' }).format(at);
  }
}
