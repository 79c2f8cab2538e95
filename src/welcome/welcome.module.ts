import { Module } from '@nestjs/common';
import { BlogModule } from '../blog/blog.module.js';
import { UsersModule } from '../users/users.module.js';
import { Welcome } from './welcome.service.js';

@Module({ imports: [BlogModule, UsersModule], providers: [Welcome] })
export class WelcomeModule {}
