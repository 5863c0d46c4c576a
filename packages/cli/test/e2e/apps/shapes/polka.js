import polka from 'polka'

export default polka().get('/', (_req, res) => res.end('hello from polka'))
