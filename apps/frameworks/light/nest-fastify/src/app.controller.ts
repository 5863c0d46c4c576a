import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { Body, Controller, Get, HttpCode, Post, Req, StreamableFile } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
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
  async upload(@Req() request: FastifyRequest): Promise<object> {
    const file = await request.file()
    return { name: file?.filename, size: (await file?.toBuffer())?.length }
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
