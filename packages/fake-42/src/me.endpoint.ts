import { authenticate, sendUnauthorized } from './bearer.js';
import type { Endpoint } from './context.js';
import { isProfileFault, isTransportFault } from './faults.js';
import { sendJson } from './http.js';
import { malformProfile } from './malformed-profiles.js';
import { profileOf } from './profile.js';
import { sendTransportFault } from './transport-faults.js';

/** `GET /v2/me`: the profile of the token's owner. */
export const showMe: Endpoint = (context, exchange) => {
  const { response } = exchange;
  const fault = context.faults.take('me');
  if (fault === 'unauthorized') return sendUnauthorized(response, 'The access token is invalid');
  if (fault === 'forbidden') return sendForbidden(response);
  if (isTransportFault(fault) && fault !== 'huge_body') return sendTransportFault(fault, response, null);

  const token = authenticate(context, exchange);
  if (!token) return;
  const user = token.userId === null ? undefined : context.people.byId(token.userId);
  if (!user) return sendForbidden(response);

  const profile = profileOf(user, context.now());
  if (fault === 'huge_body') return sendTransportFault(fault, response, profile);
  const other = context.people.all().find(({ id, email }) => id !== user.id && email !== null);
  sendJson(
    response,
    200,
    isProfileFault(fault) ? malformProfile(fault, profile, other?.email ?? null) : profile,
  );
};

/** An application's own token has no person behind it. */
function sendForbidden(response: Parameters<typeof sendJson>[0]): void {
  sendJson(response, 403, { status: 403, error: 'Forbidden' });
}
