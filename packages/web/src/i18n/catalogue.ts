import { en } from './en/catalogue.js';
import { language, type Language } from './language.js';

/** The same members, with other words: what every language has to have. */
type Translated<T> = T extends (...args: infer A) => string
  ? (...args: A) => string
  : T extends string
    ? string
    : { readonly [K in keyof T]: Translated<T[K]> };

export type Catalogue = Translated<typeof en>;

const OTHERS: Record<Exclude<Language, 'en'>, () => Promise<Catalogue>> = {
  fr: async () => (await import('./fr/catalogue.js')).fr,
};

/** The words of the page's language. */
export let t: Catalogue = en;

/** Before anything is shown: only the language that is spoken is loaded. */
export async function loadCatalogue(): Promise<void> {
  document.documentElement.lang = language;
  if (language !== 'en') t = await OTHERS[language]();
}
