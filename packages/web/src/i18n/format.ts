import { language } from './language.js';

/** The person's own country's way in the page's language: 24 hours for a Briton, 12 for an American. */
const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;

const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const dayAndYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const list = new Intl.ListFormat(locale, { type: 'conjunction' });

const DAY_MS = 86_400_000;

/** "09:41" */
export function formatClock(time: string): string {
  return clock.format(new Date(time));
}

/** "21 Nov 2026, 09:41" */
export function formatFull(time: string): string {
  return full.format(new Date(time));
}

/** "today", "yesterday", "Monday 16 November", with the year where it is another one. */
export function formatDay(time: string, now = new Date()): string {
  const date = new Date(time);
  const ago = daysBetween(date, now);
  if (ago < 2) return capital(relative.format(-ago, 'day'));
  return capital((date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date));
}

/** For lists: the time of today, the day of what is older. */
export function formatWhen(time: string, now = new Date()): string {
  const date = new Date(time);
  return daysBetween(date, now) === 0 ? clock.format(date) : short.format(date);
}

/** "Ada, Grace and Alan" */
export function formatList(names: readonly string[]): string {
  return list.format(names);
}

/** Whether both are on the same day of this device's calendar. */
export function isSameDay(one: string, other: string): boolean {
  return daysBetween(new Date(one), new Date(other)) === 0;
}

function daysBetween(earlier: Date, later: Date): number {
  const start = (date: Date): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((start(later) - start(earlier)) / DAY_MS);
}

function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1);
}
