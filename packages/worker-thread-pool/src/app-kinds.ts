/** The kinds of apps that run in threads; each thread loads its app by itself. */
export const appKinds = ['node', 'fetch'] as const
