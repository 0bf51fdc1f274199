package io.breakwater.breaker;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.BreakerState.Pin;
import io.breakwater.breaker.BreakerState.Slot;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A breaker's state as named fields: an item's attributes in DynamoDB, a hash's fields in Redis. Times are milliseconds
 * since 1970, durations milliseconds. No name here is one of DynamoDB's reserved words, so expressions use them as they
 * are.
 */
final class BreakerFields {
    static final String PHASE = "phase";
    static final String EPOCH = "epoch";
    static final String STREAK = "streak";

    /** How the last failed call failed; in an outage, how it began. */
    static final String FAILURE_KIND = "failureKind";

    static final String RESERVED = "rampReserved";

    private static final String ENTERED_AT = "enteredAt";
    private static final String PIN_REASON = "pinReason";
    private static final String PINNED_UNTIL = "pinnedUntil";
    private static final String OPEN_UNTIL = "openUntil";
    private static final String OPEN_REASON = "openReason";
    private static final String DETAIL = "detail";
    private static final String OUTAGE_SINCE = "outageSince";
    private static final String FAILED_RECOVERIES = "failedRecoveries";
    private static final String RAMP_CALL_TIME = "rampCallTime";
    private static final String CALL_TIME = "callTime";
    private static final String STAGE = "stageIndex";
    private static final String STAGE_SIZE = "stageSize";

    static final String CLOSED = "CLOSED";
    private static final String OPEN = "OPEN";
    static final String HALF_OPEN = "HALF_OPEN";

    /** What stands in a slot's place when its probe succeeded, before its milliseconds; permit ids have no space. */
    private static final String SUCCEEDED = "ok ";

    private BreakerFields() {}

    static String calls(long bucket) {
        return "c" + bucket;
    }

    static String failures(long bucket) {
        return "f" + bucket;
    }

    static String slot(int number) {
        return "slot" + number;
    }

    static String slotUntil(int number) {
        return "slot" + number + "Until";
    }

    /**
     * What a field holds.
     *
     * @param written a number in decimal digits, or the text itself
     */
    record Field(String written, boolean isNumber) {
        static Field of(long number) {
            return new Field(Long.toString(number), true);
        }

        static Field of(Instant time) {
            return of(time.toEpochMilli());
        }

        static Field of(Duration duration) {
            return of(duration.toMillis());
        }

        static Field of(String text) {
            return new Field(text, false);
        }

        static Field of(Enum<?> constant) {
            return of(constant.name());
        }
    }

    static Map<String, Field> of(BreakerState state) {
        Map<String, Field> fields = new HashMap<>();
        fields.put(EPOCH, Field.of(state.epoch()));
        fields.put(ENTERED_AT, Field.of(state.since()));
        switch (state) {
            case Closed closed -> {
                fields.put(PHASE, Field.of(CLOSED));
                fields.put(STREAK, Field.of(closed.window().failuresInARow()));
                closed.window().lastFailure().ifPresent(kind -> fields.put(FAILURE_KIND, Field.of(kind)));
                closed.pinned().ifPresent(pin -> {
                    fields.put(PIN_REASON, Field.of(pin.reason()));
                    fields.put(PINNED_UNTIL, Field.of(pin.until()));
                });
                closed.ramp().ifPresent(ramp -> {
                    fields.put(RAMP_CALL_TIME, Field.of(ramp.callTime()));
                    fields.put(RESERVED, Field.of(ramp.reserved()));
                });
                closed.window().buckets().forEach((bucket, counts) -> {
                    fields.put(calls(bucket), Field.of(counts.calls()));
                    fields.put(failures(bucket), Field.of(counts.failures()));
                });
            }
            case Open open -> {
                fields.put(PHASE, Field.of(OPEN));
                fields.put(OPEN_UNTIL, Field.of(open.until()));
                fields.put(OPEN_REASON, Field.of(open.reason()));
                fields.put(DETAIL, Field.of(open.detail()));
                putOutage(fields, open.outage());
            }
            case HalfOpen halfOpen -> {
                fields.put(PHASE, Field.of(HALF_OPEN));
                fields.put(STAGE, Field.of(halfOpen.stage()));
                fields.put(STAGE_SIZE, Field.of(halfOpen.slots().size()));
                fields.put(OPEN_REASON, Field.of(halfOpen.reason()));
                fields.put(CALL_TIME, Field.of(halfOpen.callTime()));
                putOutage(fields, halfOpen.outage());
                for (int number = 0; number < halfOpen.slots().size(); number++) {
                    fields.putAll(ofSlot(number, halfOpen.slots().get(number)));
                }
            }
        }
        return fields;
    }

    private static void putOutage(Map<String, Field> fields, Outage outage) {
        fields.put(OUTAGE_SINCE, Field.of(outage.since()));
        outage.kind().ifPresent(kind -> fields.put(FAILURE_KIND, Field.of(kind)));
        fields.put(FAILED_RECOVERIES, Field.of(outage.failedRecoveries()));
    }

    /** The fields of one slot; none when it is free. */
    static Map<String, Field> ofSlot(int number, Slot slot) {
        return switch (slot) {
            case Slot.Free() -> Map.of();
            case Slot.Held(String permitId, Instant until) ->
                Map.of(slot(number), Field.of(permitId), slotUntil(number), Field.of(until));
            case Slot.Succeeded succeeded -> Map.of(slot(number), succeeded(succeeded));
        };
    }

    static Field succeeded(Slot.Succeeded slot) {
        return Field.of(SUCCEEDED + slot.took().toMillis());
    }

    /** What a tally adds to fields, by their names. */
    static SequencedMap<String, Field> additions(Tally tally) {
        SequencedMap<String, Field> additions = new LinkedHashMap<>();
        tally.buckets().forEach((bucket, counts) -> {
            add(additions, calls(bucket), counts.calls());
            add(additions, failures(bucket), counts.failures());
        });
        if (!tally.anySuccess()) {
            add(additions, STREAK, tally.trailingFailures());
        }
        return additions;
    }

    private static void add(Map<String, Field> additions, String field, int count) {
        if (count != 0) {
            additions.put(field, Field.of(count));
        }
    }

    /** The fields of these buckets. */
    static List<String> ofBuckets(List<Long> buckets) {
        return buckets.stream()
                .flatMap(bucket -> Stream.of(calls(bucket), failures(bucket)))
                .toList();
    }

    /** The state in fields as they were {@link Field#written}; {@link BreakerState#INITIAL} when there are none. */
    static BreakerState state(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return BreakerState.INITIAL;
        }
        String phase = required(fields, PHASE);
        long epoch = number(fields, EPOCH);
        Instant since = optionalTime(fields, ENTERED_AT).orElse(Instant.EPOCH);
        return switch (phase) {
            case CLOSED -> new Closed(epoch, since, window(fields), pin(fields), ramp(fields));
            case OPEN ->
                new Open(
                        epoch,
                        since,
                        Instant.ofEpochMilli(number(fields, OPEN_UNTIL)),
                        OpenReason.valueOf(required(fields, OPEN_REASON)),
                        required(fields, DETAIL),
                        outage(fields));
            case HALF_OPEN ->
                new HalfOpen(
                        epoch,
                        since,
                        Math.toIntExact(number(fields, STAGE)),
                        slots(fields),
                        OpenReason.valueOf(required(fields, OPEN_REASON)),
                        Duration.ofMillis(number(fields, CALL_TIME)),
                        outage(fields));
            default -> throw new IllegalStateException("an endpoint's state is in no phase known here: " + phase);
        };
    }

    private static Window window(Map<String, String> fields) {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (isBucket(name)) {
                int count = Integer.parseInt(value);
                Counts counts = name.charAt(0) == 'c' ? new Counts(count, 0) : new Counts(0, count);
                buckets.merge(Long.valueOf(name.substring(1)), counts, Counts::plus);
            }
        });
        int streak = fields.containsKey(STREAK) ? Math.toIntExact(number(fields, STREAK)) : 0;
        return new Window(buckets, streak, failureKind(fields));
    }

    /** {@code c} or {@code f} and a number; no other name has a digit in second place. */
    private static boolean isBucket(String name) {
        char kind = name.charAt(0);
        return (kind == 'c' || kind == 'f') && name.length() > 1 && Character.isDigit(name.charAt(1));
    }

    private static Optional<FailureKind> failureKind(Map<String, String> fields) {
        return Optional.ofNullable(fields.get(FAILURE_KIND)).map(FailureKind::valueOf);
    }

    private static Optional<Ramp> ramp(Map<String, String> fields) {
        return fields.containsKey(RAMP_CALL_TIME)
                ? Optional.of(new Ramp(
                        Duration.ofMillis(number(fields, RAMP_CALL_TIME)), Math.toIntExact(number(fields, RESERVED))))
                : Optional.empty();
    }

    private static Outage outage(Map<String, String> fields) {
        return new Outage(
                Instant.ofEpochMilli(number(fields, OUTAGE_SINCE)),
                failureKind(fields),
                Math.toIntExact(number(fields, FAILED_RECOVERIES)));
    }

    private static Optional<Pin> pin(Map<String, String> fields) {
        return optionalTime(fields, PINNED_UNTIL).map(until -> new Pin(required(fields, PIN_REASON), until));
    }

    private static List<Slot> slots(Map<String, String> fields) {
        return IntStream.range(0, Math.toIntExact(number(fields, STAGE_SIZE)))
                .mapToObj(number -> readSlot(fields, number))
                .toList();
    }

    private static Slot readSlot(Map<String, String> fields, int number) {
        String holder = fields.get(slot(number));
        if (holder == null) {
            return Slot.FREE;
        }
        return holder.startsWith(SUCCEEDED)
                ? new Slot.Succeeded(Duration.ofMillis(Long.parseLong(holder.substring(SUCCEEDED.length()))))
                : new Slot.Held(holder, Instant.ofEpochMilli(number(fields, slotUntil(number))));
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(required(fields, name));
    }

    private static Optional<Instant> optionalTime(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(value -> Instant.ofEpochMilli(Long.parseLong(value)));
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("an endpoint's state lacks " + name + ", it has " + fields.keySet());
        }
        return value;
    }
}
