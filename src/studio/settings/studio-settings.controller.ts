import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ByCookie, CurrentPrincipal, RequiresRole } from '../../platform/access/access.js';
import type { Principal } from '../../platform/access/principal.js';
import { ValidationFailed } from '../../platform/errors/validation-failed.js';
import { BodyLimit } from '../../platform/server/body-limit.js';
import type { FormBody } from '../../platform/server/form-body.js';
import { SettingsService } from '../../settings/settings.service.js';
import {
  IMAGE_PLACES,
  type ImagePlace,
  MAX_IMAGE_BYTES,
  SiteImages,
} from '../../settings/site-images.service.js';
import { answerForm, type FormErrors } from '../form.js';
import { settingsTexts } from '../texts/settings.js';
import { receiveSmallFile, TakesUpload } from '../uploads.js';
import { CurrentVisit, textsOf, type Visit } from '../visit.js';
import { changesIn, typedValues } from './settings-form.js';
import { settingsPage } from './settings-page.js';

const MISMATCH = 412;
/** For the parts of the form around the file. */
const FORM_BYTES = 4_096;

const placeSchema = z.strictObject({ place: z.enum(IMAGE_PLACES) });

/** The settings of the blog, for administrators. */
@ByCookie()
@RequiresRole('admin')
@Controller('studio/settings')
export class StudioSettingsController {
  constructor(
    private readonly settings: SettingsService,
    private readonly images: SiteImages,
  ) {}

  @Get()
  show(@CurrentVisit() visit: Visit): Promise<string> {
    return this.page(visit);
  }

  @Post()
  save(
    @CurrentVisit() visit: Visit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() form: FormBody = {},
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const { changes, ifMatch } = changesIn(form);
        await this.settings.change(changes, { principal, ifMatch });
        return '/studio/settings?done=saved';
      },
      (errors) => {
        const isMismatch = reply.statusCode === MISMATCH;
        const summary = isMismatch ? textsOf(visit, settingsTexts).changedMeanwhile : errors.summary;
        return this.page(visit, { ...errors, summary }, form);
      },
    );
  }

  @Post(':place')
  @TakesUpload()
  @BodyLimit(MAX_IMAGE_BYTES + FORM_BYTES)
  upload(
    @CurrentVisit() visit: Visit,
    @Param({ schema: placeSchema }) { place }: { place: ImagePlace },
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        const { file } = await receiveSmallFile(request, MAX_IMAGE_BYTES);
        if (file === undefined)
          throw new ValidationFailed([{ pointer: `/${place}`, detail: 'Choose a file first.' }]);
        await this.images.set(place, file, { principal });
        return '/studio/settings?done=saved';
      },
      (errors) => this.page(visit, errors),
    );
  }

  @Post(':place/remove')
  remove(
    @CurrentVisit() visit: Visit,
    @Param({ schema: placeSchema }) { place }: { place: ImagePlace },
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return answerForm(
      { reply, visit },
      async () => {
        await this.images.set(place, null, { principal });
        return '/studio/settings?done=saved';
      },
      (errors) => this.page(visit, errors),
    );
  }

  /** @param form what was typed */
  private async page(visit: Visit, errors?: FormErrors, form?: FormBody): Promise<string> {
    const settings = await this.settings.current();
    return settingsPage(visit, {
      settings,
      version: this.settings.etagOf(settings),
      fixed: this.settings.fixed,
      ...(form === undefined ? {} : { typed: typedValues(form, settings) }),
      ...(errors === undefined ? {} : { errors }),
    });
  }
}
