import type { ServerResponse } from 'node:http';
import { checkAuthorizeRequest } from './authorize-request.js';
import type { Context, Endpoint } from './context.js';
import type { AuthorizeFaultKind } from './faults.js';
import type { AuthorizationRequest } from './grants.js';
import { readParameters, redirect, sendHtml } from './http.js';
import { contentSecurityPolicy, errorPage, signInPage } from './page.js';
import { isLogin } from './people.js';

/** The OAuth error that stands for a fault, for those that replace the sign-in altogether. */
const errorOfFault: Partial<Record<AuthorizeFaultKind, string>> = {
  denied: 'access_denied',
  server_error: 'server_error',
  temporarily_unavailable: 'temporarily_unavailable',
  unknown_error: 'the_cantina_is_closed',
};

/** `GET /oauth/authorize`: checks the request, then asks the person (or approves by itself). */
export const showAuthorize: Endpoint = (context, { query, response }) => {
  const checked = checkAuthorizeRequest(context, query);
  if (checked.outcome === 'page') return sendErrorPage(response, checked.status, checked.message);
  const { request } = checked;
  if (checked.outcome === 'redirect') return sendBack(response, request, { error: checked.error });

  const fault = context.faults.take('authorize');
  const error = fault && errorOfFault[fault];
  if (error) return sendBack(response, request, { error });
  // Whatever the fault does to the state, the request is remembered with it until a code is given.
  const faulted = withFaultyState(request, fault);

  if (context.autoApprove !== false) return approve(context, response, faulted, context.autoApprove);
  sendSignInPage(context, response, context.grants.openTransaction(faulted), faulted, null);
};

/** `POST /oauth/authorize`: the decision taken on the page. */
export const decideAuthorize: Endpoint = async (context, { request, response }) => {
  const form = await readParameters(request);
  const id = form?.get('transaction') ?? '';
  const transaction = context.grants.transaction(id);
  if (!form || !transaction) return sendErrorPage(response, 400, 'This page was used already or is too old.');

  if (form.get('decision') === 'deny') {
    context.grants.closeTransaction(id);
    return sendBack(response, transaction, { error: 'access_denied' });
  }
  const typed = form.get('login')?.trim() ?? '';
  const login = context.people.byLogin(typed) ? typed : typed.toLowerCase();
  if (!context.people.byLogin(login) && !isLogin(login)) {
    return sendSignInPage(context, response, id, transaction, login);
  }
  // One decision a page: a second one (double click, back button) finds no transaction.
  context.grants.closeTransaction(id);
  approve(context, response, transaction, login);
};

function approve(
  context: Context,
  response: ServerResponse,
  request: AuthorizationRequest,
  approval: true | string,
): void {
  const user = approval === true ? context.people.all()[0] : context.people.named(approval);
  if (!user) return sendErrorPage(response, 500, 'There is nobody to sign in as.');
  sendBack(response, request, { code: context.grants.issueCode(request, user.id) });
}

function withFaultyState(
  request: AuthorizationRequest,
  fault: AuthorizeFaultKind | null,
): AuthorizationRequest {
  if (fault === 'wrong_state') return { ...request, state: 'a-state-that-nobody-sent' };
  if (fault === 'missing_state') return { ...request, state: null };
  return request;
}

const errorDescriptions: Record<string, string> = {
  access_denied: 'The resource owner or authorization server denied the request.',
  invalid_request: 'The request is missing a required parameter or includes an unsupported parameter value.',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
  unsupported_response_type: 'The authorization server does not support this response type.',
};

function sendBack(
  response: ServerResponse,
  { redirectUri, state }: AuthorizationRequest,
  answer: { code: string } | { error: string },
): void {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  if ('error' in answer) {
    const description =
      errorDescriptions[answer.error] ?? 'The authorization server met an unexpected condition.';
    location.searchParams.set('error_description', description);
  }
  if (state !== null) location.searchParams.set('state', state);
  redirect(response, location.href);
}

function sendSignInPage(
  context: Context,
  response: ServerResponse,
  transaction: string,
  request: AuthorizationRequest,
  refusedLogin: string | null,
): void {
  const { origin, host } = new URL(request.redirectUri);
  const html = signInPage({ transaction, host, people: context.people.all(), refusedLogin });
  sendHtml(response, refusedLogin === null ? 200 : 422, html, pageHeaders(origin));
}

function sendErrorPage(response: ServerResponse, status: number, message: string): void {
  sendHtml(response, status, errorPage(message), pageHeaders());
}

function pageHeaders(formTarget?: string) {
  return {
    'content-security-policy': contentSecurityPolicy(formTarget),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
