package io.breakwater.infra;

import io.breakwater.json.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** A deployment that cannot be made. The message is fit to print: it names all that is wrong, and what would be right. */
final class InvalidDeploymentException extends RuntimeException {
    InvalidDeploymentException(List<Violation> violations) {
        super(violations.stream()
                .map(violation -> "\n  " + violation)
                .collect(Collectors.joining("", "invalid context (cdk.json, cdk.context.json or -c):", "")));
    }
}
