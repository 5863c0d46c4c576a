import { join } from 'node:path'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module'

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule)
  app.enableShutdownHooks()
  app.useStaticAssets(join(__dirname, '..', 'public'))
  await app.listen(process.env.PORT ?? 3000)
}

bootstrap()
