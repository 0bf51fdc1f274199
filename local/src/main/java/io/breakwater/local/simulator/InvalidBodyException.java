package io.breakwater.local.simulator;

import java.util.List;

/** A control request whose body cannot be carried out, with everything that is wrong with it. */
final class InvalidBodyException extends Exception {
    private final transient List<String> violations;

    InvalidBodyException(List<String> violations) {
        super(String.join("; ", violations));
        this.violations = violations;
    }

    List<String> violations() {
        return violations;
    }
}
