import type { DefaultTheme, UserConfig } from 'vitepress'
import { anchorOf, checkAnchors } from './anchors.js'
import { pages, sections } from './pages.js'
import { repository, repositoryLinks } from './repository-links.js'

const base = '/tunicorn/'

const config: UserConfig<DefaultTheme.Config> = {
  title: 'Tunicorn',
  description: 'An application server for Node.js: an arbiter that supervises worker processes of any class.',
  base,
  // The pages are where they are read on GitHub, and so are not moved.
  srcDir: '../..',
  srcExclude: [
    '*/**/{test,templates,dist,node_modules,.turbo}/**',
    '{.*,apps,examples,deploy,scripts}/**',
    '{README,CHANGELOG}.md',
    'packages/{cli,harness,create-tunicorn-worker}/**',
    'packages/*/{CHANGELOG,THIRD-PARTY-NOTICES,api}.md',
    'docs/*/**',
  ],
  rewrites: Object.fromEntries([...pages.values()].map(({ file, path }) => [file, `${path}.md`])),
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  cleanUrls: true,
  head: [['meta', { name: 'theme-color', content: '#4b38c4' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    languageAlias: { jsonl: 'json', promql: 'sql', logrotate: 'ini', haproxy: 'ini' },
    config: repositoryLinks,
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Deploying', link: '/deploying' },
      { text: 'Settings', link: '/settings' },
      { text: 'Performance', link: '/performance' },
    ],
    sidebar: sections.map(({ text, pages }) => ({
      text,
      collapsed: text !== 'Start' && text !== 'Run',
      items: pages.map(({ title, path }) => ({ text: title, link: `/${path}` })),
    })),
    editLink: {
      pattern: `${repository}/edit/main/:path`,
      text: 'Edit this page on GitHub',
    },
    socialLinks: [{ icon: 'github', link: repository }],
    footer: { message: 'MIT license' },
  },
  buildEnd: ({ outDir }) => checkAnchors(outDir, base),
}

export default config
