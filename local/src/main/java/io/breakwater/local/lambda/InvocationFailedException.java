package io.breakwater.local.lambda;

/** An invocation that ended otherwise than by the handler's answer. */
public final class InvocationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean killed;

    private InvocationFailedException(String message, Throwable cause, boolean killed) {
        super(message, cause);
        this.killed = killed;
    }

    static InvocationFailedException thrown(Throwable cause) {
        return new InvocationFailedException("the function threw " + cause, cause, false);
    }

    static InvocationFailedException killed(String message, Throwable cause) {
        return new InvocationFailedException(message, cause, true);
    }

    /** Whether it was ended from outside, so that what it was about is still claimed by it. */
    public boolean killed() {
        return killed;
    }
}
