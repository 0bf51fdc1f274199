package io.breakwater.simulation.dynamodb;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The HTTP side of the model's answers: a status and the service's time, in the whole seconds of a Date header. */
final class HttpAnswers {
    /** RFC 1123 with a day of two digits, as HTTP has it and {@link DateTimeFormatter#RFC_1123_DATE_TIME} has not. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final InstantSource time;
    private long second = Long.MIN_VALUE;
    private SdkHttpResponse ok = of(200, Instant.EPOCH);

    HttpAnswers(InstantSource time) {
        this.time = time;
    }

    SdkHttpResponse ok() {
        Instant now = time.instant();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            ok = of(200, now);
        }
        return ok;
    }

    static SdkHttpResponse of(int status, Instant at) {
        return SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("Date", DATE.format(at))
                .build();
    }
}
