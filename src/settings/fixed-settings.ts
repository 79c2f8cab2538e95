import type { Config } from '../config.js';
import type { FieldName, SiteValues } from './settings.fields.js';

export type SettingName = FieldName | 'registration';

/** The variable of the environment that fixes a setting. */
export const variableOf = (name: SettingName): string =>
  name === 'registration' ? 'REGISTRATION' : `SITE_${name.toUpperCase()}`;

/** The settings that the environment fixes, with their values. */
export type FixedSettings = Partial<SiteValues> & { readonly registration?: 'open' | 'closed' };

export function fixedSettingsOf(config: Config): FixedSettings {
  const values: { readonly [Name in SettingName]: FixedSettings[Name] | undefined } = {
    title: config.siteTitle,
    description: config.siteDescription,
    language: config.siteLanguage,
    time_zone: config.siteTimeZone,
    posts_per_page: config.sitePostsPerPage,
    accent_color: config.siteAccentColor,
    navigation: config.siteNavigation,
    footer: config.siteFooter,
    registration: config.registration,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
