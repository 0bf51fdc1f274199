package io.breakwater.breaker;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A breaker's state as attributes of one DynamoDB item. No name here is a reserved word, so expressions use them as they
 * are. Times are milliseconds since the epoch.
 */
final class BreakerItem {
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
    private static final String HALF_OPEN = "HALF_OPEN";

    /** What stands in a slot's place when its probe succeeded, before its milliseconds; permit ids have no space. */
    private static final String SUCCEEDED = "ok ";

    private static final int MAX_DETAIL = 200;

    private BreakerItem() {}

    static String calls(long bucket) {
        return "c" + bucket;
    }

    static String failures(long bucket) {
        return "f" + bucket;
    }

    static AttributeValue succeeded(Slot.Succeeded slot) {
        return fromS(SUCCEEDED + slot.took().toMillis());
    }

    static String slot(int number) {
        return "slot" + number;
    }

    static String slotUntil(int number) {
        return "slot" + number + "Until";
    }

    static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    private static AttributeValue duration(Duration duration) {
        return number(duration.toMillis());
    }

    static AttributeValue time(Instant time) {
        return number(time.toEpochMilli());
    }

    static Map<String, AttributeValue> attributes(BreakerState state) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(EPOCH, number(state.epoch()));
        item.put(ENTERED_AT, time(state.since()));
        switch (state) {
            case Closed closed -> {
                item.put(PHASE, fromS(CLOSED));
                item.put(STREAK, number(closed.window().failuresInARow()));
                closed.window().lastFailure().ifPresent(kind -> item.put(FAILURE_KIND, fromS(kind.name())));
                closed.pinned().ifPresent(pin -> {
                    item.put(PIN_REASON, fromS(shortened(pin.reason())));
                    item.put(PINNED_UNTIL, time(pin.until()));
                });
                closed.ramp().ifPresent(ramp -> {
                    item.put(RAMP_CALL_TIME, duration(ramp.callTime()));
                    item.put(RESERVED, number(ramp.reserved()));
                });
                closed.window().buckets().forEach((bucket, counts) -> {
                    item.put(calls(bucket), number(counts.calls()));
                    item.put(failures(bucket), number(counts.failures()));
                });
            }
            case Open open -> {
                item.put(PHASE, fromS(OPEN));
                item.put(OPEN_UNTIL, time(open.until()));
                item.put(OPEN_REASON, fromS(open.reason().name()));
                item.put(DETAIL, fromS(shortened(open.detail())));
                putOutage(item, open.outage());
            }
            case HalfOpen halfOpen -> {
                item.put(PHASE, fromS(HALF_OPEN));
                item.put(STAGE, number(halfOpen.stage()));
                item.put(STAGE_SIZE, number(halfOpen.slots().size()));
                item.put(OPEN_REASON, fromS(halfOpen.reason().name()));
                item.put(CALL_TIME, duration(halfOpen.callTime()));
                putOutage(item, halfOpen.outage());
                for (int number = 0; number < halfOpen.slots().size(); number++) {
                    putSlot(item, number, halfOpen.slots().get(number));
                }
            }
        }
        return item;
    }

    private static void putOutage(Map<String, AttributeValue> item, Outage outage) {
        item.put(OUTAGE_SINCE, time(outage.since()));
        outage.kind().ifPresent(kind -> item.put(FAILURE_KIND, fromS(kind.name())));
        item.put(FAILED_RECOVERIES, number(outage.failedRecoveries()));
    }

    private static void putSlot(Map<String, AttributeValue> item, int number, Slot slot) {
        switch (slot) {
            case Slot.Free() -> {}
            case Slot.Held(String permitId, Instant until) -> {
                item.put(slot(number), fromS(permitId));
                item.put(slotUntil(number), time(until));
            }
            case Slot.Succeeded succeeded -> item.put(slot(number), succeeded(succeeded));
        }
    }

    /** The state in the item; {@link BreakerState#INITIAL} when there is none. */
    static BreakerState state(Map<String, AttributeValue> item) {
        if (item.isEmpty()) {
            return BreakerState.INITIAL;
        }
        String phase = text(item, PHASE);
        long epoch = number(item, EPOCH);
        Instant since = optionalTime(item, ENTERED_AT).orElse(Instant.EPOCH);
        return switch (phase) {
            case CLOSED -> new Closed(epoch, since, window(item), pin(item), ramp(item));
            case OPEN ->
                new Open(
                        epoch,
                        since,
                        Instant.ofEpochMilli(number(item, OPEN_UNTIL)),
                        OpenReason.valueOf(text(item, OPEN_REASON)),
                        text(item, DETAIL),
                        outage(item));
            case HALF_OPEN ->
                new HalfOpen(
                        epoch,
                        since,
                        Math.toIntExact(number(item, STAGE)),
                        slots(item),
                        OpenReason.valueOf(text(item, OPEN_REASON)),
                        Duration.ofMillis(number(item, CALL_TIME)),
                        outage(item));
            default -> throw new IllegalStateException("an endpoint's item is in no phase known here: " + phase);
        };
    }

    private static Window window(Map<String, AttributeValue> item) {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        item.forEach((name, value) -> {
            if (isBucket(name)) {
                int count = Integer.parseInt(value.n());
                Counts counts = name.charAt(0) == 'c' ? new Counts(count, 0) : new Counts(0, count);
                buckets.merge(Long.valueOf(name.substring(1)), counts, Counts::plus);
            }
        });
        int streak = item.containsKey(STREAK) ? Math.toIntExact(number(item, STREAK)) : 0;
        return new Window(buckets, streak, failureKind(item));
    }

    /** {@code c} or {@code f} and a number; no other name has a digit in second place. */
    private static boolean isBucket(String name) {
        char kind = name.charAt(0);
        return (kind == 'c' || kind == 'f') && name.length() > 1 && Character.isDigit(name.charAt(1));
    }

    private static Optional<FailureKind> failureKind(Map<String, AttributeValue> item) {
        return Optional.ofNullable(item.get(FAILURE_KIND)).map(kind -> FailureKind.valueOf(kind.s()));
    }

    private static Optional<Ramp> ramp(Map<String, AttributeValue> item) {
        return item.containsKey(RAMP_CALL_TIME)
                ? Optional.of(new Ramp(
                        Duration.ofMillis(number(item, RAMP_CALL_TIME)), Math.toIntExact(number(item, RESERVED))))
                : Optional.empty();
    }

    private static Outage outage(Map<String, AttributeValue> item) {
        return new Outage(
                Instant.ofEpochMilli(number(item, OUTAGE_SINCE)),
                failureKind(item),
                Math.toIntExact(number(item, FAILED_RECOVERIES)));
    }

    private static Optional<Pin> pin(Map<String, AttributeValue> item) {
        return optionalTime(item, PINNED_UNTIL).map(until -> new Pin(text(item, PIN_REASON), until));
    }

    private static List<Slot> slots(Map<String, AttributeValue> item) {
        return IntStream.range(0, Math.toIntExact(number(item, STAGE_SIZE)))
                .mapToObj(number -> readSlot(item, number))
                .toList();
    }

    private static Slot readSlot(Map<String, AttributeValue> item, int number) {
        AttributeValue holder = item.get(slot(number));
        if (holder == null) {
            return Slot.FREE;
        }
        return holder.s().startsWith(SUCCEEDED)
                ? new Slot.Succeeded(Duration.ofMillis(Long.parseLong(holder.s().substring(SUCCEEDED.length()))))
                : new Slot.Held(holder.s(), Instant.ofEpochMilli(number(item, slotUntil(number))));
    }

    static String text(Map<String, AttributeValue> item, String name) {
        return required(item, name).s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(required(item, name).n());
    }

    private static Optional<Instant> optionalTime(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(value -> Instant.ofEpochMilli(Long.parseLong(value.n())));
    }

    private static AttributeValue required(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("an endpoint's item lacks " + name + ", it has " + item.keySet());
        }
        return value;
    }

    private static String shortened(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "…";
    }
}
