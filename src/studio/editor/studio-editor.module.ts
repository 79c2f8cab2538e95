import { Module } from '@nestjs/common';
import { BlogModule } from '../../blog/blog.module.js';
import { EditorActions } from './editor-actions.service.js';
import { EditorController } from './editor.controller.js';
import { EditorForms } from './editor-forms.service.js';
import { EditorApiController } from './editor-api.controller.js';

/** The editor and the trash. */
@Module({
  imports: [BlogModule],
  controllers: [EditorApiController, EditorController],
  providers: [EditorActions, EditorForms],
})
export class StudioEditorModule {}
