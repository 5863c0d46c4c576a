export default eventHandler(() => ({ hello: 'world' }))
