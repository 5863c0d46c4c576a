/** Says which process answers. A `POST` is answered when its body has ended. */
export default (req, res) => {
  req.on('data', () => {})
  req.on('end', () => res.end(JSON.stringify({ pid: process.pid, workers: process.env.WEB_CONCURRENCY })))
}
