/** What every program on this runtime costs. */
export const nothing = undefined;
