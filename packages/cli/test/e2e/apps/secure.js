/** What apps of each kind see of an encrypted connection. */
export const node = (req, res) => {
  const { socket } = req
  const seen = {
    pid: process.pid,
    encrypted: socket.encrypted === true,
    authorized: socket.authorized,
    peer: socket.getPeerCertificate?.().subject?.CN,
    issuer: socket.getPeerCertificate?.(true).issuerCertificate?.subject?.CN,
    protocol: socket.getProtocol?.(),
  }
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(seen))
}

export default { fetch: request => new Response(request.url) }

export async function asgi(scope, _receive, send) {
  if (scope.type !== 'http' && scope.type !== 'websocket') throw new Error(`No ${scope.type} here`)
  const { serverCert, clientCertChain, ...rest } = scope.extensions.tls ?? {}
  const seen = {
    scheme: scope.scheme,
    hasCert: serverCert?.startsWith('-----BEGIN'),
    chain: clientCertChain?.length,
    ...rest,
  }
  if (scope.type === 'websocket') {
    await send({ type: 'websocket.accept' })
    await send({ type: 'websocket.send', text: JSON.stringify(seen) })
    return send({ type: 'websocket.close' })
  }
  await send({ type: 'http.response.start', status: 200, headers: [] })
  await send({ type: 'http.response.body', body: JSON.stringify(seen) })
}
