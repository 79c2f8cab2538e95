import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Config } from '../../config.js';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import { type Client, CurrentClient } from '../../platform/access/client.js';
import type { Principal } from '../../platform/access/principal.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { AccountRemovalService } from '../../users/account-removal.service.js';
import { PasswordResets } from '../../users/password-resets.service.js';
import { PeopleService } from '../../users/people.service.js';
import { answerForm, parseForm } from '../form.js';
import { CurrentVisit, type Visit } from '../visit.js';
import { removalPage, resetLinkPage } from './person-page.js';
import { type PersonReference, personReferenceSchema } from './person-reference.js';

const MAX_PASSWORD_LENGTH = 256;
const removalFormSchema = z.strictObject({ current_password: z.string().min(1).max(MAX_PASSWORD_LENGTH) });

/** Gives people access again, or takes their account away. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/people/:id')
export class StudioAccountsController {
  constructor(
    private readonly config: Config,
    private readonly people: PeopleService,
    private readonly resets: PasswordResets,
    private readonly removal: AccountRemovalService,
  ) {}

  /** Answers with the link itself: a page that could be loaded again could show it again. */
  @Post('reset-link')
  async makeLink(
    @CurrentVisit() visit: Visit,
    @Param({ schema: personReferenceSchema }) { id }: PersonReference,
    @Req() { protocol, host }: FastifyRequest,
  ): Promise<string> {
    const person = await this.people.get(id);
    const link = new URL('/studio/reset', this.config.publicUrl ?? `${protocol}://${host}`);
    link.searchParams.set('token', await this.resets.create(id));
    return resetLinkPage(visit, person, link.href);
  }

  @Post('delete')
  async remove(
    @CurrentVisit() visit: Visit,
    @Param({ schema: personReferenceSchema }) { id }: PersonReference,
    @CurrentPrincipal() by: Principal,
    @CurrentClient() { network }: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    const person = await this.people.get(id);
    return answerForm(
      { reply, visit },
      async () => {
        const { current_password: password } = parseForm(removalFormSchema, form);
        await this.removal.remove({ id }, password, { by, network, method: 'DELETE' });
        return '/studio/people?done=account-deleted';
      },
      (errors) => removalPage(visit, person, errors),
    );
  }
}
