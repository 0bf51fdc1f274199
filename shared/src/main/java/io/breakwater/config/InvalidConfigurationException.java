package io.breakwater.config;

import io.breakwater.json.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message is fit to print: it says where, what is wrong, and what is right. */
public final class InvalidConfigurationException extends RuntimeException {
    private final transient List<Violation> violations;

    InvalidConfigurationException(String message) {
        super(message);
        violations = List.of();
    }

    InvalidConfigurationException(String origin, List<Violation> violations) {
        super(violations.stream()
                .map(violation -> "\n  " + violation)
                .collect(Collectors.joining("", "invalid configuration " + origin + ":", "")));
        this.violations = List.copyOf(violations);
    }

    /** What is wrong in the file; empty when it could not be read as YAML at all. */
    public List<Violation> violations() {
        return violations;
    }
}
