/** The app of kind `node` that every contender runs. */
const body = 'Hello, world\n'

export default (_req, res) => {
  res.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length })
  res.end(body)
}
