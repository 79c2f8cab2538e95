import type { SiteSettings } from '../settings/settings.service.js';
import { siteTexts, type Texts } from './texts.js';

/** The facts about the blog that a page shows. */
export interface SiteView {
  readonly settings: SiteSettings;
  readonly texts: Texts;
  /** A time, ISO 8601, as a date in the language and time zone of the blog. */
  readonly date: (time: string) => string;
}

function longDates(language: string, timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone });
  } catch {
    // Another release of Node knew this time zone.
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  }
}

const views = new WeakMap<SiteSettings, SiteView>();

/** Made once for each version of the settings, because a date format is expensive to make. */
export function siteViewOf(settings: SiteSettings): SiteView {
  const known = views.get(settings);
  if (known !== undefined) return known;
  const { language, time_zone: timeZone } = settings;
  const format = longDates(language, timeZone);
  const view = {
    settings,
    texts: siteTexts[language],
    date: (time: string) => format.format(new Date(time)),
  };
  views.set(settings, view);
  return view;
}
