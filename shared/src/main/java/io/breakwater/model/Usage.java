package io.breakwater.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a call was billed for.
 *
 * @param costUsd what they cost by the configured prices, in US dollars; null when the model has no price
 */
public record Usage(
        int inputTokens, int outputTokens, @Nullable BigDecimal costUsd) {
    /** Tokens whose cost nobody has worked out. */
    public Usage(int inputTokens, int outputTokens) {
        this(inputTokens, outputTokens, null);
    }
}
