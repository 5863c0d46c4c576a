/** The kinds of apps that can run in threads. Each thread loads its own copy of the app. */
export const appKinds = ['node', 'fetch'] as const
