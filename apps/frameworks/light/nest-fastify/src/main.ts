import { join } from 'node:path'
import multipart from '@fastify/multipart'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module'

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter())
  app.enableShutdownHooks()
  await app.register(multipart)
  app.useStaticAssets({ root: join(__dirname, '..', 'public') })
  await app.listen(process.env.PORT ?? 3000, '0.0.0.0')
}

bootstrap()
