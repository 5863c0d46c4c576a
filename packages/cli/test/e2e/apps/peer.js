/** Says where a request came from. */
export default (req, res) => res.end(req.socket.remoteAddress)
