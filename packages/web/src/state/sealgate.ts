import { Sealgate } from '@sealgate/client';
import { language } from '../i18n/language.js';

/** The one client of this page: it holds the keys as handles, and the page never sees a token. */
export const sealgate = new Sealgate({ baseUrl: window.location.origin, locale: language });
