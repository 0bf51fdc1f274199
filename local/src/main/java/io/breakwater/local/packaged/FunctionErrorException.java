package io.breakwater.local.packaged;

/** What a function in a process of its own threw, as it told Lambda. Its environment lives on. */
public final class FunctionErrorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String errorType;

    FunctionErrorException(String errorType, String message) {
        super(errorType + ": " + message);
        this.errorType = errorType;
    }

    /** The name of what was thrown, or one of Lambda's own, such as {@code Runtime.BadFunctionCode}. */
    public String errorType() {
        return errorType;
    }
}
