import type { Catalogue } from '../catalogue.js';
import { about } from './about.js';
import { blocking, chat, home, newChat, trust } from './chats.js';
import { common, notFound, unreachable } from './common.js';
import { errorDetails, errors } from './errors.js';
import { contact, history, keys } from './keys.js';
import { events, settings } from './settings.js';
import { proof } from './proof.js';
import {
  codes,
  firstLogin,
  forgot,
  password,
  register,
  reset,
  second,
  signIn,
  verifyEmail,
} from './sign-in.js';

/** French. */
export const fr: Catalogue = {
  common,
  notFound,
  unreachable,
  errors,
  errorDetails,
  signIn,
  register,
  password,
  forgot,
  reset,
  verifyEmail,
  second,
  firstLogin,
  codes,
  home,
  chat,
  trust,
  newChat,
  blocking,
  keys,
  contact,
  history,
  proof,
  settings,
  events,
  about,
};
