package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class BreakerItemTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    /** A key of generous length: an inference profile's ARN and the names of the key's attributes. */
    private static final int KEY_BYTES = 130;

    /** A write of up to 1 KB costs one unit, and every worker of the fleet makes it. */
    @ParameterizedTest
    @MethodSource("fullStates")
    void theHotItemStaysUnderAKilobyteAndIsReadAsItWasWritten(BreakerState state) {
        Map<String, AttributeValue> item = BreakerItem.attributes(state);

        assertThat(bytes(item) + KEY_BYTES).isLessThan(1024);
        assertThat(BreakerItem.state(item)).isEqualTo(state);
    }

    static Stream<BreakerState> fullStates() {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        IntStream.range(0, 18).forEach(bucket -> buckets.put(177_000_000L + bucket, new Counts(99_999, 99_999)));
        var held = new BreakerState.Slot.Held("0123456789abcdef", NOW);
        return Stream.of(
                new BreakerState.Closed(
                        99_999, NOW, new Window(buckets, 9), Optional.of(new BreakerState.Pin("r".repeat(100), NOW))),
                new BreakerState.Open(99_999, NOW, NOW, OpenReason.CONSECUTIVE_FAILURES, "d".repeat(200), 9),
                new BreakerState.HalfOpen(
                        99_999,
                        NOW,
                        2,
                        IntStream.range(0, 10)
                                .mapToObj(_ -> (BreakerState.Slot) held)
                                .toList(),
                        OpenReason.CONSECUTIVE_FAILURES,
                        9));
    }

    /** As DynamoDB counts: names and texts in UTF-8, a number by two digits a byte and one more. */
    private static int bytes(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length()
                        + (entry.getValue().n() == null
                                ? entry.getValue().s().length()
                                : entry.getValue().n().length() / 2 + 2))
                .sum();
    }
}
