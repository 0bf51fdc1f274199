package io.breakwater.breaker;

import java.time.Instant;

/** What an operator forces upon a breaker. */
public sealed interface StateOverride {
    /** Refuse calls until then; after that recover through the half-open stages. */
    record ForceOpen(String reason, Instant until) implements StateOverride {}

    /** Admit calls until then, whatever the window says. */
    record ForceClosed(String reason, Instant until) implements StateOverride {}

    /** Let the rules decide again. */
    record Lift() implements StateOverride {}
}
