import { Injectable, type OnApplicationShutdown } from '@nestjs/common'

@Injectable()
export class AppService implements OnApplicationShutdown {
  hello(): { hello: string } {
    return { hello: 'world' }
  }

  onApplicationShutdown(): void {
    console.log('closed by the app')
  }
}
