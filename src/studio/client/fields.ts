import type { StudioApi } from './api.js';
import { debounced, make, required } from './dom.js';
import type { EditableText } from './text.js';

const SUGGEST_MS = 200;
const INPUTS = ['title', 'slug', 'category_name', 'tags', 'excerpt'] as const;
type Input = (typeof INPUTS)[number];

const tagsOf = (value: string): string[] =>
  value
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/** The fields of the form besides the text itself. */
export class Fields {
  private readonly inputs: Readonly<Record<Input, HTMLInputElement | HTMLTextAreaElement>>;

  constructor(form: HTMLFormElement, typed: () => void) {
    const input = (name: Input): HTMLInputElement | HTMLTextAreaElement =>
      name === 'excerpt'
        ? required(form, `#${name}`, HTMLTextAreaElement)
        : required(form, `#${name}`, HTMLInputElement);
    this.inputs = Object.fromEntries(INPUTS.map((name) => [name, input(name)])) as typeof this.inputs;
    for (const each of Object.values(this.inputs)) each.addEventListener('input', typed);
  }

  get values(): Omit<EditableText, 'content'> {
    const { title, slug, category_name, tags, excerpt } = this.inputs;
    return {
      title: title.value,
      slug: slug.value,
      category_name: category_name.value,
      tags: tagsOf(tags.value),
      excerpt: excerpt.value === '' ? null : excerpt.value,
    };
  }

  /** Shows what was not typed here. The field that somebody types in keeps its spelling where it says the same. */
  show(text: Omit<EditableText, 'content'>): void {
    const { title, slug, category_name, tags, excerpt } = this.inputs;
    set(title, text.title);
    set(slug, text.slug);
    set(category_name, text.category_name);
    if (tagsOf(tags.value).join(',') !== text.tags.join(',')) set(tags, text.tags.join(', '));
    set(excerpt, text.excerpt ?? '');
  }

  /** Completes the last tag, by a list that browsers show and screen readers read. */
  completeTags(api: StudioApi): void {
    const { tags } = this.inputs;
    const list = make('datalist', { id: 'tag-suggestions' });
    tags.setAttribute('list', list.id);
    tags.after(list);
    const suggest = debounced(SUGGEST_MS, () => void this.suggestTags(api, list));
    tags.addEventListener('input', suggest);
  }

  private async suggestTags(api: StudioApi, list: HTMLDataListElement): Promise<void> {
    const typed = this.inputs.tags.value.split(',');
    const begun = typed.at(-1)!.trim();
    if (begun === '') return list.replaceChildren();
    const path = `/suggest?${new URLSearchParams({ tags: begun }).toString()}`;
    const answer = await api.send({ method: 'GET', path }).catch(() => null);
    if (answer?.status !== 200 || !Array.isArray(answer.body)) return;
    const before = typed.slice(0, -1).map((tag) => tag.trim());
    const names = (answer.body as { name: string }[]).map(({ name }) => [...before, name].join(', '));
    list.replaceChildren(...names.map((value) => make('option', { value })));
  }
}

function set(input: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  if (input.value !== value) input.value = value;
}
