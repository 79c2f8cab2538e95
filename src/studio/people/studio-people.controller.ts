import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ByCookie, RequiresRole } from '../../platform/access/access.js';
import { ROLES } from '../../platform/access/principal.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { PeopleService } from '../../users/people.service.js';
import { UsersService } from '../../users/users.service.js';
import { answerForm, goOn, parseForm, valueOf } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { peoplePage } from './people-page.js';
import { personPage } from './person-page.js';
import { type PersonReference, personReferenceSchema } from './person-reference.js';

const roleFormSchema = z.strictObject({ role: z.enum(ROLES) });
const MAX_SEARCH_LENGTH = 100;

/** Accounts and their roles and sessions, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/people')
export class StudioPeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  @Get()
  async list(@CurrentVisit() visit: Visit, @Query() query: FormBody): Promise<string> {
    const [q, after] = ['q', 'after'].map((name) => valueOf(query, name).trim().slice(0, MAX_SEARCH_LENGTH));
    const request = { q: q!, after: after! };
    return peoplePage(visit, { request, ...(await this.people.list(request)) });
  }

  @Get(':id')
  async show(
    @CurrentVisit() visit: Visit,
    @Param({ schema: personReferenceSchema }) { id }: PersonReference,
  ): Promise<string> {
    const [person, sessions] = await Promise.all([this.people.get(id), this.sessions.list(id)]);
    return personPage(visit, { person, sessions: sessions.length });
  }

  @Post(':id/role')
  async changeRole(
    @CurrentVisit() visit: Visit,
    @Param({ schema: personReferenceSchema }) { id }: PersonReference,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const person = await this.people.get(id);
    return answerForm(
      { reply, visit },
      async () => {
        const { role } = parseForm(roleFormSchema, form);
        await this.users.setRole(person.username, role, { sparesLast: true });
        return `/studio/people/${id}?done=role-changed`;
      },
      async (errors) => {
        const sessions = await this.sessions.list(id);
        return personPage(visit, { person, sessions: sessions.length }, errors);
      },
    );
  }

  @Post(':id/sign-out')
  async signOut(
    @Param({ schema: personReferenceSchema }) { id }: PersonReference,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.people.get(id);
    await this.sessions.revokeAll(id);
    return goOn(reply, `/studio/people/${id}?done=signed-out-everywhere`);
  }
}
