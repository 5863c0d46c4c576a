import { index, route } from '@react-router/dev/routes'

export default [
  index('routes/home.jsx'),
  route('json', 'routes/json.js'),
  route('echo', 'routes/echo.js'),
  route('upload', 'routes/upload.js'),
  route('stream', 'routes/stream.js'),
]
