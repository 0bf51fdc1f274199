package io.breakwater.job;

/** Which endpoint gave the answer, and as which tier. */
public record ServedBy(String region, String model, String tier) {}
