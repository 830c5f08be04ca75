import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { RECENT_PROOF_SECONDS } from '../../common/http/recent-proof.js';
import { ValidationFailed } from '../../common/problem/common.errors.js';
import { ReauthenticateBody, ReauthenticatedView } from './reauthentication.dto.js';
import { Reauthentication, type RenewedProof } from './reauthentication.service.js';

/** Proving again who one is, in the same session. */
@ApiTags('sessions')
@Controller('auth')
export class ReauthenticationController {
  constructor(private readonly reauthentication: Reauthentication) {}

  /** Opens for five minutes what answers `403 reauthentication_required`: the same session, the same tokens. */
  @Post('reauthenticate')
  @HttpCode(200)
  async prove(
    @CurrentUser() user: Principal,
    @Body() body: ReauthenticateBody,
    @Client() client: ClientInfo,
  ): Promise<ReauthenticatedView> {
    await this.reauthentication.prove(user, theOne(body), client);
    return { expiresIn: RECENT_PROOF_SECONDS };
  }
}

/** @throws ValidationFailed unless there is exactly one. */
function theOne({ password, code, recoveryCode }: ReauthenticateBody): RenewedProof {
  const shown: RenewedProof[] = [
    ...(password === undefined ? [] : [{ password }]),
    ...(code === undefined ? [] : [{ code }]),
    ...(recoveryCode === undefined ? [] : [{ recoveryCode }]),
  ];
  const [one] = shown;
  if (one !== undefined && shown.length === 1) return one;
  const detail = 'exactly one of password, code and recoveryCode is needed';
  throw new ValidationFailed([{ pointer: '', detail }]);
}
