const { createHash } = require('node:crypto')
const path = require('node:path')
const express = require('express')

const app = express()

app.get('/', (_req, res) => res.type('text').send('hello from commonjs'))
app.get('/file', (_req, res) =>
  res.json({ file: path.relative(__dirname, __filename), main: require.main === module }),
)
app.get('/hash', (_req, res) => res.send(createHash('sha256').update('x').digest('hex')))

module.exports = app
