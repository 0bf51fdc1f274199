package io.breakwater.model;

import java.math.BigDecimal;

/**
 * What a model's tokens cost.
 *
 * @param input US dollars for a million tokens of input
 * @param output US dollars for a million tokens of output
 */
public record Price(BigDecimal input, BigDecimal output) {
    private static final int MILLION = 6;

    public Price {
        if (input.signum() < 0 || output.signum() < 0) {
            throw new IllegalArgumentException("a price must be at least 0, was " + input + " and " + output);
        }
    }

    /** The usage with its exact cost, without trailing zeros. */
    Usage of(Usage usage) {
        BigDecimal cost = input.multiply(BigDecimal.valueOf(usage.inputTokens()))
                .add(output.multiply(BigDecimal.valueOf(usage.outputTokens())))
                .movePointLeft(MILLION)
                .stripTrailingZeros();
        return new Usage(usage.inputTokens(), usage.outputTokens(), cost.setScale(Math.max(0, cost.scale())));
    }
}
