const name = 'x-request-id'

/** Answers with the ids that came, as they came and as Node tells. `/hold` is never answered. */
export default (req, res) => {
  if (req.url === '/hold') return
  if (req.url === '/fail') throw new Error('it fails')
  const raw = req.rawHeaders.flatMap((field, index) =>
    index % 2 === 0 && field.toLowerCase() === name ? [req.rawHeaders[index + 1]] : [],
  )
  res.writeHead(200, ['content-type', 'application/json'])
  res.end(JSON.stringify({ raw, id: req.headers[name] }))
}
