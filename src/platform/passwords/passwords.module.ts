import { Module } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';

/** Argon2id behind a bounded queue. */
@Module({ providers: [PasswordHasher], exports: [PasswordHasher] })
export class PasswordsModule {}
