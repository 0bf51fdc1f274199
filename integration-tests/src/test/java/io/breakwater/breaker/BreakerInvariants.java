package io.breakwater.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.model.Endpoint;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What must hold in a simulated fleet after every event, judged by one who sees everything: all calls as they really
 * end, every request as the store takes it.
 */
final class BreakerInvariants {
    /** A request takes at most this long, and so does its answer. */
    private static final long REQUEST_MILLIS = 1_000;

    private static final int MOST_BYTES = 1_024;

    private final BreakerSettings settings;
    private final Window.Buckets buckets;
    private final long skewMillis;
    private final BooleanSupplier prompt;
    private final VirtualTime time;
    private final Hits hits;
    private final Map<Endpoint, Seen> endpoints = new HashMap<>();

    /**
     * For a fleet.
     *
     * @param skewMillis how far its workers' clocks are apart at most
     * @param prompt whether every worker has told of its calls in time: none is kept by other work, no request was lost
     */
    BreakerInvariants(BreakerSettings settings, long skewMillis, BooleanSupplier prompt, VirtualTime time, Hits hits) {
        this.settings = settings;
        this.prompt = prompt;
        this.buckets = new Window.Buckets(settings.window());
        this.skewMillis = skewMillis;
        this.time = time;
        this.hits = hits;
    }

    /** A call as it really goes. */
    record Call(long start, boolean fails, boolean counts) {
        @Override
        public String toString() {
            return start % 1_000_000 + (fails ? "!" : "");
        }
    }

    /** All that happened to one endpoint. */
    private static final class Seen {
        private BreakerState stored = BreakerState.INITIAL;
        private long lastClosed;
        private long lastRefusing = Long.MIN_VALUE / 2;
        private boolean complete = true;
        private final List<Call> calls = new ArrayList<>();
        private final Map<SimulatedWorker, List<Call>> callsByWorker = new HashMap<>();
        private final Map<SimulatedWorker, Long> grants = new HashMap<>();
        private final Map<Long, Integer> probes = new HashMap<>();
        private final Map<Long, Integer> stages = new HashMap<>();
        private final Set<Long> announced = new HashSet<>();
        private final Map<SimulatedWorker, Counts> told = new HashMap<>();
        private final Map<SimulatedWorker, Counts> made = new HashMap<>();
    }

    private Seen seen(Endpoint endpoint) {
        return endpoints.computeIfAbsent(endpoint, _ -> new Seen());
    }

    /** The store took a request with these values. */
    void stored(
            Endpoint endpoint,
            SimulatedWorker worker,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> after) {
        long namedEpoch = Long.parseLong(requireNonNull(values.get(":epoch")).n());
        BreakerState from = BreakerItem.state(before);
        BreakerState to = BreakerItem.state(after);
        require(
                from.epoch() == namedEpoch,
                () -> "a write of epoch %d changed epoch %d".formatted(namedEpoch, from.epoch()));
        Seen seen = seen(endpoint);
        tick(seen);
        seen.stored = to;
        if (to.epoch() == from.epoch()) {
            require(
                    before.isEmpty()
                            || (to.name().equals(from.name()) && to.since().equals(from.since())),
                    () -> "within an epoch %s became %s".formatted(from, to));
            counted(seen, worker, from, to);
            settled(from, to, values);
        } else {
            require(
                    to.epoch() == from.epoch() + 1,
                    () -> "epoch %d followed epoch %d".formatted(to.epoch(), from.epoch()));
            require(isLegal(from, to), () -> "an illegal transition from %s to %s".formatted(from, to));
            String reason = to instanceof Open open ? " " + open.reason() : "";
            String stage =
                    to instanceof HalfOpen halfOpen ? "(" + halfOpen.slots().size() + ")" : "";
            hits.hit("transition " + from.name() + " → " + to.name() + stage + reason);
            if (to instanceof Open open && from instanceof Closed) {
                opened(seen, open);
            }
            seen.complete = !(from instanceof Closed);
            seen.calls.clear();
            seen.callsByWorker.clear();
        }
        if (to instanceof Closed closed) {
            paced(closed);
        }
        if (to instanceof HalfOpen halfOpen) {
            seen.stages.put(to.epoch(), halfOpen.slots().size());
            seen.grants.put(worker, to.epoch());
        }
        int bytes = bytes(after);
        require(bytes < MOST_BYTES, () -> "the hot item has %d bytes: %s".formatted(bytes, after.keySet()));
        tick(seen);
    }

    /** Only the probe that holds a slot ends what is there. */
    private static void settled(BreakerState from, BreakerState to, Map<String, AttributeValue> values) {
        if (from instanceof HalfOpen was && to instanceof HalfOpen is && values.containsKey(":ok")) {
            String permit = requireNonNull(values.get(":permit")).s();
            for (int slot = 0; slot < is.slots().size(); slot++) {
                int number = slot;
                require(
                        was.slots().get(slot).equals(is.slots().get(slot)) || was.isHeldBy(slot, permit),
                        () -> "%s ended the probe in %s"
                                .formatted(permit, was.slots().get(number)));
            }
        }
    }

    /** No more calls come back than the ramp lets through by then. */
    private void paced(Closed closed) {
        closed.ramp().ifPresent(ramp -> {
            int allowed =
                    ramp.allowed(Duration.between(closed.since(), time.instant().plusMillis(skewMillis)));
            require(
                    ramp.reserved() <= allowed,
                    () -> "%d calls came back, %d were allowed to".formatted(ramp.reserved(), allowed));
        });
    }

    /** A failure that comes too late for the bucket of its start is told as a call of another one. */
    void failed(Endpoint endpoint, SimulatedWorker worker, long start) {
        Instant latest = time.instant().plusMillis(2 * skewMillis);
        if (buckets.at(Instant.ofEpochMilli(start)) < buckets.firstAddedTo(latest)) {
            seen(endpoint).made.merge(worker, new Counts(1, 0), Counts::plus);
        }
    }

    /** Counts that a worker tells must be of calls that it made. */
    private static void counted(Seen seen, SimulatedWorker worker, BreakerState from, BreakerState to) {
        if (from instanceof Closed was && to instanceof Closed is && from.epoch() == to.epoch()) {
            Counts change = change(was.window(), is.window());
            if (!change.equals(Counts.NONE)) {
                Counts told = seen.told.merge(worker, change, Counts::plus);
                Counts made = seen.made.getOrDefault(worker, Counts.NONE);
                require(
                        told.calls() <= made.calls() && told.failures() <= made.failures(),
                        () -> "%s told of %s, made %s".formatted(worker, told, made));
            }
        }
    }

    /** What was added to the buckets that are left. */
    private static Counts change(Window was, Window is) {
        Counts change = Counts.NONE;
        for (Map.Entry<Long, Counts> bucket : is.buckets().entrySet()) {
            Counts before = was.buckets().getOrDefault(bucket.getKey(), Counts.NONE);
            change = change.plus(bucket.getValue().minus(before));
        }
        return change;
    }

    private boolean isLegal(BreakerState from, BreakerState to) {
        boolean forced = (to instanceof Closed closed && closed.pinned().isPresent())
                || (to instanceof Open open && open.reason() == OpenReason.OPERATOR);
        boolean lifted = from instanceof Closed closed && closed.pinned().isPresent() && to instanceof Closed;
        return forced
                || lifted
                || switch (from) {
                    case Closed _ -> to instanceof Open;
                    case Open _ -> to instanceof HalfOpen halfOpen && halfOpen.stage() == 0;
                    case HalfOpen was ->
                        was.isComplete()
                                ? (to instanceof HalfOpen is && is.stage() == was.stage() + 1)
                                        || (to instanceof Closed
                                                && was.stage()
                                                        == settings.halfOpenStages()
                                                                        .size()
                                                                - 1)
                                : to instanceof Open;
                };
    }

    /** A worker was refused. */
    void refused(Endpoint endpoint, SimulatedWorker worker) {
        Seen seen = seen(endpoint);
        tick(seen);
        long heard = FleetBreaker.Timing.DEFAULTS.openFreshness().toMillis() + 2 * REQUEST_MILLIS;
        require(
                worker.isAlone(endpoint) || time.millis() - seen.lastRefusing <= heard,
                () -> "%s refused a call %d ms after the last time that it had to"
                        .formatted(worker, time.millis() - seen.lastRefusing));
    }

    /** A worker begins a call. */
    void callStarted(Endpoint endpoint, SimulatedWorker worker, boolean probe, Call call) {
        Seen seen = seen(endpoint);
        tick(seen);
        if (worker.isAlone(endpoint)) {
            hits.hit("call of a worker alone");
            return;
        }
        if (probe) {
            long epoch = seen.grants.getOrDefault(worker, -1L);
            int running = seen.probes.merge(epoch, 1, Integer::sum);
            int places = seen.stages.getOrDefault(epoch, 0);
            require(running <= places, () -> "%d probes are on their way in a stage of %d".formatted(running, places));
        } else {
            long heard = FleetBreaker.CLOSED_FRESHNESS.toMillis() + 2 * REQUEST_MILLIS;
            require(
                    time.millis() - seen.lastClosed <= heard,
                    () -> "%s called %d ms after the endpoint was last closed"
                            .formatted(worker, time.millis() - seen.lastClosed));
            if (call.counts()) {
                seen.calls.add(call);
                seen.callsByWorker
                        .computeIfAbsent(worker, _ -> new ArrayList<>())
                        .add(call);
            }
            seen.made.merge(worker, new Counts(1, call.fails() ? 1 : 0), Counts::plus);
        }
    }

    /** Returns what is to be told when the call has ended, however that was. */
    Runnable probeEnd(Endpoint endpoint, SimulatedWorker worker) {
        Seen seen = seen(endpoint);
        long epoch = seen.grants.getOrDefault(worker, -1L);
        return worker.isAlone(endpoint) ? () -> {} : () -> seen.probes.merge(epoch, -1, Integer::sum);
    }

    /** Calls of this endpoint may have been made of which the fleet never hears. */
    void lossy(Endpoint endpoint) {
        seen(endpoint).complete = false;
    }

    void announced(Notice.Moved moved) {
        Seen seen = seen(moved.endpoint());
        long epoch = moved.transition().epoch();
        require(seen.announced.add(epoch), () -> "transition %d was told twice".formatted(epoch));
    }

    /** The store opened an endpoint by the calls that it heard of: would it have, knowing all of them? */
    private void opened(Seen seen, Open open) {
        boolean complete = seen.complete && prompt.getAsBoolean();
        if (complete && open.reason() == OpenReason.FAILURE_RATE) {
            hits.hit("opened for a rate that complete information shows");
            require(
                    reachesThreshold(seen.calls)
                            || seen.callsByWorker.values().stream().anyMatch(this::reachesThreshold),
                    () -> "it opened for a rate of failures that it did not have: %s of %s"
                            .formatted(open.detail(), seen.calls));
        }
        if (complete && open.reason() == OpenReason.CONSECUTIVE_FAILURES) {
            hits.hit("opened for a row that complete information shows");
            require(
                    hasRow(seen.calls),
                    () -> "it opened for failures in a row, but had none: %s".formatted(seen.calls));
        }
    }

    private boolean reachesThreshold(List<Call> calls) {
        return skewMillis == 0 ? reachesThresholdInBuckets(calls) : mayReachThreshold(calls);
    }

    /** Whether some buckets in a row, no more than a window, have the rate. */
    private boolean reachesThresholdInBuckets(List<Call> calls) {
        TreeMap<Long, Counts> byBucket = new TreeMap<>();
        for (Call call : calls) {
            byBucket.merge(buckets.at(call.start()), new Counts(1, call.fails() ? 1 : 0), Counts::plus);
        }
        // The probes that closed it are of the least number of calls, too.
        double least = settings.failureRateThreshold() * settings.minimumCalls();
        for (long first : byBucket.keySet()) {
            Counts sum = Counts.NONE;
            for (long bucket = first; bucket < first + Window.Buckets.PER_WINDOW; bucket++) {
                sum = sum.plus(byBucket.getOrDefault(bucket, Counts.NONE));
                if (sum.failures() >= least && sum.failureRate() >= settings.failureRateThreshold()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether some stretch of at most a window has the rate, with all doubt about clocks and buckets in favour of it. */
    private boolean mayReachThreshold(List<Call> calls) {
        long[] failures = starts(calls, true);
        long[] others = starts(calls, false);
        double threshold = settings.failureRateThreshold();
        for (long first : failures) {
            for (long last : failures) {
                if (last >= first && last - first <= settings.window().toMillis() + 2 * skewMillis) {
                    long failed = between(failures, first, last);
                    long rest = between(others, first + 2 * skewMillis, last - 2 * skewMillis);
                    if (failed >= threshold * settings.minimumCalls() && failed >= threshold * (failed + rest)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static long[] starts(List<Call> calls, boolean failing) {
        return calls.stream()
                .filter(call -> call.fails() == failing)
                .mapToLong(Call::start)
                .sorted()
                .toArray();
    }

    private static long between(long[] sorted, long first, long last) {
        return first > last ? 0 : insertion(sorted, last + 1) - insertion(sorted, first);
    }

    /** How many are less. */
    private static int insertion(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether so many failed with no other started for certain between the first and the last of them. */
    private boolean hasRow(List<Call> calls) {
        for (int first = 0; first < calls.size(); first++) {
            int row = 0;
            long between = Long.MAX_VALUE;
            for (Call call : calls.subList(first, calls.size())) {
                if (call.start() - skewMillis > between) {
                    break;
                }
                if (call.fails()) {
                    row++;
                } else if (call.start() - skewMillis > calls.get(first).start()) {
                    between = Math.min(between, call.start());
                }
                if (row >= settings.consecutiveFailures()) {
                    return true;
                }
            }
        }
        return false;
    }

    BreakerState stored(Endpoint endpoint) {
        return seen(endpoint).stored;
    }

    private void tick(Seen seen) {
        if (seen.stored instanceof Closed closed) {
            seen.lastClosed = time.millis();
            if (closed.isPaced(time.instant())) {
                seen.lastRefusing = time.millis();
            }
        } else {
            seen.lastRefusing = time.millis();
        }
    }

    /** To be called whenever time has passed. */
    void tick() {
        endpoints.values().forEach(this::tick);
    }

    /** As DynamoDB counts. */
    private static int bytes(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length()
                        + (entry.getValue().n() == null
                                ? entry.getValue().s().length()
                                : (entry.getValue().n().length() + 1) / 2 + 1))
                .sum();
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
