package io.breakwater.pacing;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the fleet knows of its pace at one endpoint.
 *
 * @param epoch counts changes of pace
 * @param paces by what they measure; none where nothing was too fast lately
 * @param buckets what workers told, by {@link #bucket}
 */
public record PaceState(long epoch, Map<Measure, Pace> paces, NavigableMap<Long, Told> buckets) {
    public static final PaceState INITIAL = new PaceState(0, Map.of(), new TreeMap<>());

    /** A bucket's length. */
    static final Duration BUCKET = Duration.ofSeconds(3);

    /** How far back anything counts. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** How far back demand counts. */
    static final Duration DEMAND_WINDOW = Duration.ofSeconds(30);

    public PaceState {
        paces = Map.copyOf(paces);
        buckets = Collections.unmodifiableNavigableMap(new TreeMap<>(buckets));
    }

    /**
     * What happened within one bucket.
     *
     * @param demand calls that were wanted, let through or not
     * @param throttledRequests calls throttled for too many requests
     * @param throttledTokens calls throttled for too many tokens
     */
    public record Told(int demand, int throttledRequests, int throttledTokens) {
        public static final Told NOTHING = new Told(0, 0, 0);

        public Told plus(Told other) {
            return new Told(
                    demand + other.demand,
                    throttledRequests + other.throttledRequests,
                    throttledTokens + other.throttledTokens);
        }

        int throttled(Measure measure) {
            return switch (measure) {
                case REQUESTS -> throttledRequests;
                case TOKENS -> throttledTokens;
            };
        }

        static Told throttle(Measure measure) {
            return switch (measure) {
                case REQUESTS -> new Told(0, 1, 0);
                case TOKENS -> new Told(0, 0, 1);
            };
        }
    }

    static long bucket(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), BUCKET.toMillis());
    }

    static Instant start(long bucket) {
        return Instant.ofEpochMilli(bucket * BUCKET.toMillis());
    }

    Optional<Pace> pace(Measure measure) {
        return Optional.ofNullable(paces.get(measure));
    }

    /** What is told in the buckets that began no earlier than {@code from} and before {@code until}. */
    static Told between(NavigableMap<Long, Told> buckets, Instant from, Instant until) {
        return buckets.entrySet().stream()
                .filter(bucket -> !start(bucket.getKey()).isBefore(from)
                        && start(bucket.getKey()).isBefore(until))
                .map(Map.Entry::getValue)
                .reduce(Told.NOTHING, Told::plus);
    }

    /** Calls that were wanted in the last {@link #DEMAND_WINDOW} of which every worker has told. */
    static int lastDemand(NavigableMap<Long, Told> buckets, Instant now) {
        Instant until = now.minus(PaceRule.REACTION);
        return between(buckets, until.minus(DEMAND_WINDOW), until).demand();
    }

    boolean isDemandTold(Instant since) {
        return buckets.tailMap(bucket(since), true).values().stream().anyMatch(told -> told.demand() > 0);
    }

    /** When the first bucket began that has a throttle, and began no earlier. */
    Optional<Instant> firstThrottle(Measure measure, Instant from) {
        return buckets.tailMap(bucket(from), true).entrySet().stream()
                .filter(bucket -> bucket.getValue().throttled(measure) > 0)
                .map(bucket -> start(bucket.getKey()))
                .findFirst();
    }

    /** The buckets that nothing reads any more. */
    List<Long> expired(Instant now) {
        return List.copyOf(
                buckets.headMap(bucket(now.minus(WINDOW).minus(WINDOW)), false).keySet());
    }

    PaceState plus(Map<Long, Told> told, List<Long> expired) {
        TreeMap<Long, Told> sum = new TreeMap<>(buckets);
        told.forEach((bucket, counts) -> sum.merge(bucket, counts, Told::plus));
        expired.forEach(sum::remove);
        return new PaceState(epoch, paces, sum);
    }

    PaceState with(Measure measure, Pace pace) {
        TreeMap<Measure, Pace> changed = new TreeMap<>(paces);
        changed.put(measure, pace);
        return new PaceState(epoch + 1, changed, buckets);
    }
}
