package io.breakwater.model;

/** Tokens that a call was billed for. */
public record Usage(int inputTokens, int outputTokens) {}
