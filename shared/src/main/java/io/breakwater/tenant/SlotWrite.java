package io.breakwater.tenant;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A {@link SlotStep} in DynamoDB's words. Each slot that is taken is an attribute of its own, and {@code held} is their
 * number, as a condition cannot count attributes: every write that adds or removes one says so in {@code held}.
 *
 * @param names the attributes behind {@code #}
 */
record SlotWrite(String update, String condition, Map<String, String> names, Map<String, AttributeValue> values) {
    static final String SLOT = "slot#";
    static final String HELD = "held";
    static final String LINE_END = "lineEnd";
    static final String TYPICAL_HOLD = "typicalHold";

    /** An idle tenant's item is removed some time after; nobody goes by what it says of a slot that is over. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final String EXPIRES_AT = Topology.ENDPOINTS.ttlAttribute();

    static SlotWrite of(SlotStep.Take step) {
        List<String> expired = step.expired();
        Map<String, String> names = new HashMap<>(Map.of("#slot", SLOT + step.claimId()));
        IntStream.range(0, expired.size()).forEach(i -> names.put("#expired" + i, SLOT + expired.get(i)));
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":leaseUntil", time(step.leaseUntil()),
                ":expiresAt", expiry(step.leaseUntil()),
                ":change", number(1L - expired.size()),
                ":maximum", number((long) step.maximum() + expired.size())));
        String free = "held < :maximum";
        if (step.maximumWithLine() < step.maximum()) {
            values.put(":withLine", number((long) step.maximumWithLine() + expired.size()));
            values.put(":now", time(step.now()));
            free = "held < :withLine OR (held < :maximum AND (attribute_not_exists(lineEnd) OR lineEnd <= :now))";
        }
        if (!expired.isEmpty()) {
            values.put(":now", time(step.now()));
        }
        List<String> removed =
                IntStream.range(0, expired.size()).mapToObj(i -> "#expired" + i).toList();
        return new SlotWrite(
                "SET #slot = :leaseUntil, %s = :expiresAt ADD held :change".formatted(EXPIRES_AT)
                        + (removed.isEmpty() ? "" : " REMOVE " + String.join(", ", removed)),
                "attribute_not_exists(#slot) AND (attribute_not_exists(held) OR " + free + ")"
                        + removed.stream()
                                .map(name -> " AND " + name + " <= :now")
                                .collect(Collectors.joining()),
                names,
                values);
    }

    static SlotWrite of(SlotStep.Give step) {
        return new SlotWrite(
                "SET typicalHold = :hold REMOVE #slot ADD held :minusOne",
                "attribute_exists(#slot)",
                Map.of("#slot", SLOT + step.claimId()),
                Map.of(":hold", number(step.typicalHold().toMillis()), ":minusOne", number(-1)));
    }

    /** When others wait in line. */
    static SlotWrite extendLine(SlotStep.JoinLine step) {
        return line(
                "lineEnd + :interval",
                "lineEnd > :now",
                Map.of(
                        ":interval", number(step.interval().toMillis()),
                        ":now", time(step.now()),
                        ":zero", number(0),
                        ":expiresAt", expiry(step.now())));
    }

    /** When nobody does. */
    static SlotWrite startLine(SlotStep.JoinLine step) {
        return line(
                ":first",
                "attribute_not_exists(lineEnd) OR lineEnd <= :now",
                Map.of(
                        ":first", time(step.now().plus(step.interval())),
                        ":now", time(step.now()),
                        ":zero", number(0),
                        ":expiresAt", expiry(step.now())));
    }

    /** An item without {@code held} is one that was never written. */
    private static SlotWrite line(String end, String condition, Map<String, AttributeValue> values) {
        return new SlotWrite(
                "SET lineEnd = %s, held = if_not_exists(held, :zero), %s = :expiresAt".formatted(end, EXPIRES_AT),
                condition,
                Map.of(),
                values);
    }

    private static AttributeValue time(Instant time) {
        return number(time.toEpochMilli());
    }

    private static AttributeValue expiry(Instant from) {
        return number(from.plus(KEPT).getEpochSecond());
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
