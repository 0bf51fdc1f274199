package io.breakwater.scoreboard;

import io.breakwater.breaker.BreakerSettings;
import java.util.List;
import java.util.stream.Stream;

/** Who is compared. */
enum Contestant implements Fleet.Maker {
    BREAKWATER("Breakwater"),
    /** A bound. */
    COMPLETE_INFORMATION("(complete information)"),
    RESILIENCE4J("Resilience4j"),
    LAST_WRITER_WINS("peer A"),
    FAILURES_PER_ENVIRONMENT("peer B"),
    NO_BREAKER("no breaker");

    static final List<Contestant> ALL = List.of(values());
    static final List<Contestant> WITH_BREAKER =
            Stream.of(values()).filter(one -> one != NO_BREAKER).toList();

    private final String title;

    Contestant(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    @Override
    public Fleet make(VirtualTime time, int environments, long seed) {
        return switch (this) {
            case BREAKWATER -> BreakwaterFleet.with(BreakerSettings.DEFAULTS).make(time, environments, seed);
            case COMPLETE_INFORMATION -> new CompleteInformation(time);
            case RESILIENCE4J -> new Resilience4jFleet(time, environments);
            case LAST_WRITER_WINS -> new LastWriterWins(time);
            case FAILURES_PER_ENVIRONMENT -> new FailuresPerEnvironment(time, environments);
            case NO_BREAKER -> new NoBreaker();
        };
    }
}
