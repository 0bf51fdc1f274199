package io.breakwater.function.request;

import io.breakwater.json.Violation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Problem details of RFC 9457.
 *
 * @param violations everything that is wrong with the request, field by field
 * @param id under which the log has more
 */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable List<Violation> violations,
        @Nullable String id) {

    static Problem of(Kind kind, String detail) {
        return new Problem(kind.type, kind.title, kind.status, detail, null, null);
    }

    static Problem of(Kind kind, String detail, List<Violation> violations) {
        return new Problem(kind.type, kind.title, kind.status, detail, List.copyOf(violations), null);
    }

    /** One whose cause is in the log, under the id. */
    static Problem logged(Kind kind, String detail, String id) {
        return new Problem(kind.type, kind.title, kind.status, detail, null, id);
    }

    /** What can go wrong. */
    enum Kind {
        INVALID_REQUEST(400, "Invalid request"),
        MALFORMED_BODY(400, "Malformed body"),
        UNAUTHENTICATED(401, "Unauthenticated"),
        NOT_FOUND(404, "Not found"),
        METHOD_NOT_ALLOWED(405, "Method not allowed"),
        CONFLICT(409, "Conflict"),
        BODY_TOO_LARGE(413, "Body too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
        IDEMPOTENCY_KEY_REUSED(422, "Idempotency key reused"),
        BACKLOG_TOO_OLD(429, "Backlog too old"),
        INTERNAL_ERROR(500, "Internal error"),
        NO_ENDPOINT_AVAILABLE(503, "No endpoint available"),
        UNAVAILABLE(503, "Unavailable");

        private final int status;
        private final String title;
        private final String type;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
            this.type =
                    "urn:breakwater:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
