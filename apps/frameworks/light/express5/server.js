import { fileURLToPath } from 'node:url'
import express from 'express'
import multer from 'multer'

const app = express()
const upload = multer()

app.use(express.json())
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))))
app.get('/json', (req, res) => res.json({ hello: 'world' }))
app.post('/echo', (req, res) => res.json(req.body))
app.post('/upload', upload.single('file'), (req, res) => {
  res.json({ name: req.file.originalname, size: req.file.size })
})
app.get('/stream', (req, res) => {
  res.type('text/plain')
  res.write('first\n')
  setTimeout(() => res.end('last\n'), 200)
})

const server = app.listen(process.env.PORT || 3000, () => {
  console.log(`Listening on ${server.address().port}`)
})

process.on('SIGTERM', () => {
  server.close(() => console.log('closed by the app'))
})
