import { createRequestHandler } from '@react-router/express'
import express from 'express'

const app = express()
app.use(express.static('build/client'))
app.use(createRequestHandler({ build: () => import('./build/server/index.js') }))
app.listen(3000)
