/** Says for whom a proxy has sent a request. */
export default { fetch: request => new Response(request.ip) }
