/** Names the folder of the run that all workers of one test run share. */
export const runVariable = "KUBEFERRY_TESTBED_RUN";
