export default (req, res, next) => {
  if (req.url === '/throws') throw new Error('thrown on purpose')
  if (req.url === '/passes') return void setImmediate(next)
  if (req.url === '/fails') return void setImmediate(() => next(new Error('passed on purpose')))
  res.end('served')
}
