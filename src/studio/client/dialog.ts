/** An element with text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Asks in a native dialog, which keeps the focus and gives it back.
 * @returns the value of the button, or '' after Escape
 */
export function ask(
  title: string,
  content: readonly (Node | string)[],
  choices: readonly (readonly [value: string, label: string])[],
): Promise<string> {
  const heading = element('h2', { id: 'dialog-title' }, title);
  const buttons = choices.map(([value, label], i) =>
    element('button', { value, type: 'submit', className: i === 0 ? 'primary' : '' }, label),
  );
  const form = element(
    'form',
    { method: 'dialog' },
    heading,
    ...content,
    element('div', { className: 'actions' }, ...buttons),
  );
  const dialog = element('dialog', {}, form);
  dialog.setAttribute('aria-labelledby', heading.id);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    }),
  );
}
