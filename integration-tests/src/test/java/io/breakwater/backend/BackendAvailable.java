package io.breakwater.backend;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class, and says so, when its backend is a container and there is no Docker. */
final class BackendAvailable implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Backends.areAvailable()) {
            return ConditionEvaluationResult.enabled("its backend can be had");
        }
        String reason = "LocalStack wants Docker, and there is none: skipped";
        if (context.getTestMethod().isEmpty()) {
            System.err.println(context.getDisplayName() + ": " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
