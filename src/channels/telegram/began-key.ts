/** In a channel's memory: for which bot something was read already. */
export const beganKey = "began";
