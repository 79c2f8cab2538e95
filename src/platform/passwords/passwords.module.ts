import { Module } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';
import { PasswordStrength } from './password-strength.js';

/** Argon2id behind a bounded queue, and the rules for new passwords. */
@Module({ providers: [PasswordHasher, PasswordStrength], exports: [PasswordHasher, PasswordStrength] })
export class PasswordsModule {}
