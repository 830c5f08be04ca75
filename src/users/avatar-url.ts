/** 42's own picture server: others' browsers load the picture, and another host would learn who looks at whom. */
const PREFIX = 'https://cdn.intra.42.fr/';
export const AVATAR_URL_MAX = 512;

/**
 * The URL as it is kept and shown, or null where it is none of {@link PREFIX}. The prefix is compared before anything
 * is parsed, so that no userinfo, port, other spelling of the host or sign that a reader would skip comes in.
 * @param url printable ASCII, or it is none.
 */
export function parseAvatarUrl(url: string): string | null {
  if (!/^[\x21-\x7e]+$/.test(url) || !url.startsWith(PREFIX) || !URL.canParse(url)) return null;
  const { href } = new URL(url);
  return href.startsWith(PREFIX) && href.length <= AVATAR_URL_MAX ? href : null;
}
