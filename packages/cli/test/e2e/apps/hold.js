/** Answers a `GET` at once. A `POST` gets the head of its answer at once, and the rest when its body has ended. */
export default (req, res) => {
  if (req.method === 'GET') return res.end(String(process.pid))
  res.write('begun ')
  req.on('data', () => {})
  req.on('end', () => res.end(`and finished by ${process.pid}`))
}
