/** An element of the page. @throws if the page does not have it */
export function required<E extends Element>(root: ParentNode, selector: string, type: new () => E): E {
  const found = root.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${selector}`);
}

type Attributes = Readonly<Record<string, string>>;

/** Makes an element with attributes and content. Strings become text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...content);
  return element;
}

/** A button that sends no form. */
export function makeButton(label: string, look: string, act: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', class: `button ${look}` }, label);
  button.addEventListener('click', act);
  return button;
}

/** Closes it first, because that gives the focus back to where it was. */
export function closeDialog(dialog: HTMLDialogElement): void {
  dialog.close();
  dialog.remove();
}

/** Runs `act` once nothing has called it for `ms`. */
export function debounced(ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
}
