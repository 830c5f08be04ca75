import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { RecentProof } from '../common/http/recent-proof.js';
import { UnknownMembersGuard } from '../common/http/unknown-members.guard.js';
import { CryptoModule } from '../crypto/crypto.module.js';
import { RateLimitGuard } from '../limits/rate-limit.guard.js';
import { TwoFaModule } from '../two-fa/two-fa.module.js';
import { EmailChange } from '../users/email-change.js';
import { IdentityProof } from '../users/identity-proof.js';
import { UsersModule } from '../users/users.module.js';
import { AccountSessions } from './account-sessions.js';
import { AccountMail } from './email/account-mail.js';
import { EmailChangeService } from './email/email-change.service.js';
import { EmailVerification } from './email/email-verification.service.js';
import { EmailController } from './email/email.controller.js';
import { MailTokens } from './email/mail-tokens.service.js';
import { SecurityNotices } from './email/security-notices.js';
import { FORTYTWO_STRATEGY, FortyTwoProvider } from './fortytwo/fortytwo-provider.js';
import { ApplicationSecret } from './fortytwo/application-secret.js';
import { FortyTwoLinkController } from './fortytwo/fortytwo-link.controller.js';
import { FortyTwoLinking } from './fortytwo/fortytwo-linking.service.js';
import { FortyTwoReturn } from './fortytwo/fortytwo-return.service.js';
import { FortyTwoSignInService } from './fortytwo/fortytwo-sign-in.service.js';
import { FortyTwoController } from './fortytwo/fortytwo.controller.js';
import { AccessTokenStrategy } from './guards/access-token.strategy.js';
import { AdminGuard } from './guards/admin.guard.js';
import { SecondFactorGuard } from './guards/second-factor.guard.js';
import { SessionGuard } from './guards/session.guard.js';
import { IdentityProofService } from './identity-proof.service.js';
import { JwksController } from './jwks/jwks.controller.js';
import { CurrentPassword } from './password/current-password.service.js';
import { PasswordChangeController } from './password/password-change.controller.js';
import { PasswordChange } from './password/password-change.service.js';
import { PasswordResetRequests } from './password/password-reset-requests.service.js';
import { PasswordReset } from './password/password-reset.service.js';
import { ReauthenticationController } from './reauthentication/reauthentication.controller.js';
import { Reauthentication } from './reauthentication/reauthentication.service.js';
import { SessionProof } from './reauthentication/session-proof.service.js';
import { SecondStepController } from './second-step/second-step.controller.js';
import { SecondStepService } from './second-step/second-step.service.js';
import { AllSecurityEventsController } from './security-log/all-security-events.controller.js';
import { SecurityEventsController } from './security-log/security-events.controller.js';
import { SessionCookies } from './session-cookies.js';
import { RefreshService } from './sessions/refresh.service.js';
import { RevocationView } from './sessions/revocation-view.js';
import { SessionIssuer } from './sessions/session-issuer.js';
import { SessionSweep } from './sessions/session-sweep.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { MeController } from './sign-in/me.controller.js';
import { PasswordController } from './sign-in/password.controller.js';
import { PasswordSignInService } from './sign-in/password-sign-in.service.js';
import { SignInMetrics } from './sign-in/sign-in.metrics.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { RefreshTokens } from './tokens/refresh-tokens.service.js';

/** Sign-in, sessions, tokens and the global guards, in the order in which they ask. */
@Global()
@Module({
  imports: [CryptoModule, UsersModule, TwoFaModule, JwtModule.register({})],
  controllers: [
    PasswordController,
    FortyTwoController,
    FortyTwoLinkController,
    MeController,
    PasswordChangeController,
    EmailController,
    SessionsController,
    ReauthenticationController,
    SecondStepController,
    SecurityEventsController,
    AllSecurityEventsController,
    JwksController,
  ],
  providers: [
    AccessTokens,
    RefreshTokens,
    SessionCookies,
    SessionIssuer,
    SessionProof,
    { provide: RecentProof, useExisting: SessionProof },
    Reauthentication,
    SessionsService,
    RefreshService,
    RevocationView,
    SignInMetrics,
    SignInService,
    PasswordSignInService,
    SecondStepService,
    FortyTwoProvider,
    {
      provide: FORTYTWO_STRATEGY,
      inject: [FortyTwoProvider],
      useFactory: (provider: FortyTwoProvider) => provider.open(),
    },
    ApplicationSecret,
    FortyTwoSignInService,
    FortyTwoLinking,
    FortyTwoReturn,
    AccountSessions,
    SessionSweep,
    MailTokens,
    EmailVerification,
    EmailChangeService,
    { provide: EmailChange, useExisting: EmailChangeService },
    AccountMail,
    SecurityNotices,
    CurrentPassword,
    PasswordChange,
    PasswordResetRequests,
    PasswordReset,
    AccessTokenStrategy,
    { provide: IdentityProof, useClass: IdentityProofService },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: SecondFactorGuard },
    { provide: APP_GUARD, useClass: AdminGuard },
    { provide: APP_GUARD, useClass: UnknownMembersGuard },
  ],
  exports: [EmailChange, IdentityProof, RecentProof],
})
export class AuthModule {}
