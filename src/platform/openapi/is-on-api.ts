const API = /^\/(?:blog\/)?api\//;

/** Does a path, with or without its query, belong to the API rather than to a page? */
export const isOnApi = (path: string): boolean => API.test(path);
