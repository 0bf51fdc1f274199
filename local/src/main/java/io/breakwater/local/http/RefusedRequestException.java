package io.breakwater.local.http;

/** A request that the front answers itself, with a problem, because the gateway would not let it through. */
final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    RefusedRequestException(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    Problem problem() {
        return new Problem(status, title, String.valueOf(getMessage()));
    }
}
