package io.breakwater.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when told to. It stands so far ahead that no engine's own TTL takes a test's items away. */
final class TestClock implements InstantSource {
    private Instant now = Instant.parse("2100-01-01T12:00:00.123Z");

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }
}
