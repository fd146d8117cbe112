/** Under which it is remembered that the telephone has ended the link. */
export const unlinkedKey = "unlinked";
