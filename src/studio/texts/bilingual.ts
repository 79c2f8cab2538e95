/** The languages that the Studio speaks. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text, or a function that writes one. */
type Message = string | ((...values: never[]) => string);
type Messages = Readonly<Record<string, Message>>;

/** The messages of one area in every language. Functions take the same values in each. */
export type Catalogue<Texts extends Messages> = Readonly<Record<Language, Texts>>;

type Widened<Texts> = { readonly [Key in keyof Texts]: Texts[Key] extends string ? string : Texts[Key] };

/** Declares the messages of one area: `bilingual({ save: 'Save' }, { save: '저장' })`. A missing key does not compile. */
export const bilingual = <const Texts extends Messages>(
  en: Texts,
  ko: Widened<Texts>,
): Catalogue<Widened<Texts>> => ({ en: en as Widened<Texts>, ko });
