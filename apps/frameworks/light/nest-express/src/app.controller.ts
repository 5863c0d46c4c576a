import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { Body, Controller, Get, HttpCode, Post, StreamableFile, UploadedFile, UseInterceptors } from '@nestjs/common'
import { FileInterceptor } from '@nestjs/platform-express'
import { AppService } from './app.service'

@Controller()
export class AppController {
  constructor(private readonly service: AppService) {}

  @Get('json')
  json(): { hello: string } {
    return this.service.hello()
  }

  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: object): object {
    return body
  }

  @Post('upload')
  @HttpCode(200)
  @UseInterceptors(FileInterceptor('file'))
  upload(@UploadedFile() file: { originalname: string; size: number }): object {
    return { name: file.originalname, size: file.size }
  }

  @Get('stream')
  stream(): StreamableFile {
    async function* parts(): AsyncGenerator<string> {
      yield 'first\n'
      await pause(200)
      yield 'last\n'
    }
    return new StreamableFile(Readable.from(parts(), { objectMode: false }), { type: 'text/plain' })
  }
}
