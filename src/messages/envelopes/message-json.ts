/**
 * SQL that builds a message's JSON, so that a page of history reaches the client without being parsed here. `m` is the
 * row of `messages`. Nothing in it needs escaping: ids, numbers, times, and base64url that was checked when it came.
 */
const time = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Up to the recipients. */
export const MESSAGE_HEAD = `
  '{"id":"' || m.id || '","chatId":"' || m.chat_id || '","seq":' || m.seq || ',"senderId":"' || m.sender_id
  || '","sentAt":"' || ${time('m.sent_at')} || '","deletedAt":'
  || CASE WHEN m.deleted_at IS NULL THEN 'null,"envelope":{' || m.sealed || ',"recipients":['
     ELSE '"' || ${time('m.deleted_at')} || '","envelope":null' END`;

/** After the recipients. */
export const MESSAGE_TAIL = `
  CASE WHEN m.deleted_at IS NULL THEN ']}' ELSE '' END || ',"recipientCount":' || m.recipient_count || '}'`;

/** One entry of `recipients`; empty where there is none. */
export function recipientJson(stored: string): string {
  return `coalesce('{"header":{"kid":"' || (${stored} ->> 'kid') || '"},"encrypted_key":"' || (${stored} ->> 'key') || '"}', '')`;
}

/**
 * The whole message as one reader is given it: with the entry of the key that was the reader's when it was sent.
 * @param reader SQL of the reader's id as text.
 */
export function messageJson(reader: string): string {
  return `${MESSAGE_HEAD} || ${recipientJson(`(m.recipients -> ${reader})`)} || ${MESSAGE_TAIL}`;
}
