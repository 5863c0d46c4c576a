export default eventHandler(event => {
  setResponseHeader(event, 'content-type', 'text/plain')
  const { readable, writable } = new TransformStream<Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  void writer.write(encoder.encode('first\n'))
  setTimeout(() => void writer.write(encoder.encode('last\n')).then(() => writer.close()), 200)
  return sendStream(event, readable)
})
