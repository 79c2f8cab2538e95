import { html, type Html, type HtmlValue } from '../../platform/markup/html.js';
import { type SettingName, type SiteSettings, variableOf } from '../../settings/settings.service.js';
import {
  actionButton,
  button,
  hiddenField,
  notice,
  pageHead,
  selectField,
  textArea,
  textField,
} from '../components.js';
import { type FormErrors, NO_ERRORS } from '../form.js';
import { studioPage } from '../page.js';
import { commonTexts } from '../texts/common.js';
import { settingsTexts } from '../texts/settings.js';
import { textsOf, type Visit } from '../visit.js';
import { type FormValues, valuesOf } from './settings-form.js';

export interface SettingsPage {
  readonly settings: SiteSettings;
  /** The ETag of the settings. */
  readonly version: string;
  readonly fixed: ReadonlySet<SettingName>;
  /** What was typed. */
  readonly typed?: FormValues;
  readonly errors?: FormErrors;
}

/** The settings of the blog, in sections. */
export function settingsPage(visit: Visit, shown: SettingsPage): string {
  const { settings, version, fixed, errors = NO_ERRORS, typed = valuesOf(settings) } = shown;
  const texts = textsOf(visit, settingsTexts);
  /** The common options of every field: its value, its error, and a hint if the environment fixes it. */
  const about = (name: SettingName, label: string, hint?: string) => ({
    name,
    label,
    value: typed[name] ?? '',
    error: errors.fields[name],
    disabled: fixed.has(name),
    hint: fixed.has(name) ? texts.fixed(variableOf(name)) : hint,
  });
  const languages = { en: texts.english, ko: texts.korean };
  return studioPage(
    visit,
    { title: texts.title, current: 'settings' },
    html`${pageHead(texts.title)} ${errors.summary !== '' && notice(errors.summary, 'bad')}
      <form method="post" action="/studio/settings">
        ${hiddenField('version', version)}
        ${section(texts.general, [
          textField({ ...about('title', texts.name, texts.nameHint), required: true, maxLength: 100 }),
          textField({ ...about('description', texts.description, texts.descriptionHint), maxLength: 300 }),
          selectField({ ...about('language', texts.language, texts.languageHint), options: languages }),
          textField({
            ...about('time_zone', texts.timeZone, texts.timeZoneHint),
            required: true,
            list: 'zones',
          }),
          timeZones(),
          textField({ ...about('posts_per_page', texts.postsPerPage), type: 'number', required: true }),
        ])}
        ${section(
          texts.look,
          textField({ ...about('accent_color', texts.accentColor, texts.accentColorHint), type: 'color' }),
        )}
        ${section(texts.links, [
          textArea({ ...about('navigation', texts.navigation, texts.navigationHint), rows: 4 }),
          textArea({ ...about('footer', texts.footer, texts.footerHint), rows: 4, maxLength: 1000 }),
        ])}
        ${section(
          texts.access,
          selectField({
            ...about('registration', texts.registration, texts.registrationHint),
            options: { open: texts.open, closed: texts.closed },
          }),
        )}
        <div class="save">${button(textsOf(visit, commonTexts).save, { look: 'primary' })}</div>
      </form>
      ${images(visit, settings, errors)}`,
  );
}

const section = (title: string, content: HtmlValue): Html =>
  html`<section class="card">
    <h2>${title}</h2>
    ${content}
  </section> `;

const timeZones = (): Html =>
  html`<datalist id="zones">
    ${['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => html`<option value="${zone}"></option>`)}
  </datalist>`;

function images(visit: Visit, { icon, logo }: SiteSettings, errors: FormErrors): Html {
  const texts = textsOf(visit, settingsTexts);
  const image = (
    place: 'icon' | 'logo',
    name: string | null,
    label: string,
    hint: string,
    alt: string,
  ): Html =>
    html`${
      name !== null &&
      html`<div class="actions">
          <img class="site-image" src="/blog/assets/${name}" alt="${alt}" />
          ${actionButton(`/studio/settings/${place}/remove`, texts.remove, 'danger')}
        </div>`
    }
      <form method="post" action="/studio/settings/${place}" enctype="multipart/form-data">
        ${textField({
          ...{ name: place, label, hint, type: 'file', error: errors.fields[place] },
          accept: '.png,.jpg,.jpeg,.webp,.ico',
        })}
        ${button(texts.upload)}
      </form> `;
  return section(texts.images, [
    html`<p class="hint">${texts.imagesHint}</p>`,
    image('icon', icon, texts.icon, texts.iconHint, texts.currentIcon),
    image('logo', logo, texts.logo, texts.logoHint, texts.currentLogo),
  ]);
}
