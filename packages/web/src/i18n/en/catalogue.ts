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

/** English, from which the type of every other catalogue is made. */
export const en = {
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
