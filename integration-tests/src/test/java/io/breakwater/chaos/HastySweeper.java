package io.breakwater.chaos;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.breakwater.function.Services;
import io.breakwater.sweep.SweepLimits;
import io.breakwater.sweep.Sweeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sweeper by a clock that runs fast, so that its quarters of an hour are seconds. What it then does too early is what
 * it may do at any time: a message too many does nothing.
 */
final class HastySweeper implements RequestHandler<ScheduledEvent, @Nullable Void>, AutoCloseable {
    static final int HASTE = 60;

    private static final Duration RUN = Duration.ofSeconds(20);

    private final Services services;
    private final InstantSource clock;
    private final Sweeper sweeper;

    HastySweeper(Services services, RandomGenerator random) {
        this.services = services;
        Instant start = services.clock().instant();
        this.clock = () ->
                start.plus(Duration.between(start, services.clock().instant()).multipliedBy(HASTE));
        this.sweeper = new Sweeper(services.jobs(), services.queue(), SweepLimits.DEFAULTS, clock, random);
    }

    @Override
    public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
        sweeper.sweepUntil(clock.instant().plus(RUN.multipliedBy(HASTE)));
        return null;
    }

    @Override
    public void close() {
        services.close();
    }
}
