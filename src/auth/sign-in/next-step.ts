import { ApiProperty } from '@nestjs/swagger';

/** Where a sign-in goes on: the second step, its first set-up, or the app. */
export const NEXT_STEPS = ['2fa', 'first-login', 'home'] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

/** Documents a `next` member. */
export const ApiNextStep = (): PropertyDecorator => ApiProperty({ enum: NEXT_STEPS });
