import { createServer } from 'node:https'

export default createServer((_req, res) => res.end())
