package io.breakwater.infra;

import java.time.Duration;

/** A length of time as CDK takes it. */
final class Span {
    private Span() {}

    static software.amazon.awscdk.Duration of(Duration duration) {
        return software.amazon.awscdk.Duration.seconds(duration.toSeconds());
    }
}
