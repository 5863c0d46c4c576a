export const GET = () => {
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode('first\n'))
      setTimeout(() => {
        controller.enqueue(encoder.encode('last\n'))
        controller.close()
      }, 200)
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/plain' } })
}
