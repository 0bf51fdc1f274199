package io.breakwater.local.lambda;

/** An execution environment that ended, with its invocation if it had one. */
public final class EnvironmentLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EnvironmentLostException(String message) {
        super(message);
    }
}
