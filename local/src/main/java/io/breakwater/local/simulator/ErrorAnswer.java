package io.breakwater.local.simulator;

/**
 * An error as Bedrock sends it.
 *
 * @param type the exception's name, which the SDK turns into its class
 */
record ErrorAnswer(int status, String type, String message) {}
